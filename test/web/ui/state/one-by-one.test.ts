// Runs do not overlap, and nothing that was asked for is left out.
import { expect, test } from 'vitest'
import { oneByOne } from '../../../../src/web/ui/state/one-by-one.ts'
import { type Deferred, deferred } from '../../../helpers/deferred.ts'

function rig() {
  const runs: Deferred<void>[] = []
  const start = oneByOne(() => {
    const run = deferred<void>()
    runs.push(run)
    return run.promise
  })
  return { runs, start }
}

test('who asks while it goes on gets it once more, however many ask', async () => {
  const { runs, start } = rig()
  const all = [start(), start(), start()]
  expect(runs.length).toBe(1)
  runs[0]?.resolve()
  await runs[0]?.promise
  await Promise.resolve()
  expect(runs.length).toBe(2)
  runs[1]?.resolve()
  await Promise.all(all)
  expect(runs.length).toBe(2)
})

test('it begins anew when it was over', async () => {
  const { runs, start } = rig()
  const first = start()
  runs[0]?.resolve()
  await first
  const second = start()
  expect(runs.length).toBe(2)
  runs[1]?.resolve()
  await second
})
