// Ports at run time: opened, moved, closed, refused; nothing half done.
import { describe, expect, test } from 'vitest'
import { Balancer } from '../../src/model/balancer.ts'
import type { Listener } from '../../src/model/listener.ts'
import { deferred } from '../helpers/deferred.ts'
import { followedBalancer } from '../helpers/followed.ts'

describe('a service', () => {
  test('listens once its port is open, and knows where', async () => {
    const { balancer, ports } = await followedBalancer()
    const listener = await balancer.service('web').listen('127.0.0.1:8181', { maxSessions: 5 })
    expect(listener).toMatchObject({ state: 'open', bound: '127.0.0.1:8181', maxSessions: 5 })
    expect(ports.calls.at(-1)).toBe('open 127.0.0.1:8181')
  })

  test.each(['127.0.0.1:8080x', 'a b:1', '', '[::1', undefined, 8080])(
    'does not listen on %j, which is no address',
    async (address) => {
      const { balancer, refused } = await followedBalancer()
      const listen = () => balancer.service('web').listen(address as string)
      await refused(listen, 'VALUE_BAD', 'listen on ip:port, [ipv6]:port')
    },
  )

  test('does not listen twice on one address, however it is written', async () => {
    const { balancer, refused } = await followedBalancer()
    const web = balancer.service('web')
    await refused(() => web.listen(' 127.0.0.1:8080 '), 'NAME_TAKEN', 'already listens on')
  })

  test('that is refused a port is as it was', async () => {
    const { balancer, ports, refused } = await followedBalancer()
    ports.taken.add('127.0.0.1:8181')
    await refused(() => balancer.service('web').listen('127.0.0.1:8181'), 'PORT_TAKEN')
    ports.taken.clear()
    await balancer.service('web').listen('127.0.0.1:8181')
  })

  test('that is refused a value opens nothing', async () => {
    const { balancer, ports, refused } = await followedBalancer()
    const wrong = { maxSessions: -1 }
    await refused(() => balancer.service('web').listen('127.0.0.1:8181', wrong), 'VALUE_BAD')
    expect(ports.calls).toEqual(['open 127.0.0.1:8080'])
  })

  test('asked twice at the same time opens the address once', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    const both = await Promise.allSettled([web.listen('127.0.0.1:1'), web.listen('127.0.0.1:1')])
    expect(both).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'NAME_TAKEN' } },
    ])
    expect(ports.calls).toEqual(['open 127.0.0.1:8080', 'open 127.0.0.1:1'])
  })

  test('closes a port, which can then be opened again', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    const before = web.listener('127.0.0.1:8080')
    await web.closeListener('127.0.0.1:8080')
    expect(before).toMatchObject({ state: 'closed', bound: '' })
    expect(await web.listen('127.0.0.1:8080')).not.toBe(before)
    expect(ports.calls.join()).toBe('open 127.0.0.1:8080,close 127.0.0.1:8080,open 127.0.0.1:8080')
  })

  test('does not close what it does not listen on', async () => {
    const { balancer, refused } = await followedBalancer()
    await refused(() => balancer.service('web').closeListener('127.0.0.1:1'), 'NOT_FOUND')
  })
})

describe('a listener that is moved', () => {
  test('keeps its settings, and the new port is open before the old one is closed', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    Object.assign(web.listener('127.0.0.1:8080'), { maxSessions: 5, deny: ['10.0.0.0/8'] })
    const moved = await web.moveListener('127.0.0.1:8080', '127.0.0.1:8181')
    expect(moved.snapshot()).toMatchObject({ maxSessions: 5, deny: ['10.0.0.0/8'], proxy: 'none' })
    expect(Object.keys(web.listeners)).toEqual(['127.0.0.1:8181'])
    expect(ports.calls.slice(1)).toEqual(['open 127.0.0.1:8181', 'close 127.0.0.1:8080'])
  })

  test('stays where it is when the new port is refused', async () => {
    const { balancer, ports, refused } = await followedBalancer()
    ports.taken.add('127.0.0.1:8181')
    const move = () => balancer.service('web').moveListener('127.0.0.1:8080', '127.0.0.1:8181')
    await refused(move, 'PORT_TAKEN')
    expect(balancer.service('web').listener('127.0.0.1:8080').state).toBe('open')
  })

  test.each([
    ['*:8080', ['close 127.0.0.1:8080', 'open *:8080']],
    ['0.0.0.0:8080', ['close 127.0.0.1:8080', 'open 0.0.0.0:8080']],
    ['127.0.0.2:8080', ['open 127.0.0.2:8080', 'close 127.0.0.1:8080']],
  ])('to %s closes first only where one port needs the other closed', async (to, calls) => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    web.listener('127.0.0.1:8080').maxSessions = 5
    const moved = await web.moveListener('127.0.0.1:8080', to)
    expect(moved).toMatchObject({ state: 'open', maxSessions: 5 })
    expect(ports.calls.slice(1)).toEqual(calls)
    expect(Object.keys(web.listeners)).toEqual([to])
  })

  test('from a port that the system chose closes first as well', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    ports.chosen = 9_000
    await web.listen('127.0.0.1:0')
    await web.moveListener('127.0.0.1:0', '*:9000')
    expect(ports.calls.slice(-2)).toEqual(['close 127.0.0.1:0', 'open *:9000'])
  })

  test('in place is opened again where it was when the new port is refused', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    web.listener('127.0.0.1:8080').maxSessions = 5
    ports.taken.add('*:8080')
    await expect(web.moveListener('127.0.0.1:8080', '*:8080')).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
    expect(web.listenerList).toMatchObject([
      { address: '127.0.0.1:8080', state: 'open', maxSessions: 5 },
    ])
    ports.taken.add('127.0.0.1:8080')
    await expect(web.moveListener('127.0.0.1:8080', '*:8080')).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringMatching(
        /\*:8080; and web\/listen\/127.0.0.1:8080 could not be opened/,
      ),
    })
    expect(web.listenerList).toEqual([])
  })

  test('is not moved to where it is, nor from where it is not', async () => {
    const { balancer, refused } = await followedBalancer()
    const web = balancer.service('web')
    await refused(() => web.moveListener('127.0.0.1:8080', '127.0.0.1:8080'), 'NAME_TAKEN')
    await refused(() => web.moveListener('127.0.0.1:1', '127.0.0.1:2'), 'NOT_FOUND')
  })
})

describe('a service that comes or goes', () => {
  test('is not there when one of its ports cannot be opened, and gives back the others', async () => {
    const { balancer, ports } = await followedBalancer()
    ports.taken.add('127.0.0.1:54')
    const listeners = [{ address: '127.0.0.1:53' }, { address: '127.0.0.1:54' }] as never
    await expect(balancer.addService('dns', { listeners })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
    expect(Object.keys(balancer.services)).toEqual(['web'])
    expect([...ports.held]).toEqual(['127.0.0.1:8080'])
    ports.taken.clear()
    expect((await balancer.addService('dns', { listeners })).listenerList).toHaveLength(2)
  })

  test('closes its ports when it is removed', async () => {
    const { balancer, ports } = await followedBalancer()
    await balancer.service('web').listen('127.0.0.1:8181')
    await balancer.removeService('web')
    expect([...ports.held]).toEqual([])
    expect(balancer.serviceList).toEqual([])
  })

  test('is removed once, and nothing that came after it, when that is asked for twice', async () => {
    const closing = deferred<void>()
    const ports = {
      open: async ({ address }: Listener) => address,
      close: async () => closing.promise,
    }
    const balancer = new Balancer({ ports })
    const removed: string[] = []
    balancer.follow(({ action, path }) => action === 'remove' && removed.push(path))
    const web = await balancer.addService('web')
    for (const port of [1, 2, 3]) await web.listen(`127.0.0.1:${port}`)
    const both = [balancer.removeService('web'), balancer.removeService('web')]
    const anew = both[1]?.then(() => balancer.addService('web'))
    closing.resolve()
    await Promise.all(both)
    expect(balancer.service('web')).toBe(await anew)
    const listeners = [1, 2, 3].map((port) => `web/listen/127.0.0.1:${port}`)
    expect(removed).toEqual([...listeners, 'web'])
  })

  test('and was removed while its ports were opened takes no other service along', async () => {
    const open = deferred<string>()
    const ports = { open: () => open.promise, close: async () => {} }
    const balancer = new Balancer({ ports })
    const listeners = [{ address: '127.0.0.1:1' }] as never
    const adding = balancer.addService('web', { listeners })
    await balancer.removeService('web')
    const anew = await balancer.addService('web')
    open.resolve('127.0.0.1:1')
    await expect(adding).rejects.toThrow(/web was removed/)
    expect(balancer.service('web')).toBe(anew)
  })

  test('closes a port once, though an operator closes it in the meantime', async () => {
    const { balancer, ports } = await followedBalancer()
    const web = balancer.service('web')
    await web.listen('127.0.0.1:8181')
    await Promise.all([balancer.removeService('web'), web.closeListener('127.0.0.1:8181')])
    expect([...ports.held, ...balancer.serviceList]).toEqual([])
  })

  test('leaves no port behind that was being opened when it was removed', async () => {
    const open = deferred<string>()
    const held = new Set<string>()
    const ports = {
      open: async ({ address }: Listener) => {
        held.add(address)
        return await open.promise
      },
      close: async ({ address }: Listener) => {
        held.delete(address)
      },
    }
    const balancer = new Balancer({ ports })
    const web = await balancer.addService('web')
    const listening = web.listen('127.0.0.1:8080')
    await balancer.removeService('web')
    open.resolve('127.0.0.1:8080')
    await expect(listening).rejects.toThrow(/web was removed/)
    expect([...held]).toEqual([])
  })
})
