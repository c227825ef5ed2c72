// `show limits`: the outer limits, which are built in. What each one bounds is said in docs/limits.md.
import { LIMITS } from '../../base/limits.ts'
import type { Column } from '../answer/columns.ts'
import { listCommand } from '../answer/list.ts'

interface Row {
  readonly name: string
  readonly value: number
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'LIMIT', of: ({ name }) => name, field: 'name' },
  { title: 'VALUE', of: ({ value }) => value, right: true },
]

export const showLimits = listCommand({
  words: ['show', 'limits'],
  role: 'readonly',
  summary: 'list the limits that are built in; docs/limits.md says what each one bounds',
  examples: ['show limits', 'show limits --where name~ssh'],
  fields: ['name', 'value'],
  columns: COLUMNS,
  run: () => Object.entries(LIMITS).map(([name, value]): Row => ({ name, value })),
  empty: () => 'no limits\n',
})
