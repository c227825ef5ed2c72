// When what is remembered of a commit may go: not before the document is without it, and then for certain.
import { existsSync } from 'node:fs'
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { eventually } from '../../helpers/eventually.ts'
import { MINUTE, pendingCommits, restarted, weighing } from '../../helpers/pending-commits.ts'

const { trafficLookMs: LOOK } = LIMITS

async function waiting() {
  const all = await pendingCommits()
  await all.commits.start()
  await all.commit(weighing({ a: 7 }))
  return all
}

test('an undo that could not be saved is remembered, and done again by the next start', async () => {
  const before = await waiting()
  await before.block()
  await withOrigin('ssh:bob', () => before.commits.undo())
  expect(before.host('a').weight).toBe(1)
  expect(await before.stored()).toContain('weight="7"')
  before.clock.jump(6 * MINUTE)
  const after = await restarted(before, before.clock)
  await after.commits.start()
  expect(after.host('a').weight).toBe(1)
  expect(await after.stored()).toContain('weight="1"')
  expect(existsSync(after.waiting)).toBe(false)
})

test('once it is saved, it is forgotten', async () => {
  const { commits, block, sync, clock, waiting: file } = await waiting()
  const unblock = await block()
  await commits.undo()
  await clock.pass(LOOK)
  expect(existsSync(file)).toBe(true)
  await unblock()
  await sync.save()
  await clock.pass(LOOK)
  await eventually(() => !existsSync(file), 'it is forgotten')
})

test('where it cannot be removed that is tried again', async () => {
  const { commits, clock, waiting: file } = await waiting()
  await rm(file)
  await mkdir(file)
  await commits.undo()
  await rmdir(file)
  await writeFile(file, 'left')
  await clock.pass(LOOK)
  await eventually(() => !existsSync(file), 'it is forgotten')
})

test('why it cannot be removed is told once', async () => {
  const { commits, clock, log, waiting: file } = await waiting()
  await rm(file)
  await mkdir(file)
  await commits.undo()
  for (const _ of [1, 2, 3]) await clock.pass(LOOK)
  await commits.stop()
  expect(log.of('commit to be confirmed not forgotten')).toHaveLength(1)
})

test('the next commit that waits takes its place', async () => {
  const { commits, commit, block, sync, clock, waiting: file } = await waiting()
  const unblock = await block()
  await commits.undo()
  await unblock()
  await sync.save()
  await commit(weighing({ b: 5 }))
  for (const _ of [1, 2, 3]) await clock.pass(LOOK)
  await commits.stop()
  expect(existsSync(file)).toBe(true)
})
