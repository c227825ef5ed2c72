// Commands to the running process itself.
import { formatDuration } from '../../base/duration.ts'
import { LIMITS } from '../../base/limits.ts'
import { command } from '../command.ts'
import type { ReloadResult } from '../context.ts'
import { commentText } from './transactions.ts'
import { DONE_JSON, type Done, finishing, textOfDone } from '../answer/done.ts'
import { counted } from '../answer/figures.ts'

export const save = command({
  words: ['save'],
  flags: {
    force: {
      summary: 'settle all conflicts for what runs, and write also over a file that does not load',
    },
    comment: { kind: commentText, summary: 'what the revision says of it' },
  },
  role: 'operate',
  summary:
    'write running changes to the file now, and take its edits over; answers when it is on disk',
  examples: ['save', 'save --force', "save --comment 'second data centre'"],
  json: DONE_JSON,
  async run({ force, comment = '' }, { process }): Promise<Done> {
    const { written, file } = await process.save({ force, comment })
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
    const { file, unsaved = null, readOnly } = process.document()
    const kept = readOnly ? '' : `; what runs is kept in ${file}-unsaved`
    const left = unsaved === null ? '' : `\nunsaved: ${unsaved}${kept}`
    const message = `stopping${finishing(open)}${left}`
    return { done: 'stop', path: '', field: null, before: null, after: { open, unsaved }, message }
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
    const { file, ...came } = await process.reload()
    const { unsaved = null } = process.document()
    const after = { ...came, unsaved }
    const left = unsaved === null ? '' : `\nunsaved: ${unsaved}`
    const message = `${file}: ${whatCameOf(came)}${left}`
    return { done: 'reload', path: file, field: null, before: null, after, message }
  },
  text: textOfDone,
})

function whatCameOf({ edited, applied, conflicts, written }: Omit<ReloadResult, 'file'>): string {
  const live = written ? '; what was changed live is written' : ''
  if (!edited) return written ? `not edited${live}` : 'nothing new, it was not edited'
  if (applied + conflicts === 0)
    return written ? `read${live}` : 'read; only its text is new, nothing changed'
  const changes = applied === 0 ? [] : [`${counted(applied, 'change')} applied`]
  const open = conflicts === 0 ? [] : [counted(conflicts, 'conflict')]
  return `${['read', ...changes, ...open].join(', ')}${live}`
}
