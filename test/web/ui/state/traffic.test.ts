// What a curve knows nothing of is a gap in it.
import { expect, test } from 'vitest'
import { HISTORY_SECONDS, missedSeconds } from '../../../../src/web/ui/state/traffic.ts'

test.each([
  [undefined, '2026-01-01T00:00:00.000Z', 0],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.200Z', 0],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:05.000Z', 4],
  ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', HISTORY_SECONDS],
  ['2026-01-01T00:00:09.000Z', '2026-01-01T00:00:00.000Z', 0],
])('from %s to %s %d seconds were missed', (before, now, missed) => {
  expect(missedSeconds(before, now)).toBe(missed)
})
