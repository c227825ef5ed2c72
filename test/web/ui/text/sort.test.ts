// The order of the rows of a table.
import { expect, test } from 'vitest'
import { inOrderOf, nextOrder, sorted } from '../../../../src/web/ui/text/sort.ts'

const same = <Value>(value: Value) => value

test('text is ordered as people count', () => {
  expect(sorted(['a10', 'a2', 'A1'], same, false)).toEqual(['A1', 'a2', 'a10'])
})

test('numbers are ordered by size, also downwards', () => {
  expect(sorted([10, 2, 33], same, false)).toEqual([2, 10, 33])
  expect(sorted([10, 2, 33], same, true)).toEqual([33, 10, 2])
})

test('nothing comes last, whichever way', () => {
  expect(sorted([null, 2, '', 1, undefined], same, false)).toEqual([1, 2, null, '', undefined])
  expect(sorted([null, 2, 1], same, true)).toEqual([2, 1, null])
})

test('what is equal stays as it stood, and the rows that came are not touched', () => {
  const rows = [
    { name: 'b', weight: 1 },
    { name: 'a', weight: 1 },
  ]
  expect(sorted(rows, ({ weight }) => weight, true)).toEqual(rows)
  expect(rows[0]?.name).toBe('b')
})

test('a title that is pressed again and again leads up, down, and back', () => {
  const up = nextOrder(undefined, 'open')
  const down = nextOrder(up, 'open')
  expect([up, down, nextOrder(down, 'open')]).toEqual([
    { by: 'open', down: false },
    { by: 'open', down: true },
    undefined,
  ])
  expect(nextOrder(down, 'name')).toEqual({ by: 'name', down: false })
})

test('rows that are held stay as they stood; new ones come last, and those that are gone leave no gap', () => {
  expect(inOrderOf(['new', 'a', 'b', 'c'], same, ['c', 'gone', 'a', 'b'])).toEqual([
    'c',
    'a',
    'b',
    'new',
  ])
})
