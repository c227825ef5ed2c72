// Rows of hosts with the figures of this second, and what follows from them.
import { expect, test } from 'vitest'
import type { HostRow } from '../../../../../src/web/ui/api/types.ts'
import {
  isLastReady,
  liveHost,
  matches,
  WEIGHT_MAX,
  weightEnd,
} from '../../../../../src/web/ui/views/service/live-host.ts'

test('a host whose figures came in has these instead of those of its row', () => {
  const live = liveHost(host({}), { 'main/a': [3, 9, 2, 1.5, 100, 200] })
  expect(live).toMatchObject({ open: 3, total: 9, failed: 2, sessionsPerSecond: 1.5 })
  expect(live.bytesPerSecond).toBe(300)
})

test('a host without figures keeps those of its row, and has no rates', () => {
  const live = liveHost(host({ open: 1 }), { 'spare/a': [3, 9, 2, 1.5, 100, 200] })
  expect(live).toMatchObject({ open: 1, sessionsPerSecond: null, bytesPerSecond: null })
})

test('the slider has room above the weights of the group, up to the greatest there is', () => {
  expect(weightEnd([])).toBe(10)
  expect(weightEnd([1, 6])).toBe(10)
  expect(weightEnd([7])).toBe(20)
  expect(weightEnd([66])).toBe(100)
  expect(weightEnd([67])).toBe(WEIGHT_MAX)
})

test('the last one that is ready is told from one among others, and from one that is not ready', () => {
  const [a, b] = [host({}), host({ path: 'web/main/b', ready: false })]
  expect(isLastReady(a, [a, b])).toBe(true)
  expect(isLastReady(a, [a, { ...b, ready: true }])).toBe(false)
  expect(isLastReady(b, [a, b])).toBe(false)
})

test('a host is found by every word, wherever it stands', () => {
  const down = host({ health: 'down', reason: 'Connection refused' })
  expect(matches(down, '')).toBe(true)
  expect(matches(down, 'DOWN refused')).toBe(true)
  expect(matches(down, ' 10.0.0.1 ')).toBe(true)
  expect(matches(down, 'down draining')).toBe(false)
})

function host(differs: Partial<HostRow>): HostRow {
  return {
    path: 'web/main/a',
    service: 'web',
    group: 'main',
    name: 'a',
    address: '10.0.0.1:80',
    weight: 1,
    intent: 'enabled',
    health: 'up',
    healthReason: '',
    healthSince: null,
    ready: true,
    reason: '',
    open: 0,
    total: 0,
    failed: 0,
    maxSessions: 0,
    ...differs,
  }
}
