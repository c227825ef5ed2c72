// However often strangers are refused, log and audit log grow by a few lines a second.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryAudit } from '../helpers/memory-audit.ts'
import { LIMITS } from '../../src/base/limits.ts'
import { LoginNotes } from '../../src/access/login-notes.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const guess = {
  name: 'x'.repeat(1_000),
  address: '192.0.2.1',
  method: 'password',
  reason: 'the password is wrong',
} as const

test('refused logins have a bounded number of lines a second, and the others are counted', () => {
  const [audit, log] = [new MemoryAudit(), new RecordingLog()]
  const notes = new LoginNotes('web', log, audit)
  for (let count = 0; count < 1_000; count++) notes.refused(guess)
  const most = LIMITS.auditRefusalsPerSecond
  expect(audit.lines()).toHaveLength(most)
  expect(audit.lines()[0]).toMatchObject({ operator: 'x'.repeat(64), address: '192.0.2.1' })
  vi.advanceTimersByTime(1_000)
  expect(audit.lines()).toHaveLength(most + 1)
  expect(audit.lines().at(-1)?.reason).toMatch(`${1_000 - most} more in the same second`)
  notes.refused(guess)
  vi.advanceTimersByTime(10_000)
  expect(audit.lines()).toHaveLength(most + 2)
  for (let count = 0; count < most + 3; count++) notes.refused(guess)
  notes.stop()
  expect(audit.lines().at(-1)?.reason).toMatch(/^3 more/)
  expect(log.of('web login refused')).toHaveLength(2 * most + 1 + 2)
  expect(vi.getTimerCount()).toBe(0)
})
