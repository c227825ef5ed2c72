// Taking back what was done: act by act, all of it or nothing, and never what somebody else did since.
import { beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { withOrigin } from '../../src/base/origin.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { BalancerError } from '../../src/base/errors.ts'
import { Journal } from '../../src/model/journal.ts'
import type { Group } from '../../src/model/group.ts'
import { deferred } from '../helpers/deferred.ts'

const ALICE = 'ssh:alice'
const BOB = 'ssh:bob'

let balancer: Balancer
let journal: Journal
let main: Group
/** Addresses that do not open. */
let taken: Set<string>

beforeEach(async () => {
  taken = new Set()
  const open = async ({ address }: { readonly address: string }) => {
    if (taken.has(address)) throw new BalancerError('PORT_TAKEN', `${address} is held`)
    return address
  }
  balancer = new Balancer({ ports: { open, close: async () => {} } })
  const web = await balancer.addService('web', {
    listeners: ['127.0.0.1:1', '127.0.0.1:2'].map((address) => {
      return { address, maxSessions: 0, proxy: 'none', allow: [], deny: [] } as const
    }),
  })
  main = web.addGroup('main')
  for (const name of ['a', 'b', 'c']) main.addHost(name, '10.0.0.1:80')
  web.addGroup('spare').addHost('s', '10.0.0.2:80')
  await balancer.addService('mail')
  balancer.setUsers([{ name: 'alice', access: 'full', password: 'secret', keys: ['k1'] }])
  journal = new Journal(balancer)
  journal.start()
})

/** What the last act of an author was, taken back. */
async function undoLast(origin = ALICE): Promise<void> {
  const number = journal.lastOf(origin)?.number ?? 0
  await withOrigin(origin, () => journal.undo(number))
}

const lb = () => balancer.service('web')

describe('one act is taken back whole', () => {
  test.each<[string, () => unknown]>([
    ['a field of a host', () => (main.host('a').weight = 5)],
    ['an intent', () => main.host('b').drain()],
    ['an address', () => (main.host('b').address = '10.0.0.9:80')],
    ['a field of a listener', () => (lb().listener('127.0.0.1:1').allow = ['10.0.0.0/8'])],
    ['a field of a service', () => (lb().accessLog = true)],
    ['checks', () => (main.checks = [{ type: 'http', path: '/up' }])],
    ['the enabled group', () => lb().enableGroup('spare')],
    ['a host that was added', () => main.addHost('d', '10.0.0.4:80', { before: 'b' })],
    ['a host that was removed from the middle', () => main.removeHost('b')],
    ['two hosts that stood beside each other', () => [main.removeHost('a'), main.removeHost('b')]],
    ['all hosts', () => ['a', 'b', 'c'].map((name) => main.removeHost(name, { force: true }))],
    ['a group that was removed', () => lb().removeGroup('spare')],
    [
      'the first group of a service',
      () => balancer.service('mail').addGroup('g').addHost('x', 'x:1'),
    ],
    ['a listener that was closed', () => lb().closeListener('127.0.0.1:1')],
    ['a listener that was opened', () => lb().listen('127.0.0.1:3')],
    ['a listener that moved in place', () => lb().moveListener('127.0.0.1:2', '*:2')],
    ['a service that was removed', () => balancer.removeService('web')],
    ['a service that was added', () => balancer.addService('new', { accessLog: true })],
    ['a setting', () => balancer.configure('hostCheck', { intervalMs: 5_000, enable: false })],
    ['operators', () => balancer.setUsers([{ name: 'bob' }])],
    ['a change of what was added', () => (main.addHost('d', 'x:1').weight = 7)],
    ['several values of one field', () => [1, 2, 3].map((n) => (main.host('a').weight = n * 10))],
    ['a name', () => main.renameHost('b', 'x')],
    ['the name of the enabled group', () => lb().renameGroup('main', 'x')],
    [
      'the name of a service, and what was done to it then',
      () => [balancer.renameService('web', 'www'), (main.host('a').weight = 9)],
    ],
  ])('%s', async (_, change) => {
    const before = JSON.stringify(balancer.snapshot())
    await withOrigin(ALICE, async () => change())
    const after = JSON.stringify(balancer.snapshot())
    await undoLast()
    expect(JSON.stringify(balancer.snapshot())).toBe(before)
    const undoing = journal.acts(ALICE).find(({ undoes }) => undoes > 0)
    await withOrigin(ALICE, () => journal.undo(undoing?.number ?? 0))
    expect(JSON.stringify(balancer.snapshot())).toBe(after)
    await undoLast()
    expect(JSON.stringify(balancer.snapshot())).toBe(before)
  })

  test('a function, also one that went with its group', async () => {
    const ask = () => 'a'
    const spare = lb().group('spare')
    withOrigin(ALICE, () => (spare.ask = ask))
    withOrigin(BOB, () => lb().removeGroup('spare'))
    await undoLast(BOB)
    expect(lb().group('spare').ask).toBe(ask)
    await undoLast()
    expect(lb().group('spare').ask).toBeUndefined()
    withOrigin(ALICE, () => (main.ask = ask))
    withOrigin(ALICE, () => (main.ask = () => 'b'))
    await undoLast()
    expect(main.ask).toBe(ask)
  })

  test('a pause, and the end of one', async () => {
    withOrigin(ALICE, () => lb().pause())
    await undoLast()
    expect(lb().paused).toBe(false)
    withOrigin(BOB, () => lb().pause())
    withOrigin(ALICE, () => lb().resume())
    await undoLast()
    expect(lb().paused).toBe(true)
  })
})

describe('what was done since', () => {
  test('is not overwritten: the act stays, and all that stands in the way is named', async () => {
    withOrigin(ALICE, () => {
      main.host('a').weight = 5
      main.host('b').weight = 6
      main.addHost('d', 'x:1')
    })
    withOrigin(BOB, () => {
      main.host('a').weight = 9
      main.host('d').drain()
    })
    const before = JSON.stringify(balancer.snapshot())
    const refusal = undoLast()
    await expect(refusal).rejects.toThrow(
      /nothing was undone: .*weight is 9 by now \(ssh:bob, act /,
    )
    await expect(refusal).rejects.toThrow(/web\/main\/d was changed since it was added/)
    expect(JSON.stringify(balancer.snapshot())).toBe(before)
    expect(journal.lastOf(ALICE)?.undone).toBe(false)
  })

  test('beside it is kept', async () => {
    withOrigin(ALICE, () => (main.host('a').weight = 5))
    withOrigin(BOB, () => (main.host('a').maxSessions = 7))
    await undoLast()
    expect(main.host('a')).toMatchObject({ weight: 1, maxSessions: 7 })
  })

  test('to the one that stood behind: the host comes back at the end', async () => {
    withOrigin(ALICE, () => main.removeHost('a'))
    withOrigin(BOB, () => main.removeHost('b'))
    await undoLast()
    expect(main.hostList.map(({ name }) => name)).toEqual(['c', 'a'])
  })

  test('and made it as it was is no obstacle', async () => {
    withOrigin(ALICE, () => (main.host('a').weight = 5))
    withOrigin(BOB, () => (main.host('a').weight = 1))
    await undoLast()
    expect(journal.lastOf(ALICE)).toBeUndefined()
  })

  test('to other operators is kept, to the same ones is in the way', async () => {
    const [alice] = balancer.users
    if (alice === undefined) throw new Error('no alice')
    withOrigin(ALICE, () => balancer.setUsers([alice, { name: 'carol' }]))
    withOrigin(BOB, () => balancer.setUsers([...balancer.users, { name: 'dave' }]))
    await undoLast()
    expect(balancer.users.map(({ name }) => name)).toEqual(['alice', 'dave'])
    await withOrigin(ALICE, async () => balancer.setUsers([alice]))
    withOrigin(BOB, () => balancer.setUsers([alice, { name: 'dave', access: 'full' }]))
    await expect(undoLast()).rejects.toThrow('settings/users: dave was changed since')
  })

  test('to other tokens is kept, to the same ones is in the way', async () => {
    const hash = `sha256:${'0f'.repeat(32)}`
    const token = (name: string) => ({ name, hash })
    withOrigin(ALICE, () => balancer.setTokens([token('ci')]))
    withOrigin(BOB, () => balancer.setTokens([...balancer.tokens, token('deploy')]))
    await undoLast()
    expect(balancer.tokens.map(({ name }) => name)).toEqual(['deploy'])
    await withOrigin(ALICE, async () => balancer.setTokens([]))
    withOrigin(BOB, () => balancer.setTokens([{ ...token('deploy'), access: 'full' }]))
    await expect(undoLast()).rejects.toThrow('settings/tokens: deploy was changed since')
  })

  test('to the health of a host is no act', () => {
    withOrigin('health', () => main.host('a').setHealth('down', 'refused'))
    expect(journal.acts()).toEqual([])
  })
})

describe('which one', () => {
  test('goes back one act after the other, past undos and others', async () => {
    for (const weight of [2, 3, 4]) withOrigin(ALICE, () => (main.host('a').weight = weight))
    withOrigin(BOB, () => (main.host('b').weight = 8))
    await undoLast()
    expect(main.host('a').weight).toBe(3)
    await undoLast()
    expect(main.host('a').weight).toBe(2)
    await undoLast()
    expect(main.host('a').weight).toBe(1)
    expect(journal.lastOf(ALICE)).toBeUndefined()
    expect(main.host('b').weight).toBe(8)
  })

  test('one that was brought back is the last one again', async () => {
    withOrigin(ALICE, () => (main.host('a').weight = 5))
    const first = journal.lastOf(ALICE)?.number ?? 0
    await undoLast()
    const [undoing] = journal.acts()
    expect(undoing?.undoes).toBe(first)
    await withOrigin(ALICE, () => journal.undo(undoing?.number ?? 0))
    expect(main.host('a').weight).toBe(5)
    expect(journal.lastOf(ALICE)?.number).toBe(first)
    expect(journal.act(undoing?.number ?? 0).undone).toBe(true)
  })

  test.each<[string, () => unknown]>([
    ['set and set back', () => [5, 1].map((weight) => (main.host('a').weight = weight))],
    [
      'called otherwise and back',
      () => ['x', 'a'].map((to, at) => main.renameHost(at ? 'x' : 'a', to)),
    ],
    [
      'added, changed and removed',
      () => {
        main.addHost('d', '10.0.0.4:80').weight = 9
        main.removeHost('d')
      },
    ],
    [
      'taken back step by step, others in between',
      () => {
        main.host('a').weight = 5
        withOrigin(BOB, () => (main.host('b').weight = 6))
        main.host('c').drain()
        main.host('c').enable()
        main.host('a').weight = 1
      },
    ],
  ])('not what was %s within one act: that is passed over', (_, act) => {
    withOrigin(ALICE, () => (main.host('c').maxSessions = 7))
    const wanted = journal.lastOf(ALICE)?.number
    withOrigin(ALICE, act)
    expect(journal.lastOf(ALICE)?.number).toBe(wanted)
  })

  test('what was set back to something else is offered', () => {
    withOrigin(ALICE, () => [5, 2].map((weight) => (main.host('a').weight = weight)))
    expect(journal.lastOf(ALICE)?.changes).toHaveLength(2)
  })

  test('none twice, and none that is not known', async () => {
    withOrigin(ALICE, () => (main.host('a').weight = 5))
    const { number = 0 } = journal.lastOf(ALICE) ?? {}
    await journal.undo(number)
    await expect(journal.undo(number)).rejects.toThrow('is undone already')
    await expect(journal.undo(4_711)).rejects.toThrow('act 4711 changed nothing, or is forgotten')
  })

  test('the one under way, so far', async () => {
    await withOrigin(ALICE, async () => {
      expect(await journal.undoActUnderWay()).toEqual([])
      main.host('a').weight = 5
      main.removeHost('b')
      expect(await journal.undoActUnderWay()).toHaveLength(2)
    })
    expect(main.hostList.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(main.host('a').weight).toBe(1)
    expect(journal.lastOf(ALICE)).toBeUndefined()
  })
})

describe('code that a line left behind', () => {
  test('changes something after its act was taken back: that is an act of its own', async () => {
    const left = deferred()
    const line = withOrigin(ALICE, async () => {
      main.host('a').weight = 5
      await left.promise
      main.host('b').weight = 6
    })
    await undoLast()
    left.resolve()
    await line
    expect(journal.lastOf(ALICE)?.changes).toMatchObject([{ path: 'web/main/b' }])
    await undoLast()
    expect([main.host('a').weight, main.host('b').weight]).toEqual([1, 1])
    expect(journal.lastOf(ALICE)).toBeUndefined()
  })

  test('goes on after its act was forgotten, and does not come back under the old number', async () => {
    const left = deferred()
    const line = withOrigin(ALICE, async () => {
      main.host('a').weight = 5
      await left.promise
      main.host('b').weight = 6
    })
    const forgotten = journal.lastOf(ALICE)?.number ?? 0
    for (let act = 0; act < LIMITS.actsKept; act++)
      withOrigin(BOB, () => (main.host('c').weight = 2 + (act % 2)))
    left.resolve()
    await line
    expect(() => journal.act(forgotten)).toThrow('forgotten')
    expect(journal.lastOf(ALICE)?.number).toBeGreaterThan(forgotten)
  })
})

test('two undos at once are done one after the other', async () => {
  withOrigin(ALICE, () => (main.host('a').weight = 5))
  await withOrigin(BOB, () => lb().closeListener('127.0.0.1:1'))
  await Promise.all([undoLast(BOB), undoLast(ALICE)])
  expect([main.host('a').weight, lb().listenerList.length]).toEqual([1, 2])
  withOrigin(ALICE, () => (main.host('a').weight = 5))
  const twice = await Promise.allSettled([undoLast(), undoLast()])
  expect(twice).toMatchObject([{ status: 'fulfilled' }, { reason: { code: 'REFUSED' } }])
})

test('where a port does not open again everything is as it was before the undo', async () => {
  await withOrigin(ALICE, async () => {
    await balancer.service('web').closeListener('127.0.0.1:1')
    main.host('a').weight = 5
  })
  taken.add('127.0.0.1:1')
  await expect(undoLast()).rejects.toThrow('127.0.0.1:1 is held')
  expect(main.host('a').weight).toBe(5)
  taken.clear()
  await undoLast()
  expect(main.host('a').weight).toBe(1)
  expect(balancer.listenerList.map(({ address }) => address)).toEqual([
    '127.0.0.1:1',
    '127.0.0.1:2',
  ])
})

test('only so many acts are kept, and none that is too large', async () => {
  for (let turn = 0; turn <= LIMITS.actsKept; turn++)
    withOrigin(ALICE, () => (main.host('a').weight = 1 + ((turn + 1) % 2)))
  expect(journal.acts()).toHaveLength(LIMITS.actsKept)
  withOrigin(BOB, () => {
    for (let turn = 0; turn <= LIMITS.actChangesMax; turn++)
      main.host('b').weight = 1 + ((turn + 1) % 2)
  })
  await expect(undoLast(BOB)).rejects.toThrow('it cannot be undone')
  expect(journal.act(journal.lastOf(BOB)?.number ?? 0).changes).toEqual([])
})
