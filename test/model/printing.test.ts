// What an operator sees at a prompt: short trees, flat facts, names to complete, and no secrets.
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import { start as startPrompt } from 'node:repl'
import { describe, expect, onTestFinished, test } from 'vitest'
import { followedBalancer } from '../helpers/followed.ts'
import { Host } from '../../src/model/host.ts'

/** A balancer in which something goes on. */
async function busyBalancer() {
  const { balancer } = await followedBalancer()
  const web = balancer.service('web')
  const main = web.group('main')
  main.scheduler = 'weightedroundrobin'
  main.host('a').weight = 20
  Host.countersOf(main.host('a')).open = 3
  main.host('b').drain()
  main.host('c').address = '[2001:db8::7]:80'
  main.host('c').setHealth('down', 'connection refused')
  web.group('spare').host('s').setHealth('down', 'exit 1:\n\u001B[31mred')
  main.noteWaiting(2)
  balancer.setUsers([{ name: 'alice', password: '$scrypt$secret', keys: ['ssh-ed25519 AAAA'] }])
  await balancer.addService('dns')
  return balancer
}

const SPARE = [
  'group spare, leastconns, does not serve, 0 of 1 ready, 0 open, PANIC',
  '  s  10.0.0.9:80  weight 1, 0 open, down: exit 1:  [31mred',
]
const MAIN = [
  'group main, weightedroundrobin, serves, 1 of 3 ready, 3 open, 2 waiting',
  '  a  10.0.0.1:80       weight 20, 3 open, ready',
  '  b  10.0.0.2:80       weight 1, 0 open, draining',
  '  c  [2001:db8::7]:80  weight 1, 0 open, down: connection refused',
]
const WEB = [
  'service web, tcp, on 127.0.0.1:8080',
  ...[...MAIN, ...SPARE].map((line) => `  ${line}`),
]
const DNS = ['service dns, tcp, listens nowhere', '  no groups']
const ALL = [...WEB, ...DNS]

describe('at a prompt', () => {
  test('a balancer is a tree of services, groups and hosts', async () => {
    const text = inspect(await busyBalancer())
    expect(text.split('\n')).toEqual(['balancer', ...ALL.map((line) => `  ${line}`)])
  })

  test('a service and a group are their part of it', async () => {
    const { services } = await busyBalancer()
    expect(inspect(services.web).split('\n')).toEqual(WEB)
    expect(inspect(services.web?.groups.main).split('\n')).toEqual(MAIN)
  })

  test('records of objects are lists of them', async () => {
    const { services } = await busyBalancer()
    expect(inspect(services).split('\n')).toEqual(ALL)
    expect(inspect(services.web?.groups).split('\n')).toEqual([...MAIN, ...SPARE])
    expect(inspect(services.web?.groups.spare?.hosts)).toBe(SPARE[1]?.trim())
    expect(inspect(services.web?.listeners)).toBe('127.0.0.1:8080, open, 0 open')
    expect(inspect([services.dns?.groups, services.dns?.listeners])).toBe(
      '[ no groups, no listeners ]',
    )
  })

  test('a host and a listener are flat facts', async () => {
    const { services } = await busyBalancer()
    const host = services.web?.groups.main?.hosts.c
    expect(inspect(host)).toBe(inspect(host?.describe()))
    expect(host?.describe()).toEqual({
      service: 'web',
      group: 'main',
      name: 'c',
      address: '[2001:db8::7]:80',
      weight: 1,
      intent: 'enabled',
      health: 'down',
      ready: false,
      open: 0,
      total: 0,
      failed: 0,
      reason: 'connection refused',
      maxSessions: 0,
      healthReason: 'connection refused',
    })
    const listener = services.web?.listeners['127.0.0.1:8080']
    expect(inspect(listener)).toBe(inspect(listener?.describe()))
  })

  test('many hosts are as many lines as an array would have', async () => {
    const { balancer } = await followedBalancer()
    const spare = balancer.service('web').group('spare')
    for (let i = 1; i < 500; i++) spare.addHost(`h${i}`, '10.0.0.1:80')
    const lines = inspect(balancer, { maxArrayLength: 10 }).split('\n')
    expect(lines).toHaveLength(18)
    expect(lines.at(-1)).toBe('      … 490 more hosts')
    expect(inspect(balancer, { maxArrayLength: null }).split('\n')).toHaveLength(507)
  })

  test('nothing shows how it is made', async () => {
    const balancer = await busyBalancer()
    const web = balancer.service('web')
    const objects = [
      balancer,
      balancer.services,
      web,
      web.groups,
      web.listeners,
      ...web.listenerList,
    ]
    for (const object of [...objects, ...web.groupList, ...(web.groupList[0]?.hostList ?? [])])
      expect(inspect(object)).not.toMatch(/#|Symbol|null prototype|\[Object\]|\[Function|undefined/)
  })

  test('it is the same in the middle of something else', async () => {
    const { services } = await busyBalancer()
    expect(
      inspect({ deep: { deeper: { deepest: { it: services.dns } } } }, { depth: 9 }),
    ).toContain('service dns, tcp, listens nowhere')
  })
})

describe('as data', () => {
  test('every object is JSON, and the same as what it describes', async () => {
    const balancer = await busyBalancer()
    const web = balancer.service('web')
    const objects = [
      balancer,
      web,
      ...web.listenerList,
      ...web.groupList,
      ...web.group('main').hostList,
    ]
    for (const object of objects)
      expect(JSON.parse(JSON.stringify(object))).toEqual(
        JSON.parse(JSON.stringify(object.describe())),
      )
    expect(JSON.parse(JSON.stringify(balancer.services))).toHaveProperty('web.groups', [
      'main',
      'spare',
    ])
  })

  test('what is described is what people ask for', async () => {
    const balancer = await busyBalancer()
    expect(balancer.service('web').describe()).toEqual({
      name: 'web',
      mode: 'tcp',
      listeners: ['127.0.0.1:8080'],
      groups: ['main', 'spare'],
      enabledGroup: 'main',
      panic: false,
      pausedUntil: null,
      open: 0,
      total: 0,
      failed: 0,
      accessLog: false,
      engine: 'auto',
    })
    expect(balancer.service('web').group('main').describe()).toEqual({
      service: 'web',
      name: 'main',
      enabled: true,
      scheduler: 'weightedroundrobin',
      ask: '',
      ready: 1,
      panic: false,
      open: 3,
      waiting: 2,
      maxSessions: 0,
      hosts: ['a', 'b', 'c'],
    })
  })

  test('no secret is printed, described or sent', async () => {
    const balancer = await busyBalancer()
    const texts = [inspect(balancer, { depth: 9 }), JSON.stringify(balancer)]
    for (const text of [...texts, JSON.stringify(balancer.describe())])
      expect(text).not.toMatch(/secret|ssh-ed25519|AAAA/)
    expect(balancer.describe().users).toEqual([{ name: 'alice', access: 'readonly' }])
  })
})

describe('TAB', () => {
  const completed = async (line: string): Promise<string[]> => {
    const balancer = await busyBalancer()
    const [input, output] = [new PassThrough(), new PassThrough()]
    output.resume()
    const prompt = startPrompt({ input, output, prompt: '' })
    prompt.context['lb'] = balancer
    onTestFinished(async () => {
      const exited = once(prompt, 'exit')
      prompt.close()
      await exited
    })
    return await new Promise((resolve, reject) => {
      prompt.completer(line, (error, found) => (error ? reject(error) : resolve(found?.[0] ?? [])))
    })
  }

  test.each([
    ['lb.services.', ['lb.services.dns', 'lb.services.web']],
    ['lb.services.web.groups.', ['lb.services.web.groups.main', 'lb.services.web.groups.spare']],
    ['lb.services.web.groups.spare.hosts.', ['lb.services.web.groups.spare.hosts.s']],
  ])('%s lists names and nothing else', async (line, names) => {
    expect((await completed(line)).filter((name) => name !== '')).toEqual(names)
  })

  test('verbs and fields of an object are found by their beginning', async () => {
    expect(await completed('lb.services.web.groups.main.hosts.a.wei')).toContain(
      'lb.services.web.groups.main.hosts.a.weight',
    )
    expect(await completed('lb.services.web.mo')).toContain('lb.services.web.moveListener')
  })
})
