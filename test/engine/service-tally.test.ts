// How the figures of one service are counted: each session in one bucket and under one reason, and none is lost when the cells
// move.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLOSE_REASONS, type CloseReason } from '../../src/base/close-reasons.ts'
import { ServiceTally, TALLY_CELLS } from '../../src/engine/service-tally.ts'
import { CONNECT_BOUNDS_MS, SESSION_BOUNDS_MS } from '../../src/base/session-bounds.ts'
import { randomly, seed } from '../helpers/seed.ts'

const REASONS = Object.keys(CLOSE_REASONS) as CloseReason[]

test('the bounds rise, and there are as many of either kind', () => {
  for (const bounds of [CONNECT_BOUNDS_MS, SESSION_BOUNDS_MS])
    expect([...new Set(bounds)].toSorted((a, b) => a - b)).toEqual([...bounds])
  expect(SESSION_BOUNDS_MS).toHaveLength(CONNECT_BOUNDS_MS.length)
})

test('a tally begins with nothing, of everything', () => {
  const { ends, connect, session } = new ServiceTally().figures()
  expect(Object.keys(ends)).toEqual(REASONS)
  expect(Object.values(ends).every((times) => times === 0)).toBe(true)
  expect(connect).toEqual({ counts: CONNECT_BOUNDS_MS.map(() => 0).concat(0), sumMs: 0 })
  expect(session).toEqual({ counts: SESSION_BOUNDS_MS.map(() => 0).concat(0), sumMs: 0 })
})

test('a bound belongs to the bucket that it closes, and what is beyond the last has its own', () => {
  const tally = new ServiceTally()
  for (const ms of [0, 1, 1.5, 5_000, 5_000.1, 1e9]) tally.connected(ms)
  const { counts, sumMs } = tally.figures().connect
  expect([counts[0], counts[1], counts.at(-2), counts.at(-1)]).toEqual([2, 1, 1, 2])
  expect(sumMs).toBeCloseTo(1e9 + 10_002.6, 3)
})

test('cells are whole cache lines', () => {
  expect(TALLY_CELLS % 8).toBe(0)
})

const session = fc.record({
  reason: fc.constantFrom(...REASONS),
  connectMs: fc.option(fc.double({ min: 0, max: 10_000, noNaN: true })),
  ms: fc.double({ min: 0, max: 1e8, noNaN: true }),
  moves: fc.boolean(),
})

test(`whatever happens, every session is counted once, wherever the cells are (seed ${seed})`, () => {
  const property = fc.property(fc.array(session), (sessions) => {
    const tally = new ServiceTally()
    for (const { reason, connectMs, ms, moves } of sessions) {
      tally.began()
      if (moves) tally.moveTo(new Float64Array(TALLY_CELLS))
      if (connectMs !== null) tally.connected(connectMs)
      if (moves) tally.moveHome()
      tally.ended(reason, ms)
    }
    const { ends, connect, session: lasted } = tally.figures()
    for (const reason of REASONS)
      expect(ends[reason]).toBe(sessions.filter((one) => one.reason === reason).length)
    expect(sumOf(connect.counts)).toBe(sessions.filter((one) => one.connectMs !== null).length)
    expect(sumOf(lasted.counts)).toBe(sessions.length)
    expect(lasted.sumMs).toBeCloseTo(sumOf(sessions.map(({ ms }) => ms)), 3)
    expect(tally.open).toBe(0)
  })
  fc.assert(property, randomly())
})

function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, figure) => sum + figure, 0)
}
