// Which rows of a long table are drawn.
import { expect, test } from 'vitest'
import { DRAWN_WHOLE_MAX, windowOf } from '../../../../src/web/ui/text/window.ts'

const SIGHT = { scrolledPx: 0, heightPx: 400, rowPx: 40 }

test('a short table is drawn as a whole', () => {
  expect(windowOf(DRAWN_WHOLE_MAX, SIGHT)).toEqual({ from: 0, to: DRAWN_WHOLE_MAX })
  expect(windowOf(0, SIGHT)).toEqual({ from: 0, to: 0 })
})

test('of a long one, what is in sight and a few around it', () => {
  expect(windowOf(1_000, SIGHT)).toEqual({ from: 0, to: 22 })
  expect(windowOf(1_000, { ...SIGHT, scrolledPx: 4_000 })).toEqual({ from: 88, to: 122 })
})

test('at the end, and beyond it after rows went away, there is still something to see', () => {
  expect(windowOf(1_000, { ...SIGHT, scrolledPx: 39_600 })).toEqual({ from: 978, to: 1_000 })
  const { from, to } = windowOf(300, { ...SIGHT, scrolledPx: 39_600 })
  expect(to).toBe(300)
  expect(from).toBeLessThan(300)
})

test('a browser that scrolls past the top begins at the top', () => {
  expect(windowOf(1_000, { ...SIGHT, scrolledPx: -50 }).from).toBe(0)
})
