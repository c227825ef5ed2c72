// Commands to the running process itself.
import { formatDuration } from '../../base/duration.ts'
import { LIMITS } from '../../base/limits.ts'
import { command } from '../command.ts'
import { DONE_JSON, type Done, finishing, textOfDone } from '../answer/done.ts'

export const save = command({
  words: ['save'],
  flags: { force: { summary: 'even over a file that was edited meanwhile' } },
  role: 'operate',
  summary: 'write the running configuration to its file now',
  examples: ['save', 'save --force'],
  json: DONE_JSON,
  async run({ force }, { process }): Promise<Done> {
    const { written, file } = await process.save({ force })
    const message = written ? `${file}: written` : `${file}: nothing to write, it is up to date`
    return { done: 'save', path: file, field: null, before: null, after: { written }, message }
  },
  text: textOfDone,
})

export const stop = command({
  words: ['stop'],
  role: 'full',
  summary: `stop gracefully: no new sessions, open ones have ${formatDuration(LIMITS.stopMs)} to finish`,
  examples: ['stop'],
  json: DONE_JSON,
  run(_, { process }): Done {
    const open = process.sessionCount
    process.stop()
    const message = `stopping${finishing(open)}`
    return { done: 'stop', path: '', field: null, before: null, after: { open }, message }
  },
  text: textOfDone,
})

export const reload = command({
  words: ['reload'],
  role: 'operate',
  summary:
    'take edits of the configuration file over now, and open the log file anew, as SIGHUP does',
  examples: ['reload'],
  json: DONE_JSON,
  async run(_, { process }): Promise<Done> {
    const { file, edited, applied } = await process.reload()
    const after = { edited, applied }
    const message = `${file}: ${edited ? whatCameOf(applied) : 'nothing new, it was not edited'}`
    return { done: 'reload', path: file, field: null, before: null, after, message }
  },
  text: textOfDone,
})

function whatCameOf(applied: number): string {
  if (applied === 0) return 'read; only its text is new, nothing changed'
  return applied === 1 ? 'read, 1 change applied' : `read, ${applied} changes applied`
}
