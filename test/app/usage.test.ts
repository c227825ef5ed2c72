// What the process takes of the machine: figures that can be, and nothing left after the stop.
import { expect, onTestFinished, test } from 'vitest'
import { Usage } from '../../src/app/usage.ts'

test('tells process, threads, memory and how late the loop is', () => {
  const usage = new Usage()
  onTestFinished(() => usage.stop())
  const { pid, threads, rssBytes, loopDelayP99Ms } = usage.view()
  expect(pid).toBe(process.pid)
  expect(threads).toBeGreaterThan(1)
  expect(rssBytes).toBeGreaterThan(1_000_000)
  expect(loopDelayP99Ms).toBeGreaterThanOrEqual(0)
})

test('stops at once', async () => {
  await new Usage().stop()
})
