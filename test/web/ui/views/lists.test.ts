// What is kept of what comes for ever.
import { expect, test } from 'vitest'
import { notYet } from '../../../../src/web/ui/views/live/not-yet.ts'
import {
  cleared,
  keptOf,
  paused,
  readAnew,
  resumed,
  withMore,
} from '../../../../src/web/ui/views/lists/kept.ts'

test('only the last ones are kept, and the others counted', () => {
  const kept = withMore(keptOf([1, 2, 3], 3), [4, 5], 3)
  expect([kept.items, kept.dropped]).toEqual([[3, 4, 5], 2])
})

test('what comes during a pause is held, bounded, and shown afterwards', () => {
  const held = withMore(withMore(paused(keptOf([1, 2], 3)), [3, 4], 3), [5, 6], 3)
  expect([held.items, held.held]).toEqual([
    [1, 2],
    [4, 5, 6],
  ])
  const shown = resumed(held, 3)
  expect([shown.items, shown.held, shown.isPaused, shown.dropped]).toEqual([
    [4, 5, 6],
    [],
    false,
    3,
  ])
})

test('what is looked at during a pause stays, whatever is read anew', () => {
  const same = (line: number) => line
  const kept = readAnew(withMore(paused(keptOf([2, 3])), [4]), [1, 2, 3, 4, 5], same)
  expect([kept.items, kept.held, kept.isPaused]).toEqual([[2, 3], [4, 5], true])
  expect(readAnew(keptOf([1]), [2, 3], same).items).toEqual([2, 3])
})

test('a list that is cleared stays paused', () => {
  expect(cleared(paused(keptOf([1])))).toEqual({ items: [], held: [], isPaused: true, dropped: 0 })
})

test('nothing new is the same list, so that nothing is drawn again', () => {
  const kept = keptOf([1])
  expect(withMore(kept, [])).toBe(kept)
})

test('a line that was read and came by itself as well is shown once', () => {
  expect(notYet([1, 2], [2, 3], (line) => line)).toEqual([3])
})
