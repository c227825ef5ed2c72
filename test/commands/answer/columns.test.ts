// Tables for people: aligned, cut only for a terminal, and harmless to it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Column,
  formatTable,
  printable,
  printableLines,
} from '../../../src/commands/answer/columns.ts'

interface Row {
  readonly name: string
  readonly open: number
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', of: ({ name }) => name },
  { title: 'OPEN', of: ({ open }) => open, right: true },
  { title: 'BUSY', of: ({ open }) => open > 0 },
]

test('columns are aligned, figures to the right', () => {
  const rows = [
    { name: 'alpha', open: 12_345 },
    { name: '', open: 0 },
  ]
  expect(formatTable(COLUMNS, rows, 0)).toBe(
    ['NAME    OPEN  BUSY', 'alpha  12345  yes', '-          0  no', ''].join('\n'),
  )
})

test('without a terminal nothing is cut', () => {
  const name = 'x'.repeat(500)
  expect(formatTable(COLUMNS, [{ name, open: 1 }], 0)).toContain(name)
})

test('at a terminal the widest cells give way', () => {
  const table = formatTable(COLUMNS, [{ name: 'x'.repeat(500), open: 1 }], 40)
  const [, line = ''] = table.split('\n')
  expect(line.length).toBeLessThanOrEqual(40)
  expect(line).toMatch(/^x+…\s+1\s+yes$/)
})

test('a very narrow terminal still gets something to read', () => {
  const table = formatTable(COLUMNS, [{ name: 'abcdefghijkl', open: 1 }], 1)
  expect(table).toContain('abcdefg…')
})

test('a stranger cannot steer the terminal out of a cell', () => {
  const table = formatTable(COLUMNS, [{ name: '\u001b[2J\nroot\u009b\u202e', open: 1 }], 0)
  expect(table).toContain(String.raw`\x1b[2J\x0aroot\x9b\u{202e}`)
  expect(table.split('\n')).toHaveLength(3)
})

test('text of many lines keeps its line ends and tabs, nothing else', () => {
  expect(printableLines('a\tb\r\nc\rd\u0007\n')).toBe('a\tb\r\nc\\x0dd\\x07\n')
})

test('whatever is printed has no control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/\p{C}/u)
      expect(printableLines(text).replace(/\n|\t|\r\n/g, '')).not.toMatch(/\p{Cc}/u)
    }),
  )
})
