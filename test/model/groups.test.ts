// Groups and their hosts: order, the last host, which group serves, who is ready and when it is a panic.
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { Host } from '../../src/model/host.ts'
import { followedBalancer } from '../helpers/followed.ts'

describe('hosts', () => {
  test('stand in file order, a new one at the end or before another', async () => {
    const { balancer } = await followedBalancer()
    const main = balancer.service('web').group('main')
    main.addHost('d', '10.0.0.4:80')
    main.addHost('0', '10.0.0.5:80', { before: 'b' })
    expect(main.hostList.map(({ name }) => name).join('')).toBe('a0bcd')
    expect(
      main
        .snapshot()
        .hosts.map(({ name }) => name)
        .join(''),
    ).toBe('a0bcd')
  })

  test('are not added before a host that is not there', async () => {
    const { balancer, refused } = await followedBalancer()
    const add = () =>
      balancer.service('web').group('main').addHost('d', '10.0.0.4:80', { before: 'B' })
    await refused(add, 'NOT_FOUND', 'no host B in web/main, did you mean b?')
  })

  test('may share an address, as hosts of different weight or of other groups', async () => {
    const { balancer } = await followedBalancer()
    expect(balancer.service('web').group('main').addHost('d', '10.0.0.1:80').ready).toBe(true)
  })

  test('are as many as the limit allows', async () => {
    const { balancer, refused, changes } = await followedBalancer()
    const main = balancer.service('web').group('main')
    for (let i = 3; i < LIMITS.groupHostsMax; i++) main.addHost(`h${i}`, '10.0.0.1:80')
    changes.length = 0
    const add = () => main.addHost('more', '10.0.0.1:80')
    await refused(add, 'REFUSED', `web/main has ${LIMITS.groupHostsMax} hosts`)
  })

  test('the last one of the serving group is removed only by force', async () => {
    const { balancer, refused, changes } = await followedBalancer()
    const main = balancer.service('web').group('main')
    main.removeHost('a')
    main.removeHost('b')
    changes.length = 0
    await refused(() => main.removeHost('c'), 'REFUSED', 'last host', 'add another one first')
    main.removeHost('c', { force: true })
    expect([main.hostList, Object.keys(main.hosts)]).toEqual([[], []])
  })

  test('the last one of another group may go', async () => {
    const { balancer } = await followedBalancer()
    balancer.service('web').group('spare').removeHost('s')
    expect(balancer.service('web').group('spare').hostList).toEqual([])
  })
})

describe('the group that serves', () => {
  test('is the first one, until another is enabled, by verb or by assignment', async () => {
    const { balancer } = await followedBalancer()
    const web = balancer.service('web')
    expect([web.enabledGroup, web.group('main').enabled]).toEqual(['main', true])
    expect(web.enableGroup('spare')).toBe(web.servingGroup)
    expect(web.groupList.map(({ enabled }) => enabled)).toEqual([false, true])
    web.enabledGroup = 'main'
    expect(web.servingGroup?.name).toBe('main')
  })

  test('is the first one also where a service comes with its groups', async () => {
    const { balancer } = await followedBalancer()
    const groups = [{ name: 'one' }, { name: '2' }] as never
    expect((await balancer.addService('dns', { groups })).enabledGroup).toBe('one')
    const named = await balancer.addService('dns2', { groups, enabledGroup: '2' })
    expect(named.enabledGroup).toBe('2')
  })

  test('is no group that is not there', async () => {
    const { balancer, refused } = await followedBalancer()
    const web = balancer.service('web')
    await refused(() => web.enableGroup('spaer'), 'NOT_FOUND', 'did you mean spare?')
    await refused(() => Object.assign(web, { enabledGroup: '' }), 'NOT_FOUND')
    const enabledGroup = 'nothing'
    await refused(
      () => balancer.addService('dns', { enabledGroup }),
      'NOT_FOUND',
      'no group nothing',
    )
  })

  test('is not removed', async () => {
    const { balancer, refused } = await followedBalancer()
    const web = balancer.service('web')
    await refused(() => web.removeGroup('main'), 'REFUSED', 'enable another one first')
    web.enableGroup('spare')
    web.removeGroup('main')
    expect(Object.keys(web.groups)).toEqual(['spare'])
  })
})

describe('a host is ready', () => {
  test('while it is wanted, not down, and below its limit; and says why it is not', async () => {
    const { balancer } = await followedBalancer()
    const host = balancer.service('web').group('main').host('a')
    const state = () => [host.ready, host.notReadyBecause]
    expect(state()).toEqual([true, ''])
    host.drain()
    expect(state()).toEqual([false, 'draining'])
    host.enable()
    host.weight = 0
    expect(state()).toEqual([false, 'weight 0'])
    host.weight = 1
    host.maxSessions = 2
    Host.countersOf(host).open = 2
    expect(state()).toEqual([false, 'at its limit of 2 sessions'])
    Host.countersOf(host).open = 1
    host.setHealth('down', 'connection refused')
    expect(state()).toEqual([false, 'connection refused'])
    host.setHealth('up', '')
    expect(state()).toEqual([true, ''])
  })

  test('again after it got another address, since nobody has looked there', async () => {
    const { balancer, told } = await followedBalancer()
    const host = balancer.service('web').group('main').host('a')
    host.setHealth('down', 'connection refused')
    await told(() => {})
    const changes = await told(() => Object.assign(host, { address: '10.0.0.8:80' }))
    expect(changes.map(({ field, to }) => [field, to])).toEqual([
      ['address', '10.0.0.8:80'],
      ['health', 'unknown'],
    ])
    expect(host).toMatchObject({ health: 'unknown', ready: true })
  })
})

describe('a group panics', () => {
  test('when every wanted host is down, and no longer when one is up', async () => {
    const { balancer } = await followedBalancer()
    const main = balancer.service('web').group('main')
    main.host('a').disable()
    main.host('b').setHealth('down', 'refused')
    expect(main.panic).toBe(false)
    main.host('c').setHealth('down', 'refused')
    expect([main.panic, balancer.service('web').describe().panic]).toEqual([true, true])
    main.host('b').setHealth('up', '')
    expect(main.panic).toBe(false)
  })

  test('never without a wanted host', async () => {
    const { balancer } = await followedBalancer()
    const main = balancer.service('web').group('main')
    for (const host of main.hostList) {
      host.setHealth('down', 'refused')
      host.weight = 0
    }
    expect([main.panic, balancer.service('web').addGroup('empty').panic]).toEqual([false, false])
  })
})

describe('checks', () => {
  test.each([
    [{ type: 'exec' }, 'a check of type exec needs a command'],
    [{ type: 'ping' }, 'type is one of tcp, http, exec, got "ping"'],
    [{ type: 'http', path: 'healthz' }, 'path is a path that starts with /'],
    [{ status: '2xx' }, 'status is status codes or ranges'],
    [{ intervalMs: 99 }, 'interval is a number with its unit'],
    [{ rise: 0 }, 'rise is a whole number from 1 to 100'],
    [{ match: 'two\nlines' }, 'match is text of at most 1000 characters on one line'],
    [{ intervall: '5s' }, 'no field intervall'],
  ])('%j is refused: %s', async (check, words) => {
    const { balancer, refused } = await followedBalancer()
    const main = balancer.service('web').group('main')
    const set = () => Object.assign(main, { checks: [{ type: 'tcp' }, check] })
    await refused(set, 'VALUE_BAD', 'web/main', words)
    const group = { checks: [check] } as never
    await refused(() => balancer.service('web').addGroup('more', group), 'VALUE_BAD', words)
  })

  test('an ask that is no function is refused', async () => {
    const { balancer, refused } = await followedBalancer()
    const main = balancer.service('web').group('main')
    for (const ask of ['a', null, {}, Symbol('s')])
      await refused(
        () => Object.assign(main, { ask }),
        'VALUE_BAD',
        'ask is a function or undefined',
      )
  })

  test('they cannot be changed behind the back of the balancer', async () => {
    const { balancer } = await followedBalancer()
    const main = balancer.service('web').group('main')
    main.checks = [{ type: 'tcp' }]
    expect(() => Object.assign(main.checks[0] ?? {}, { rise: 9 })).toThrow(TypeError)
    expect(() => Object.assign(main.checks, { length: 0 })).toThrow(TypeError)
  })
})
