// What becomes of a commit that waits when the process ends, well or not, and another one goes on.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ConfirmFile } from '../../../src/app/documents/confirm-file.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { webWith } from '../../helpers/kept-file.ts'
import { MINUTE, pendingCommits, restarted, weighing } from '../../helpers/pending-commits.ts'

/** Nobody stops it: what it left is all that there is. */
async function killed(text?: string) {
  const before = await pendingCommits(text)
  await before.commit(weighing({ a: 7 }), { comment: 'more', confirmMs: 10 * MINUTE })
  return before
}

test('before the deadline it waits on, and is undone at it', async () => {
  const before = await killed()
  before.clock.jump(4 * MINUTE)
  const { commits, clock, host, log, said } = await restarted(before, before.clock)
  await commits.start()
  expect(commits.pending).toMatchObject({
    operator: 'alice',
    comment: 'more',
    confirmBefore: Date.UTC(2026, 10, 20, 12, 10),
  })
  expect(said).toEqual(['alice committed (more); undone at 12:10:00Z unless: confirm'])
  await clock.pass(6 * MINUTE - 1)
  expect(host('a').weight).toBe(7)
  await clock.pass(1)
  await log.next('commit undone')
  expect(host('a').weight).toBe(1)
})

test('before the deadline it can be confirmed, and the next start knows nothing of it', async () => {
  const before = await killed()
  const second = await restarted(before, before.clock)
  await second.commits.start()
  await withOrigin('ssh:bob', () => second.commits.confirm())
  const third = await restarted(second, second.clock)
  await third.commits.start()
  expect(third.commits.pending).toBeUndefined()
  expect(third.host('a').weight).toBe(7)
})

test('behind the deadline it is undone before the start is over', async () => {
  const before = await killed()
  before.clock.jump(11 * MINUTE)
  const { commits, host, stored, log, audit, waiting } = await restarted(before, before.clock)
  await commits.start()
  expect(host('a').weight).toBe(1)
  expect(await stored()).toBe(webWith({ a: 1 }))
  expect(existsSync(waiting)).toBe(false)
  expect(log.of('commit undone')).toMatchObject([{ level: 'error' }])
  expect(audit.lines()).toMatchObject([{ event: 'commit undone', origin: 'confirm:alice' }])
  expect(commits.last?.outcome).toBe('undone')
})

test('behind the deadline an undo that fails does not keep the process from starting, and is tried again', async () => {
  const before = await pendingCommits()
  await before.commit((snapshot) => ({
    ...snapshot,
    services: snapshot.services.map((service) => ({ ...service, listeners: [] })),
  }))
  before.clock.jump(11 * MINUTE)
  const { commits, ports, clock, log, balancer } = await restarted(before, before.clock)
  ports.taken.add('127.0.0.1:8080')
  await commits.start()
  expect(commits.pending?.undoFailed).toContain('127.0.0.1:8080')
  ports.taken.clear()
  await clock.pass(MINUTE)
  await log.next('commit undone')
  expect(balancer.listenerList).toHaveLength(1)
})

test('a clock that was set back gives no more time than there was at first', async () => {
  const before = await killed()
  before.clock.jump(-24 * 60 * MINUTE)
  const { commits, clock, log } = await restarted(before, before.clock)
  await commits.start()
  await clock.pass(10 * MINUTE)
  await log.next('commit undone')
})

test('where all of it was changed since, nothing is undone, and that is said', async () => {
  const before = await killed()
  await before.edit((await before.stored()).replace('weight="7"', 'weight="4"'))
  before.clock.jump(11 * MINUTE)
  const { commits, host, log } = await restarted(before, before.clock)
  await commits.start()
  expect(host('a').weight).toBe(4)
  expect(log.of('commit undone')).toMatchObject([
    { facts: { differences: 0, kept: ['web/main/a/weight'] } },
  ])
  expect(commits.last).toMatchObject({ differences: [], kept: ['web/main/a/weight'] })
})

test('edits of the file and of others in between stay', async () => {
  const before = await killed()
  await before.edit((await before.stored()).replace('10.0.0.2:80"', '10.0.0.2:80" weight="4"'))
  before.clock.jump(11 * MINUTE)
  const { commits, host } = await restarted(before, before.clock)
  await commits.start()
  expect([host('a').weight, host('b').weight]).toEqual([1, 4])
})

describe('killed in the middle of the commit', () => {
  const facts = {
    operator: 'alice',
    origin: 'ssh:alice',
    comment: '',
    confirmMs: 10 * MINUTE,
    watchTraffic: false,
  }

  async function prepared() {
    const all = await pendingCommits()
    const before = all.balancer.snapshot()
    const after = weighing({ a: 7 })(before)
    await all.commits.prepare({ ...facts, before, after })
    return { ...all, after }
  }

  test('before the change was made or saved nothing waits', async () => {
    const before = await prepared()
    expect(existsSync(before.waiting)).toBe(true)
    const { commits, host, log, clock, waiting } = await restarted(before, before.clock)
    await commits.start()
    expect(commits.pending).toBeUndefined()
    expect(existsSync(waiting)).toBe(false)
    expect(log.of('commit to be confirmed is not in the document')).toHaveLength(1)
    host('a').weight = 7
    await clock.pass(60 * MINUTE)
    expect(host('a').weight).toBe(7)
  })

  test('after the change was saved, and before it was armed, it waits', async () => {
    const before = await prepared()
    await before.sync.change(() => before.after)
    const { commits, clock, host, log } = await restarted(before, before.clock)
    await commits.start()
    expect(commits.pending).toMatchObject({ operator: 'alice' })
    await clock.pass(10 * MINUTE)
    await log.next('commit undone')
    expect(host('a').weight).toBe(1)
  })
})

describe('what is on disk', () => {
  test.each([
    ['is no JSON', '{"format":1,'],
    ['is of another version', '{"format":2}'],
    ['lacks something', '{"format":1,"operator":"alice"}'],
    ['is something else', '[]'],
  ])('and %s is left alone, and said', async (_, text) => {
    const { commits, log, waiting, host } = await pendingCommits()
    await writeFile(waiting, text)
    await commits.start()
    expect(log.of('commit to be confirmed not known')).toMatchObject([
      { level: 'error', facts: { reason: expect.stringContaining(waiting) } },
    ])
    expect(await readFile(waiting, 'utf8')).toBe(text)
    expect([commits.pending, host('a').weight]).toEqual([undefined, 1])
  })

  test('with a document that does not load is refused', async () => {
    const { commits, log, waiting, commit, clock } = await pendingCommits()
    await commit(weighing({ a: 7 }))
    const text = await readFile(waiting, 'utf8')
    await writeFile(waiting, text.replaceAll('<host ', '<hots '))
    const next = await restarted(
      { ...(await pendingCommits()), folder: waiting.replace('/confirm.json', '') },
      clock,
    )
    await next.commits.start()
    expect(next.log.of('commit to be confirmed not known')).toMatchObject([
      { facts: { reason: expect.stringContaining('hots') } },
    ])
    expect(log.of('commit to be confirmed not known')).toEqual([])
    expect(commits.pending).toBeDefined()
  })

  test('reads back as it was written', async () => {
    const { balancer, file } = await pendingCommits()
    const before = balancer.snapshot()
    const traffic = [{ service: 'web', came: 10, failed: 1, downMost: 2, left: 3 }]
    const kept = {
      operator: 'alice',
      origin: 'ssh:alice',
      comment: 'a "b" <c>',
      watchTraffic: true,
      time: 1,
      confirmBefore: 2,
      before,
      after: weighing({ a: 7 })(before),
      traffic,
    }
    const written = new ConfirmFile(file)
    await written.write(kept)
    expect(await new ConfirmFile(file).read()).toEqual(kept)
    await written.remove()
    await written.remove()
    expect(await written.read()).toBeUndefined()
  })
})
