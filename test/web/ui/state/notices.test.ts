// Notices make room for each other, leave by themselves, and wait for whoever is at them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { closeNotice, holdNotices, notice, notices } from '../../../../src/web/ui/state/notices.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  holdNotices(false)
  for (const { id } of notices.get()) closeNotice(id)
  vi.useRealTimers()
})

const shown = () => notices.get().map(({ text }) => text)

test('one that stays is not pushed out by those that leave by themselves', () => {
  notice({ tone: 'bad', text: 'refused', stays: true })
  for (const text of ['a', 'b', 'c', 'd']) notice({ tone: 'good', text })
  expect(shown()).toEqual(['refused', 'c', 'd'])
})

test('of those that stay the oldest goes', () => {
  for (const text of ['a', 'b', 'c', 'd']) notice({ tone: 'bad', text, stays: true })
  expect(shown()).toEqual(['b', 'c', 'd'])
})

test('they leave by themselves, but not while somebody is at them', () => {
  notice({ tone: 'good', text: 'done' })
  holdNotices(true)
  vi.advanceTimersByTime(60_000)
  expect(shown()).toEqual(['done'])
  holdNotices(false)
  vi.advanceTimersByTime(60_000)
  expect(shown()).toEqual([])
})
