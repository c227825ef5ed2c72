// Candidates: what edits of them change, and when; what becomes of what others change meanwhile.
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { formatDuration } from '../../../src/base/duration.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import type { CommitOptions } from '../../../src/commands/documents.ts'
import type { Balancer } from '../../../src/model/balancer.ts'
import type { Group } from '../../../src/model/group.ts'
import { type StubCandidates, stubCandidates } from '../../helpers/stub-candidates.ts'
import { createStubProcess, TAKEN } from '../../helpers/stub-process.ts'
import { deferred } from '../../helpers/deferred.ts'

let running: Balancer
let candidates: StubCandidates
let now: number

const OPTIONS: CommitOptions = {
  comment: '',
  confirmMs: undefined,
  watchTraffic: false,
  permit: () => {},
}

beforeEach(async () => {
  now = Date.UTC(2026, 10, 20)
  running = (await createStubProcess()).balancer
  candidates = stubCandidates(running, () => now)
})

const groupOf = (balancer: Balancer): Group => balancer.service('web').group('main')
const live = () => groupOf(running)
const commit = (options: Partial<CommitOptions> = {}) => {
  return withOrigin('ssh:alice', () => candidates.commit('alice', { ...OPTIONS, ...options }))
}

async function begin(): Promise<Group> {
  return groupOf((await candidates.begin('alice')).balancer)
}

describe('a candidate', () => {
  test('is what runs, and changes nothing of it', async () => {
    live().ask = () => 'a'
    const edited = await begin()
    expect(candidates.of('alice')?.balancer.snapshot()).toEqual(running.snapshot())
    expect(edited.ask).toBe(live().ask)
    edited.host('a').weight = 7
    running.service('web').pause()
    expect(live().host('a').weight).toBe(1)
    expect(candidates.of('alice')?.compare()).toMatchObject([
      { action: 'set', path: 'web/main/a', field: 'weight', before: 1, after: 7 },
    ])
  })

  test('keeps its own acts', async () => {
    const edited = await begin()
    withOrigin('ssh:alice', () => edited.host('a').drain())
    const { journal } = candidates.of('alice') ?? {}
    const act = journal?.lastOf('ssh:alice')
    expect(act?.changes).toMatchObject([{ path: 'web/main/a', field: 'intent' }])
    await journal?.undo(act?.number ?? 0)
    expect(candidates.of('alice')?.compare()).toEqual([])
  })

  test('is one for each operator, who may have no second one', async () => {
    await begin()
    await candidates.begin('bob')
    await expect(candidates.begin('alice')).rejects.toThrow(/alice has a candidate already; commit/)
    expect(candidates.list().map(({ operator }) => operator)).toEqual(['alice', 'bob'])
  })

  test('is made once, however often it is asked for at the same time', async () => {
    const both = await Promise.allSettled([candidates.begin('alice'), candidates.begin('alice')])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  test(`is one of at most ${LIMITS.candidatesMax}`, async () => {
    for (let n = 1; n <= LIMITS.candidatesMax; n++) await candidates.begin(`op${n}`)
    const refused = new RegExp(`${LIMITS.candidatesMax} candidates are open.*op1, op2`)
    await expect(candidates.begin('alice')).rejects.toThrow(refused)
    expect(candidates.discard('op1')).toBe(true)
    await candidates.begin('alice')
  })
})

describe('a commit', () => {
  test('changes what runs as one act of its operator, and closes the candidate', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    edited.addHost('d', '10.0.0.4:80')
    const seen: unknown[] = []
    running.follow(({ origin, act, path }) => seen.push([origin, act, path]))
    const done = await commit({ comment: 'more of a' })
    expect(done).toMatchObject({ written: true, revision: 2, confirmBefore: null })
    expect(done.differences).toHaveLength(2)
    expect(candidates.comments).toEqual(['more of a'])
    expect(candidates.of('alice')).toBeUndefined()
    expect(new Set(seen.map((each) => JSON.stringify((each as unknown[]).slice(0, 2)))).size).toBe(
      1,
    )
    expect(seen).toContainEqual(['ssh:alice', expect.any(Number), 'web/main/a'])
  })

  test('leaves what others changed since, and their objects', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const b = live().host('b')
    b.weight = 3
    live().addHost('new', '10.0.0.9:80')
    await commit()
    expect(live().host('a').weight).toBe(7)
    expect(live().host('b')).toBe(b)
    expect(b.weight).toBe(3)
    expect(live().host('new').address).toBe('10.0.0.9:80')
  })

  test('without differences closes the candidate and saves nothing', async () => {
    await begin()
    live().host('b').weight = 3
    expect(await commit()).toMatchObject({ differences: [], written: false })
    expect(candidates.comments).toEqual([])
    expect(candidates.of('alice')).toBeUndefined()
    expect(live().host('b').weight).toBe(3)
  })

  test('of what others changed to the same has nothing to do', async () => {
    const edited = await begin()
    edited.host('a').weight = 3
    live().host('a').weight = 3
    expect(await commit()).toMatchObject({ differences: [] })
  })

  test('that fails half-way changes nothing and leaves the candidate open', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const { balancer } = candidates.of('alice') ?? {}
    await balancer?.service('web').listen(TAKEN)
    const before = running.snapshot()
    await expect(commit()).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(running.snapshot()).toEqual(before)
    await balancer?.service('web').closeListener(TAKEN)
    expect(await commit()).toMatchObject({ differences: [{ path: 'web/main/a' }] })
  })

  test('is refused by whoever may permit it, before anything is done', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const permit: CommitOptions['permit'] = (differences, users) => {
      throw new Error(`${differences.length} and ${users.length}`)
    }
    await expect(commit({ permit })).rejects.toThrow('1 and 2')
    expect(live().host('a').weight).toBe(1)
    edited.host('a').weight = 8
  })

  test('keeps edits out until it is done', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const committing = commit()
    expect(() => edited.host('b').drain()).toThrow(/is being committed/)
    expect(() => candidates.discard('alice')).toThrow(/is being committed/)
    await expect(commit()).rejects.toThrow(/is being committed/)
    await committing
    expect(() => edited.host('b').drain()).toThrow(/committed meanwhile/)
  })

  test('needs a candidate', async () => {
    await expect(commit()).rejects.toThrow(/alice has no candidate; begin opens one/)
  })
})

describe('what both changed', () => {
  test('is listed, and refuses the commit with both values and the next step', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    edited.connectTimeoutMs = 2_000
    live().host('a').weight = 3
    live().connectTimeoutMs = 4_000
    const before = running.snapshot()
    await expect(commit()).rejects.toMatchObject({
      code: 'CONFIG_CONFLICT',
      detail: expect.stringMatching(
        /web\/main\/a\/weight: candidate 7, running 3, was 1.*begin --again/,
      ),
    })
    await expect(commit()).rejects.toThrow(/connectTimeout: candidate 2s, running 4s, was 5s/)
    expect(running.snapshot()).toEqual(before)
    expect(candidates.of('alice')?.conflicts()).toHaveLength(2)
  })

  test('is settled by setting what runs', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    edited.host('b').weight = 9
    live().host('a').weight = 3
    edited.host('a').weight = 3
    expect(await commit()).toMatchObject({ differences: [{ path: 'web/main/b' }] })
    expect(live().host('a').weight).toBe(3)
  })

  test('is kept by beginning again, which brings what others changed', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    live().host('a').weight = 3
    live().host('b').weight = 5
    const { balancer, journal } = await candidates.renew('alice')
    expect(groupOf(balancer).host('a').weight).toBe(7)
    expect(groupOf(balancer).host('b').weight).toBe(5)
    expect(journal.acts()).toHaveLength(1)
    expect(candidates.of('alice')?.conflicts()).toEqual([])
    await commit()
    expect(live().host('a').weight).toBe(7)
  })

  test('is not committed while it gets a new base', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    live().host('b').weight = 5
    const renewing = candidates.renew('alice')
    await expect(commit()).rejects.toThrow(/gets a new base just now/)
    expect(() => candidates.discard('alice')).toThrow(/gets a new base just now/)
    await renewing
    expect(await commit()).toMatchObject({ differences: [{ path: 'web/main/a' }] })
  })

  test('is told of things that one side removed', async () => {
    const edited = await begin()
    edited.removeHost('a')
    live().host('a').weight = 3
    await expect(commit()).rejects.toThrow('web/main/a: candidate removed it, running changed it')
  })

  test('hides passwords', async () => {
    await begin()
    const { balancer } = candidates.of('alice') ?? {}
    const hash = (salt: string) => `scrypt:16384:8:1:${salt}:c2VjcmV0`
    const [alice, ...others] = running.users
    if (alice === undefined) throw new Error('alice is a user of the stub')
    balancer?.setUsers([{ ...alice, password: hash('b25l') }, ...others])
    running.setUsers([{ ...alice, password: hash('dHdv') }, ...others])
    const shown = JSON.stringify(candidates.of('alice')?.conflicts())
    expect(shown).toContain('***')
    expect(shown).not.toContain('scrypt')
  })
})

describe('a commit that has to be confirmed', () => {
  const confirmed = { confirmMs: 60_000, watchTraffic: true, comment: 'try' }

  test('is prepared before and armed after', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    expect(await commit(confirmed)).toMatchObject({ confirmBefore: 60_000 })
    const [prepared, armed] = candidates.confirmations
    expect([prepared?.step, armed?.step]).toEqual(['prepare', 'arm'])
    const facts = { operator: 'alice', origin: 'ssh:alice', comment: 'try', watchTraffic: true }
    expect(prepared?.commit).toMatchObject(facts)
    expect(armed?.commit).toMatchObject(facts)
    const weights = [armed?.commit?.before, armed?.commit?.after].map((snapshot) => {
      return snapshot?.services[0]?.groups[0]?.hosts[0]?.weight
    })
    expect(weights).toEqual([1, 7])
  })

  test('that fails is not waited for', async () => {
    await begin()
    await candidates.of('alice')?.balancer.service('web').listen(TAKEN)
    await expect(commit(confirmed)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(candidates.confirmations.map(({ step }) => step)).toEqual(['prepare', 'drop'])
  })

  test('without differences asks for nothing', async () => {
    await begin()
    expect(await commit(confirmed)).toMatchObject({ confirmBefore: null })
    expect(candidates.confirmations).toEqual([])
  })

  test('that somebody else made in the last moment is not waited for', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const committing = commit(confirmed)
    live().host('a').weight = 7
    expect(await committing).toMatchObject({ differences: [], confirmBefore: null })
    expect(candidates.confirmations.map(({ step }) => step)).toEqual(['prepare', 'drop'])
  })
})

describe('a document', () => {
  const DOCUMENT = '<config><service name="ftp"><listen ip="127.0.0.1:2121" /></service></config>'

  test('becomes the candidate, as one act, and nothing of it is in effect', async () => {
    const before = running.snapshot()
    const { balancer, journal } = await withOrigin('ssh:alice', () =>
      candidates.load('alice', DOCUMENT),
    )
    expect(balancer.serviceList.map(({ name }) => name)).toEqual(['ftp'])
    expect(running.snapshot()).toEqual(before)
    await journal.undo(journal.lastOf('ssh:alice')?.number ?? 0)
    expect(candidates.of('alice')?.compare()).toEqual([])
  })

  test('takes the place of what was edited before', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const { balancer } = await candidates.load('alice', DOCUMENT)
    expect(candidates.of('alice')?.balancer).toBe(balancer)
    expect(balancer.serviceList.map(({ name }) => name)).toEqual(['ftp'])
  })

  test('that does not load leaves everything as it was', async () => {
    await expect(candidates.load('alice', '<config><x/></config>')).rejects.toMatchObject({
      code: 'CONFIG_BAD',
    })
    expect(candidates.of('alice')).toBeUndefined()
    const edited = await begin()
    edited.host('a').weight = 7
    await expect(candidates.load('alice', '<config>')).rejects.toMatchObject({ code: 'CONFIG_BAD' })
    expect(edited.host('a').weight).toBe(7)
  })

  test('is kept out while the candidate is committed', async () => {
    const edited = await begin()
    edited.host('a').weight = 7
    const committed = commit()
    await expect(candidates.load('alice', DOCUMENT)).rejects.toMatchObject({ code: 'REFUSED' })
    await committed
    expect(live().host('a').weight).toBe(7)
  })
})

test('a candidate ends with its operator, so that nobody of the same name gets it', async () => {
  const [alice, bob] = [{ name: 'alice' }, { name: 'bob' }]
  running.setUsers([alice, bob])
  candidates.start()
  onTestFinished(() => candidates.stop())
  await begin()
  await candidates.begin('bob')
  running.setUsers([bob])
  expect(candidates.list().map(({ operator }) => operator)).toEqual(['bob'])
  expect(candidates.log.of('candidate discarded')).toMatchObject([
    { facts: { operator: 'alice', reason: 'alice is no operator any more' } },
  ])
})

describe('a candidate that nobody touches', () => {
  test('is discarded after a while, which its owner and the log are told', async () => {
    const edited = await begin()
    await candidates.begin('bob')
    now += LIMITS.candidateIdleMs - 1
    edited.host('a').weight = 7
    now += 1
    candidates.discardIdle()
    expect(candidates.list().map(({ operator }) => operator)).toEqual(['alice'])
    expect(candidates.told).toEqual([
      ['bob', expect.stringContaining(`not touched for ${formatDuration(LIMITS.candidateIdleMs)}`)],
    ])
    expect(candidates.log.lines).toMatchObject([
      { level: 'warn', event: 'candidate discarded', facts: { operator: 'bob', changes: 0 } },
    ])
  })

  test('is touched by edits, and by beginning again', async () => {
    const edited = await begin()
    now += 5
    edited.host('a').weight = 7
    expect(candidates.of('alice')?.touched).toBe(now)
    now += 5
    await candidates.renew('alice')
    expect(candidates.of('alice')?.touched).toBe(now)
    expect(candidates.of('alice')?.since).toBe(now - 10)
  })
})

test('a stop discards them all, and says so in the log', async () => {
  candidates.start()
  const edited = await begin()
  edited.host('a').weight = 7
  await candidates.stop()
  expect(candidates.log.lines).toMatchObject([
    { event: 'candidate discarded', facts: { operator: 'alice', changes: 1 } },
  ])
  expect(candidates.list()).toEqual([])
})

test('what is changed while the copy is made counts as changed since', async () => {
  const made = deferred<void>()
  const opening = candidates.begin('alice')
  queueMicrotask(() => {
    live().host('b').weight = 3
    made.resolve()
  })
  await made.promise
  await opening
  expect(candidates.of('alice')?.compare()).toEqual([])
})
