// Sluice inside an application, on real sockets: what may be asked for, what is refused, and a clean end.
import { describe, expect, onTestFinished, test } from 'vitest'
import { type EmbeddedBalancer, type EmbeddedOptions, createBalancer } from '../../src/index.ts'
import { connectTo, connecting, exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost, namingHost, refusingAddress, silentHost } from '../helpers/hosts.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { socketPath } from '../helpers/socket-path.ts'

const FRONT = '127.0.0.1:0'

test('the shortest form is one address and some hosts', async () => {
  const lb = await started({ listen: FRONT, hosts: await addresses('abc') })
  expect(Object.keys(lb.addresses)).toEqual(['web'])
  expect(await names(lb, 3)).toHaveLength(3)
  const { hostList, scheduler } = lb.balancer.service('web').group('main')
  expect([hostList.map(({ name }) => name), scheduler]).toEqual([
    ['host.0', 'host.1', 'host.2'],
    'leastconns',
  ])
})

test('the long form has services, groups, hosts and settings of each', async () => {
  const [a = '', b = '', c = '', d = ''] = await addresses('abcd')
  const path = `unix:${socketPath()}`
  const lb = await started({
    services: {
      web: {
        listen: [FRONT, { address: path, maxSessions: 9 }],
        accessLog: true,
        groups: {
          spare: { hosts: [d] },
          main: {
            scheduler: 'weightedroundrobin',
            hosts: [
              { name: 'a', address: a, weight: 2 },
              { name: 'b', address: b },
            ],
          },
        },
        enabledGroup: 'main',
      },
      dns: { listen: FRONT, groups: { corp: { hosts: [c] } } },
    },
  })
  expect(await names(lb, 6)).toBe('aabaab')
  expect(await exchange(path)).toBe('a')
  expect(await exchange(lb.addresses['dns']?.[0] ?? '')).toBe('c')
  expect(lb.balancer.find(`web/listen/${path}`)).toMatchObject({ maxSessions: 9, state: 'open' })
})

test('the engine may be said, for all and for one service', async () => {
  const hosts = await addresses('a')
  const web = { listen: FRONT, engine: 'node', groups: { main: { hosts } } } as const
  const lb = await started({ engine: 'node', engineThreads: 2, services: { web } })
  expect(await names(lb, 1)).toBe('a')
  expect(lb.balancer.service('web').engine).toBe('node')
})

test('a host may be given by name, and is there for the first client', async () => {
  const [a = ''] = await addresses('a')
  const lb = await started({ listen: FRONT, hosts: [a.replace('127.0.0.1', 'localhost')] })
  expect(await names(lb, 1)).toBe('a')
})

test('an ask function names the host, and the scheduler serves where it does not', async () => {
  const [a = '', b = ''] = await addresses('ab')
  const answers = ['b', 'b', 'nobody', undefined]
  const lb = await started({
    services: {
      web: {
        listen: FRONT,
        groups: {
          main: {
            ask: () => answers.shift(),
            hosts: [
              { name: 'a', address: a },
              { name: 'b', address: b },
            ],
          },
        },
      },
    },
  })
  expect(await names(lb, 4)).toBe('bbaa')
})

test('edits of the live graph are felt by the next client', async () => {
  const [a = '', b = '', c = ''] = await addresses('abc')
  const lb = await started({ listen: FRONT, hosts: [{ name: 'a', address: a }] })
  const web = lb.balancer.service('web')
  const main = web.group('main')
  expect(await names(lb, 1)).toBe('a')
  main.addHost('b', b)
  main.host('a').drain()
  expect(await names(lb, 2)).toBe('bb')
  web.addGroup('spare').addHost('c', c)
  web.enableGroup('spare')
  expect(await names(lb, 1)).toBe('c')
  const { bound } = await web.listen('[::1]:0')
  expect(await exchange(bound)).toBe('c')
  expect(lb.addresses['web']).toHaveLength(2)
})

test('a host that is removed finishes its open sessions', async () => {
  const echo = await echoHost()
  onTestFinished(() => echo.close())
  const [b = ''] = await addresses('b')
  const lb = await started({ listen: FRONT, hosts: [echo.address] })
  const client = await connectTo(lb.addresses['web']?.[0] ?? '')
  await eventually(() => echo.accepted === 1, 'the client is in')
  const main = lb.balancer.service('web').group('main')
  main.addHost('b', b)
  main.removeHost('host.0')
  expect(await names(lb, 2)).toBe('bb')
  client.socket.end('still here')
  expect((await client.received()).toString()).toBe('still here')
  await client.closed()
})

test('a dead host costs no client, is told to followers, and is logged', async () => {
  const [b = ''] = await addresses('b')
  const log = new RecordingLog()
  const lb = await started({ listen: FRONT, hosts: [await refusingAddress(), b], log })
  const seen: unknown[] = []
  lb.balancer.follow(({ path, field, to, origin }) => seen.push([path, field, to, origin]))
  expect(await names(lb, 3)).toBe('bbb')
  expect(seen).toEqual([['web/main/host.0', 'health', 'down', 'health']])
  expect(log.of('host down')).toMatchObject([{ level: 'warn', facts: { host: 'host.0' } }])
})

describe('what is wrong is refused, and nothing is left running', () => {
  const bad: readonly (readonly [string, EmbeddedOptions, RegExp])[] = [
    ['an address that is none', { listen: 'nowhere', hosts: ['10.0.0.1:80'] }, /nowhere/],
    ['a host without a port', { listen: FRONT, hosts: ['10.0.0.1'] }, /web\/main\/host\.0.*port/],
    ['an engine that there is not', { engine: 'fast' as never }, /auto, node, splice, got "fast"/],
    ['too many threads', { engineThreads: 65 }, /threads is a whole number from 0 to 64, got 65/],
    ['hosts without a listener', { hosts: ['10.0.0.1:80'] }, /listen and hosts go together/],
    ['a listener without hosts', { listen: FRONT }, /listen and hosts go together/],
    [
      'a weight out of range',
      { listen: FRONT, hosts: [{ address: 'a:1', weight: 257 }] },
      /0 to 256/,
    ],
    [
      'two services of one name',
      { listen: FRONT, hosts: [], services: { web: { listen: FRONT, groups: {} } } },
      /already a service web/,
    ],
    [
      'a group that is not there',
      {
        services: { web: { listen: FRONT, groups: { main: { hosts: [] } }, enabledGroup: 'mian' } },
      },
      /did you mean main/,
    ],
    [
      'a field that there is not',
      {
        services: { web: { listen: FRONT, groups: { main: { hosts: [], retires: 1 } as never } } },
      },
      /did you mean retries/,
    ],
  ]

  test.each(bad)('%s', async (_, options, words) => {
    await expect(createBalancer(options)).rejects.toThrow(words)
  })

  test('a port that is taken, the ports before it given back', async () => {
    const taken = await silentHost()
    onTestFinished(() => taken.close())
    const path = `unix:${socketPath()}`
    const groups = { main: { hosts: ['10.0.0.1:80'] } }
    const services = { web: { listen: [path, taken.address], groups } }
    await expect(createBalancer({ services })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    const lb = await started({ listen: path, hosts: [] })
    expect(lb.addresses['web']).toEqual([path])
  })
})

describe('a stop', () => {
  test('takes nobody new, lets sessions finish, and may be asked for twice', async () => {
    const echo = await echoHost()
    onTestFinished(() => echo.close())
    const lb = await started({ listen: FRONT, hosts: [echo.address] })
    const [front = ''] = lb.addresses['web'] ?? []
    const client = await connectTo(front)
    await eventually(() => echo.accepted === 1, 'the client is in')
    const stopping = lb.stop()
    const late = connecting(front)
    await late.closed()
    expect(late.errors).toEqual(['ECONNREFUSED'])
    client.socket.end('finished')
    expect((await client.received()).toString()).toBe('finished')
    await stopping
    await lb.stop()
    await client.closed()
  })

  test('closes what does not finish by its deadline', async () => {
    const host = await silentHost()
    onTestFinished(() => host.close())
    const lb = await started({ listen: FRONT, hosts: [host.address] })
    const client = await connectTo(lb.addresses['web']?.[0] ?? '')
    client.socket.resume()
    await eventually(() => host.accepted === 1, 'the client is in')
    await lb.stop(0)
    await client.closed()
  })
})

async function started(options: EmbeddedOptions): Promise<EmbeddedBalancer> {
  const lb = await createBalancer(options)
  onTestFinished(() => lb.stop(0))
  return lb
}

/** Addresses of hosts that say their names, one letter each. */
async function addresses(letters: string): Promise<string[]> {
  const hosts = await Promise.all(letters.split('').map((name) => namingHost(name)))
  onTestFinished(async () => {
    await Promise.all(hosts.map((host) => host.close()))
  })
  return hosts.map((host) => host.address)
}

/** Who answers so many clients of the service `web`, one after the other. */
async function names(lb: EmbeddedBalancer, count: number): Promise<string> {
  const got: string[] = []
  for (let i = 0; i < count; i++) got.push(await exchange(lb.addresses['web']?.[0] ?? ''))
  return got.join('')
}
