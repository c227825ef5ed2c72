// Commits that undo themselves: at their deadline, at once when somebody says so, and not when somebody confirms.
import { existsSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { withOrigin } from '../../../src/base/origin.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { eventually } from '../../helpers/eventually.ts'
import { MINUTE, onHosts, pendingCommits, weighing } from '../../helpers/pending-commits.ts'

const bob = <Result>(act: () => Result) => withOrigin('ssh:bob', act)

describe('not confirmed', () => {
  test('it is undone at its deadline, saved, and everybody is told', async () => {
    const { commits, commit, clock, host, said, log, audit, sync, changes, stored, waiting } =
      await pendingCommits()
    await commit(weighing({ a: 7, b: 8 }), { comment: 'more for both' })
    expect(host('a').weight).toBe(7)
    expect((await stored()).match(/weight/g)).toHaveLength(2)
    expect(commits.pending).toMatchObject({
      operator: 'alice',
      origin: 'ssh:alice',
      comment: 'more for both',
      confirmBefore: Date.UTC(2026, 10, 20, 12, 5),
      survivesRestart: true,
      undoFailed: null,
      changes: [{ path: 'web/main/a', field: 'weight', before: 1, after: 7 }, {}],
    })
    changes.length = 0

    await clock.pass(5 * MINUTE - 1)
    expect(host('a').weight).toBe(7)
    await clock.pass(1)
    await log.next('commit undone')

    expect([host('a').weight, host('b').weight]).toEqual([1, 1])
    expect(changes.map(({ origin }) => origin)).toEqual(['confirm:alice', 'confirm:alice'])
    expect((await stored()).match(/weight="\d"/g)).toEqual(['weight="1"', 'weight="1"'])
    expect((await sync.revisions.list())[0]).toMatchObject({
      comment: 'undone, not confirmed: more for both',
      origins: ['confirm:alice'],
    })
    expect(commits.pending).toBeUndefined()
    expect(existsSync(waiting)).toBe(false)
    const text =
      'the commit of alice (more for both) was undone, not confirmed: 2 differences undone'
    expect(said).toEqual([
      'alice committed (more for both); undone at 12:05:00Z unless: confirm',
      'the commit of alice (more for both) is undone in 1m, at 12:05:00Z, unless: confirm',
      text,
    ])
    expect(log.of('commit undone')).toMatchObject([
      { level: 'error', facts: { operator: 'alice', reason: 'not confirmed', differences: 2 } },
    ])
    expect(audit.lines()).toMatchObject([
      { event: 'commit undone', operator: 'alice', origin: 'confirm:alice', reason: text },
    ])
  })

  test('what others changed since stays, also where the commit changed it, and that is named', async () => {
    const { commits, commit, clock, host, balancer, log, said } = await pendingCommits()
    await commit(weighing({ a: 7, b: 8 }))
    bob(() => {
      host('a').weight = 50
      host('a').maxSessions = 9
      balancer.service('web').group('main').addHost('c', '10.0.0.3:80')
    })
    await clock.pass(5 * MINUTE)
    await log.next('commit undone')
    expect([host('a').weight, host('a').maxSessions, host('b').weight]).toEqual([50, 9, 1])
    expect(host('c').address).toBe('10.0.0.3:80')
    expect(said.at(-1)).toBe(
      'the commit of alice was undone, not confirmed: 1 difference undone; ' +
        'kept, because somebody changed it since: web/main/a/weight',
    )
    expect(commits.last).toMatchObject({ outcome: 'undone', kept: ['web/main/a/weight'] })
  })

  test('what was added, removed and renamed comes back as it was', async () => {
    const { commit, clock, balancer, log, stored } = await pendingCommits()
    const [snapshot, text] = [balancer.snapshot(), await stored()]
    await commit(
      onHosts(([a, b]) => {
        if (a === undefined || b === undefined) return []
        return [
          { ...a, name: 'first' },
          { ...b, name: 'c', address: '10.0.0.3:80' },
        ]
      }),
    )
    expect(Object.keys(balancer.service('web').group('main').hosts)).toEqual(['first', 'c'])
    await clock.pass(5 * MINUTE)
    await log.next('commit undone')
    expect(balancer.snapshot()).toEqual(snapshot)
    expect(await stored()).toBe(text)
  })

  test('where somebody undid it by hand, nothing is left to undo', async () => {
    const { commit, clock, host, log, said } = await pendingCommits()
    await commit(weighing({ a: 7 }))
    bob(() => (host('a').weight = 1))
    await clock.pass(5 * MINUTE)
    await log.next('commit undone')
    expect(said.at(-1)).toContain('not confirmed: nothing was left to undo')
  })

  test('a short time has no warning in between', async () => {
    const { commit, clock, said, log } = await pendingCommits()
    await commit(weighing({ a: 7 }), { confirmMs: 2 * MINUTE })
    await clock.pass(2 * MINUTE)
    await log.next('commit undone')
    expect(said).toHaveLength(2)
  })

  test('the wall clock does not matter while the process runs', async () => {
    const { commit, clock, host, log } = await pendingCommits()
    await commit(weighing({ a: 7 }))
    clock.jump(24 * 60 * MINUTE)
    await clock.pass(5 * MINUTE - 1)
    expect(host('a').weight).toBe(7)
    clock.jump(-48 * 60 * MINUTE)
    await clock.pass(1)
    await log.next('commit undone')
    expect(host('a').weight).toBe(1)
  })
})

describe('confirmed', () => {
  test('it stays, nothing waits any more, and the last one is known', async () => {
    const { commits, commit, clock, host, said, log, waiting } = await pendingCommits()
    await commit(weighing({ a: 7 }), { comment: 'more' })
    expect((await stat(waiting)).mode & 0o777).toBe(0o600)
    const ended = await bob(() => commits.confirm())
    expect(ended).toMatchObject({ operator: 'alice', outcome: 'confirmed', origin: 'ssh:bob' })
    expect(existsSync(waiting)).toBe(false)
    await clock.pass(60 * MINUTE)
    expect(host('a').weight).toBe(7)
    expect(said.at(-1)).toBe('the commit of alice (more) was confirmed by ssh:bob')
    expect(log.of('commit confirmed')).toMatchObject([{ facts: { by: 'ssh:bob' } }])
    await expect(commits.confirm()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      detail:
        'no commit waits to be confirmed; the commit of alice (more) was confirmed by ssh:bob',
    })
    expect(clock.waits).toBe(0)
  })

  test('where what waits cannot be forgotten, it goes on waiting, and that is said', async () => {
    const { commits, commit, clock, host, log, waiting } = await pendingCommits()
    await commit(weighing({ a: 7 }))
    // Nothing else stops root.
    await rm(waiting)
    await mkdir(waiting)
    await expect(commits.confirm()).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(commits.pending).toBeDefined()
    await clock.pass(5 * MINUTE)
    await log.next('commit undone')
    expect(host('a').weight).toBe(1)
    expect(log.of('commit to be confirmed not forgotten')).toHaveLength(1)
  })

  test('whoever comes first at the deadline wins, and the other is told', async () => {
    const { commits, commit, clock, host } = await pendingCommits()
    await commit(weighing({ a: 7 }), { confirmMs: MINUTE })
    const passed = clock.pass(MINUTE)
    const [confirmed] = await Promise.allSettled([commits.confirm(), passed])
    await commits.stop()
    const isKept = confirmed.status === 'fulfilled'
    expect(host('a').weight).toBe(isKept ? 7 : 1)
    expect(commits.last?.outcome).toBe(isKept ? 'confirmed' : 'undone')
  })
})

describe('undone at once', () => {
  test('by whoever says so', async () => {
    const { commits, commit, host, said, changes, sync } = await pendingCommits()
    await commit(weighing({ a: 7 }), { comment: 'more' })
    changes.length = 0
    const ended = await bob(() => commits.undo())
    expect(ended).toMatchObject({
      outcome: 'undone',
      origin: 'ssh:bob',
      differences: [{ path: 'web/main/a', before: 7, after: 1 }],
    })
    expect(host('a').weight).toBe(1)
    expect(changes.map(({ origin }) => origin)).toEqual(['ssh:bob'])
    expect((await sync.revisions.list())[0]?.comment).toBe('undone, by ssh:bob: more')
    expect(said.at(-1)).toContain('was undone, by ssh:bob')
    await expect(commits.undo()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('one at a time', () => {
  test('a second one is refused before anything is done, until the first one has ended', async () => {
    const { commits, commit, host, stored } = await pendingCommits()
    await commit(weighing({ a: 7 }))
    const text = await stored()
    await expect(commit(weighing({ b: 9 }), { operator: 'bob' })).rejects.toMatchObject({
      code: 'REFUSED',
      detail: expect.stringContaining('a commit of alice has to be confirmed'),
    })
    expect([host('b').weight, await stored()]).toEqual([1, text])
    await commits.confirm()
    await commit(weighing({ b: 9 }), { operator: 'bob' })
    expect(commits.pending).toMatchObject({ operator: 'bob' })
  })

  test('of two at the same moment one is refused', async () => {
    const { commit } = await pendingCommits()
    const both = [commit(weighing({ a: 7 })), commit(weighing({ b: 9 }))]
    const ends = await Promise.allSettled(both)
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  test('one that could not be made leaves nothing behind', async () => {
    const { commits, commit, ports, waiting, clock } = await pendingCommits()
    ports.taken.add('127.0.0.1:81')
    const failing = commit((snapshot) => ({
      ...snapshot,
      services: snapshot.services.map((service) => ({
        ...service,
        listeners: service.listeners.map((one) => ({ ...one, address: '127.0.0.1:81' })),
      })),
    }))
    await expect(failing).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(commits.pending).toBeUndefined()
    expect([existsSync(waiting), clock.waits]).toEqual([false, 0])
    await commit(weighing({ a: 7 }))
  })

  test('one that cannot be remembered is not made', async () => {
    const { commits, commit, host, waiting } = await pendingCommits()
    await mkdir(join(waiting, 'in-the-way'), { recursive: true })
    await expect(commit(weighing({ a: 7 }))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      detail: expect.stringContaining(waiting),
    })
    expect(host('a').weight).toBe(1)
    expect(commits.pending).toBeUndefined()
    await rm(waiting, { recursive: true })
    await commit(weighing({ a: 7 }))
    expect(host('a').weight).toBe(7)
  })

  test('where nothing may be written nothing is, and that is said', async () => {
    const { commit, commits, beside, said, clock, host, log } = await pendingCommits(undefined, {
      readOnly: true,
    })
    await commit(weighing({ a: 7 }))
    expect(commits.pending?.survivesRestart).toBe(false)
    expect(said[0]).toContain('nothing may be written, so a restart forgets both')
    expect(await beside()).toEqual(['config.xml'])
    await clock.pass(5 * MINUTE)
    await log.next('commit undone')
    expect(host('a').weight).toBe(1)
  })
})

describe('an undo that fails', () => {
  async function failing() {
    const all = await pendingCommits()
    const { commit, ports, clock, log } = all
    await commit((snapshot) => ({
      ...snapshot,
      services: snapshot.services.map((service) => ({ ...service, listeners: [] })),
    }))
    ports.taken.add('127.0.0.1:8080')
    await clock.pass(5 * MINUTE)
    await log.next('commit not undone')
    return all
  }

  test('is loud, waits longer and longer between its tries, and is done when it can be', async () => {
    const { commits, ports, clock, log, said, audit, balancer } = await failing()
    expect(commits.pending?.undoFailed).toContain('127.0.0.1:8080')
    expect(said.at(-1)).toMatch(
      /undo failed: .*127\.0\.0\.1:8080.*it is tried again, confirm keeps/,
    )
    expect(audit.lines()).toMatchObject([{ event: 'commit not undone', operator: 'alice' }])
    let waitMs: number = LIMITS.confirmRetryMsMin
    for (let tries = 1; tries < 9; tries++) {
      await clock.pass(waitMs - 1)
      expect(log.of('commit not undone')).toHaveLength(tries)
      await clock.pass(1)
      await log.next('commit not undone', tries + 1)
      waitMs = Math.min(2 * waitMs, LIMITS.confirmRetryMsMax)
    }
    // People are told once.
    expect(said.filter((sentence) => sentence.includes('undo failed'))).toHaveLength(1)
    expect(audit.lines()).toHaveLength(1)
    ports.taken.clear()
    await clock.pass(LIMITS.confirmRetryMsMax)
    await log.next('commit undone')
    expect(balancer.listenerList.map(({ address }) => address)).toEqual(['127.0.0.1:8080'])
    expect(commits.pending).toBeUndefined()
  })

  test('can be confirmed instead, and then is not tried again', async () => {
    const { commits, clock, log, balancer } = await failing()
    await commits.confirm()
    await clock.pass(60 * MINUTE)
    expect(log.of('commit not undone')).toHaveLength(1)
    expect(balancer.listenerList).toEqual([])
  })

  test('by hand tells why, and still waits', async () => {
    const { commits } = await failing()
    await expect(commits.undo()).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(commits.pending).toBeDefined()
  })
})

test('a stop undoes nothing and ends all waiting', async () => {
  const { commits, commit, clock, host, waiting } = await pendingCommits()
  await commits.start()
  await commit(weighing({ a: 7 }))
  expect(clock.waits).toBe(2)
  await commits.stop()
  expect(clock.waits).toBe(0)
  await clock.pass(60 * MINUTE)
  expect([host('a').weight, existsSync(waiting)]).toEqual([7, true])
  await eventually(() => commits.pending !== undefined, 'it still waits')
})
