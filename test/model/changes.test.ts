// Changes: one for every edit, numbered, with who, what, where, from and to; told to all, in order.
import { describe, expect, test } from 'vitest'
import { currentOrigin, withOrigin } from '../../src/base/origin.ts'
import { Changes, type Change } from '../../src/model/change.ts'
import { followedBalancer } from '../helpers/followed.ts'

describe('every verb is one change', () => {
  test('of a host', async () => {
    const { balancer, told } = await followedBalancer()
    const main = balancer.service('web').group('main')
    const added = {
      name: 'd',
      address: '10.0.0.4:80',
      weight: 2,
      intent: 'enabled',
      maxSessions: 0,
    }
    expect(await told(() => main.addHost('d', '10.0.0.4:80', { weight: 2 }))).toMatchObject([
      { action: 'add', path: 'web/main/d', to: added },
    ])
    expect(await told(() => main.host('d').drain())).toMatchObject([
      { action: 'set', path: 'web/main/d', field: 'intent', from: 'enabled', to: 'draining' },
    ])
    expect(await told(() => main.host('d').disable())).toMatchObject([{ to: 'disabled' }])
    expect(await told(() => main.host('d').enable())).toMatchObject([{ to: 'enabled' }])
    expect(await told(() => main.host('d').setHealth('down', 'connection refused'))).toMatchObject([
      { action: 'set', field: 'health', from: 'unknown', to: 'down' },
    ])
    expect(await told(() => main.removeHost('d'))).toMatchObject([
      { action: 'remove', path: 'web/main/d', from: added },
    ])
  })

  test('of a group', async () => {
    const { balancer, told } = await followedBalancer()
    const web = balancer.service('web')
    expect(await told(() => web.addGroup('third', { retries: 3 }))).toMatchObject([
      { action: 'add', path: 'web/third', to: { name: 'third', retries: 3, hosts: [] } },
    ])
    expect(await told(() => web.enableGroup('third'))).toMatchObject([
      { action: 'set', path: 'web', field: 'enabledGroup', from: 'main', to: 'third' },
    ])
    expect(await told(() => web.removeGroup('main'))).toMatchObject([
      { action: 'remove', path: 'web/main', from: { name: 'main' } },
    ])
  })

  test('of a listener', async () => {
    const { balancer, told } = await followedBalancer()
    const web = balancer.service('web')
    const path = 'web/listen/127.0.0.1:8181'
    expect(await told(() => web.listen('127.0.0.1:8181', { maxSessions: 5 }))).toMatchObject([
      { action: 'add', path, to: { address: '127.0.0.1:8181', maxSessions: 5 } },
    ])
    expect(await told(() => web.closeListener('127.0.0.1:8181'))).toMatchObject([
      { action: 'remove', path, from: { address: '127.0.0.1:8181', maxSessions: 5 } },
    ])
  })

  test('of a service: itself with its groups, then each listener', async () => {
    const { balancer, told } = await followedBalancer()
    const groups = [{ name: 'g', hosts: [{ name: 'x', address: '10.0.0.5:53' }] }] as never
    const listeners = [{ address: '127.0.0.1:53' }] as never
    expect(await told(() => balancer.addService('dns', { groups, listeners }))).toMatchObject([
      { action: 'add', path: 'dns', to: { groups: [{ name: 'g' }], enabledGroup: 'g' } },
      { action: 'add', path: 'dns/listen/127.0.0.1:53' },
    ])
    expect((await told(() => balancer.removeService('dns'))).at(-1)).toMatchObject({
      action: 'remove',
      path: 'dns',
      from: { name: 'dns', groups: [{ name: 'g', hosts: [{ name: 'x' }] }] },
    })
  })

  test('of an ask function, by its name', async () => {
    const { balancer, told } = await followedBalancer()
    const main = balancer.service('web').group('main')
    const byName = () => 'a'
    const set = { action: 'set', path: 'web/main', field: 'ask' }
    expect(await told(() => Object.assign(main, { ask: byName }))).toMatchObject([
      { ...set, from: '', to: 'byName' },
    ])
    expect(await told(() => Object.assign(main, { ask: byName }))).toEqual([])
    expect(await told(() => Object.assign(main, { ask: undefined }))).toMatchObject([
      { ...set, from: 'byName', to: '' },
    ])
    expect(await told(() => Object.assign(main, { ask: undefined }))).toEqual([])
  })

  test('of checks, which are complete', async () => {
    const { balancer, told } = await followedBalancer()
    const main = balancer.service('web').group('main')
    const set = () => Object.assign(main, { checks: [{ type: 'http', path: '/healthz' }] })
    expect(await told(set)).toMatchObject([
      { field: 'checks', from: [], to: [{ type: 'http', path: '/healthz', rise: 2, fall: 3 }] },
    ])
    expect(await told(set)).toEqual([])
  })
})

test('what is what it was before is no change', async () => {
  const { balancer, told } = await followedBalancer()
  const web = balancer.service('web')
  const host = web.group('main').host('a')
  const nothing = () => {
    host.weight = 1
    host.address = '10.0.0.1:80'
    host.enable()
    host.setHealth('unknown', 'still')
    web.enabledGroup = 'main'
    web.group('main').scheduler = 'LEASTCONNS' as 'leastconns'
    balancer.configure('hostCheck', { intervalMs: 10_000 })
    balancer.setUsers([])
  }
  expect(await told(nothing)).toEqual([])
})

test('changes carry number, time and origin', async () => {
  const { balancer, told } = await followedBalancer()
  const before = balancer.changeNumber
  const host = balancer.service('web').group('main').host('a')
  const changes = await told(() => {
    host.weight = 2
    withOrigin('ssh:alice', () => {
      host.weight = 3
    })
  })
  expect(changes.map(({ origin }) => origin)).toEqual(['embedding', 'ssh:alice'])
  expect(changes.map(({ number }) => number)).toEqual([before + 1, before + 2])
  expect(changes.map(({ time }) => time)).toEqual([1_700_000_000_000, 1_700_000_000_000])
  expect(balancer.changeNumber).toBe(before + 2)
})

test('changes of one act have its number, and what belongs to none is an act of its own', async () => {
  const { balancer, told } = await followedBalancer()
  const host = balancer.service('web').group('main').host('a')
  const acts: number[] = []
  const changes = await told(async () => {
    await withOrigin('ssh:alice', async () => {
      acts.push(balancer.act)
      host.weight = 2
      await balancer.service('web').listen('127.0.0.1:1')
      withOrigin('ssh:bob', () => host.drain())
      host.weight = 3
      acts.push(balancer.act)
    })
    host.weight = 4
    host.weight = 5
  })
  const [first = 0] = changes.map(({ act }) => act)
  const numbers = [first, first, first + 1, first, first + 2, first + 3]
  expect(changes.map(({ act }) => act)).toEqual(numbers)
  expect([...acts, balancer.act]).toEqual([0, first, 0])
})

test('what is removed says which one stood behind it', async () => {
  const { balancer, told } = await followedBalancer()
  const main = balancer.service('web').group('main')
  for (const name of ['y', 'z']) main.addHost(name, '10.0.0.9:80')
  const both = await told(() => [main.removeHost('y'), main.removeHost('z')])
  const changes = both.slice(-2)
  expect(changes).toMatchObject([{ before: 'z' }, { action: 'remove' }])
  expect(changes[1]).not.toHaveProperty('before')
})

test('the origin of a verb that waits for a port is who called it', async () => {
  const { balancer, told } = await followedBalancer()
  const listen = () => withOrigin('ssh:alice', () => balancer.service('web').listen('127.0.0.1:1'))
  expect(await told(listen)).toMatchObject([{ origin: 'ssh:alice' }])
  expect(currentOrigin()).toBe('embedding')
})

describe('followers', () => {
  test('are told in the order in which they came, until they stop', () => {
    const changes = new Changes(() => 0)
    const heard: string[] = []
    const stopFirst = changes.follow(({ path }) => heard.push(`1${path}`))
    changes.follow(({ path }) => heard.push(`2${path}`))
    changes.publish({ action: 'add', path: 'a' })
    stopFirst()
    changes.publish({ action: 'add', path: 'b' })
    expect(heard).toEqual(['1a', '2a', '2b'])
  })

  test('all hear of a change before they hear of what one of them does about it', () => {
    const changes = new Changes(() => 0)
    const heard: string[] = []
    changes.follow(({ path }) => {
      if (path === 'a') changes.publish({ action: 'add', path: 'because of a' })
    })
    changes.follow(({ number, path }) => heard.push(`${number} ${path}`))
    changes.publish({ action: 'add', path: 'a' })
    changes.publish({ action: 'add', path: 'b' })
    expect(heard).toEqual(['1 a', '2 because of a', '3 b'])
  })

  test('who stops while a change is told hears no more, who comes then hears of the next one', () => {
    const changes = new Changes(() => 0)
    const heard: string[] = []
    const late = ({ path }: Change) => heard.push(`late ${path}`)
    changes.follow(() => {
      stopSecond()
      changes.follow(late)
    })
    const stopSecond = changes.follow(({ path }) => heard.push(`second ${path}`))
    changes.publish({ action: 'add', path: 'a' })
    changes.publish({ action: 'add', path: 'b' })
    expect(heard).toEqual(['late b'])
  })

  test('one that throws neither refuses the edit nor keeps others from hearing of it', async () => {
    const { balancer, told } = await followedBalancer()
    const fault = new Error('of a follower')
    balancer.follow(() => {
      throw fault
    })
    const heard: string[] = []
    balancer.follow(({ path }) => heard.push(path))
    const host = balancer.service('web').group('main').host('a')
    const unhandled = uncaught()
    expect(await told(() => host.drain())).toHaveLength(1)
    expect([host.intent, heard]).toEqual(['draining', ['web/main/a']])
    expect(await unhandled).toBe(fault)
  })
})

/** The next error that nobody catches, taken from the runner, which would fail the run for it. */
function uncaught(): Promise<unknown> {
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  return new Promise((resolve) => {
    process.once('uncaughtException', (error) => {
      for (const listener of listeners) process.on('uncaughtException', listener)
      resolve(error)
    })
  })
}
