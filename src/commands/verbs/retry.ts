// `retry host`: look at a host now, whatever the timers say. The operator asked, so one look decides.
import { command } from '../command.ts'
import { hostPath } from '../line/paths.ts'

export const retryHost = command({
  words: ['retry', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  role: 'operate',
  summary: 'look at a host now, by every check of its group; this one look decides its health',
  examples: ['retry host web/main/a'],
  json: { list: false, fields: ['path', 'before', 'health', 'reason', 'tookMs', 'message'] },
  async run({ host }, { process }) {
    const { path, health: before } = host
    const { reason, tookMs } = await process.retryHost(host)
    const { health } = host
    const what = before === health ? `still ${health}` : `${before} -> ${health}`
    const why = reason === '' ? `answered in ${tookMs} ms` : reason
    return { path, before, health, reason, tookMs, message: `${path}: ${what}; ${why}` }
  },
  text: ({ message }) => `${message}\n`,
})
