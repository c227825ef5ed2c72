// `show conflicts`: what the file and the running system both changed to something else.
import type { Column } from '../answer/columns.ts'
import { textOfSide } from '../answer/conflict-text.ts'
import { toSecond } from '../answer/figures.ts'
import { listCommand } from '../answer/list.ts'
import type { ConflictView } from '../documents.ts'

type Row = ReturnType<typeof conflictRow>

const COLUMNS: readonly Column<Row>[] = [
  { title: 'PATH', of: ({ path }) => path },
  { title: 'BASE', of: (row) => baseOf(row) },
  { title: 'FILE', of: (row) => textOfSide(row, row.file) },
  { title: 'EDITED', of: ({ fileTime }) => toSecond(fileTime ?? ''), field: 'fileTime' },
  { title: 'RUNNING', of: (row) => textOfSide(row, row.running) },
  { title: 'WHO', of: ({ origin }) => origin ?? '', field: 'origin' },
  { title: 'WHEN', of: ({ time }) => toSecond(time ?? ''), field: 'time' },
]

export const showConflicts = listCommand({
  words: ['show', 'conflicts'],
  role: 'readonly',
  summary: 'list what the file and the running system both changed; resolve settles it',
  examples: ['show conflicts', 'show conflicts --json'],
  fields: [
    'path',
    'kind',
    'field',
    'base',
    'file',
    'fileTime',
    'running',
    'origin',
    'time',
    'beside',
  ],
  columns: COLUMNS,
  run: async (_, { process }) => (await process.conflicts.list()).map(conflictRow),
  empty: () => 'no conflicts when the file was last looked at; to look now: reload\n',
  notes: (rows) => rows.map(noteOn).join('') + nextOf(rows),
})

/** As JSON has it. */
export function conflictRow({ fileTime, time, ...rest }: ConflictView) {
  return { ...rest, fileTime: timeOf(fileTime), time: timeOf(time) }
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

function baseOf(row: Row): string {
  if (row.field !== null) return row.base === null ? '' : textOfSide(row, row.base)
  return row.base === null ? '' : 'there'
}

function noteOn({ path, beside }: Row): string {
  return beside.length === 0 ? '' : `${path} is settled together with ${beside.join(', ')}\n`
}

function nextOf([first]: readonly Row[]): string {
  if (first === undefined) return ''
  return `settle one for a side with: resolve ${first.path} file|running; all with: resolve --all file|running\n`
}
