// Every settable field of every object, straight from the tables: what is taken, what is refused and how.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import type { Balancer } from '../../src/model/balancer.ts'
import type { Field } from '../../src/model/field.ts'
import {
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
} from '../../src/model/fields.ts'
import { followedBalancer } from '../helpers/followed.ts'
import { randomly, seed } from '../helpers/seed.ts'

const { mode: _, ...SERVICE_SETTABLE } = SERVICE_FIELDS

/** Path of an object, and the table of its fields. */
const OBJECTS = {
  'web/main/a': HOST_FIELDS,
  'web/main': GROUP_FIELDS,
  web: SERVICE_SETTABLE,
  'web/listen/127.0.0.1:8080': LISTENER_FIELDS,
}

const FIELDS = Object.entries(OBJECTS).flatMap(([path, table]) =>
  Object.entries(table).map(
    ([name, field]) => [path, name, field as unknown as Field<unknown>] as const,
  ),
)

const TEXTS = '7 7s true v2 require roundrobin draining 10.0.0.0/8 10.9.9.9:99 node'.split(' ')

describe.each(FIELDS)('%s %s', (path, name, field) => {
  const start = async () => {
    const one = await followedBalancer()
    const object = objectAt(one.balancer, path)
    return { ...one, object, set: (value: unknown) => Object.assign(object, { [name]: value }) }
  }

  test('has its default until it is set', async () => {
    const { object } = await start()
    // An address has none.
    expect(field.standard || object[name]).toEqual(object[name])
  })

  test('is set from its own type and from text, and is one change', async () => {
    const { object, told, set } = await start()
    const from = object[name]
    const text = TEXTS.find((one) => field.read(one) !== undefined && field.read(one) !== from)
    const to = field.read(text)
    const [change, ...more] = await told(() => set(text))
    expect(change).toMatchObject({
      action: 'set',
      path,
      field: name,
      from,
      to,
      origin: 'embedding',
    })
    expect(object[name]).toEqual(to)
    // A host with another address is an unknown one, which is a fact of its own.
    expect(more.map((one) => one.field)).toEqual([])
    expect(await told(() => set(to))).toEqual([])
    expect(await told(() => set(text))).toEqual([])
  })

  test('refuses what it is not, naming what is accepted', async () => {
    const { refused, set } = await start()
    for (const value of ['§', null, Number.NaN, -1, 1.5, {}, [[]], Symbol('x'), undefined])
      if (field.read(value) === undefined)
        await refused(() => set(value), 'VALUE_BAD', path, field.accepts)
  })

  test(`takes a value or refuses it, and never fails otherwise (seed ${seed})`, async () => {
    const { object, set, changes } = await start()
    const holds = (value: unknown) => {
      changes.length = 0
      const before = object[name]
      const error = attempt(() => set(value))
      expect(error === undefined || error instanceof BalancerError).toBe(true)
      expect(field.read(object[name])).toEqual(object[name])
      expect(error === undefined || (object[name] === before && changes.length === 0)).toBe(true)
    }
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), holds), randomly(200))
  })
})

test('every field of a table is a setter of its object', async () => {
  const { balancer } = await followedBalancer()
  for (const [path, name] of FIELDS) {
    const prototype = Object.getPrototypeOf(objectAt(balancer, path))
    const setter = Reflect.getOwnPropertyDescriptor(prototype, name)
    expect(setter, `${path} ${name}`).toHaveProperty('set', expect.any(Function))
  }
})

describe('ranges', () => {
  test.each([
    ['web/main/a', 'weight', [0, 256, '5', ' 7 '], [257, -1, 1.5, '5x', '0x10', true]],
    ['web/main/a', 'maxSessions', [0, 1_000_000], [1_000_001, -1]],
    ['web/main/a', 'intent', ['enabled', 'DRAINING', 'disabled'], ['up', '', 'enable']],
    ['web/main', 'retries', [0, 255], [256]],
    ['web/main', 'maxFails', [0, 100], [101]],
    ['web/main', 'queue', [0, 65_536], [65_537]],
    ['web/main', 'connectTimeoutMs', [1, '250ms', '1.5m', 604_800_000], [0, '0', '5', '8d']],
    ['web/main', 'idleTimeoutMs', [0, '0', '1h'], ['-1s', '1 h', 604_800_001]],
    ['web/main', 'scheduler', ['sticky', 'leastc', 'RAND'], ['fastest', 'constructor']],
    ['web/main', 'proxy', ['none', 'v1', 'v2'], ['v3', 2]],
    ['web/listen/127.0.0.1:8080', 'allow', ['10.0.0.0/8 ::1', []], ['10.0.0.0/33', 'all', '1/2/3']],
    ['web', 'engine', ['node', 'AUTO'], ['splice', '', true]],
    ['web', 'accessLog', [true, 'no', 'ON', 1], ['maybe', 2, null]],
  ])('%s %s takes %j and refuses %j', async (path, name, good, bad) => {
    const { balancer, refused } = await followedBalancer()
    const object = objectAt(balancer, path)
    for (const value of bad)
      await refused(() => Object.assign(object, { [name]: value }), 'VALUE_BAD')
    for (const value of good) Object.assign(object, { [name]: value })
  })
})

test.each([
  'unix:/run/app.sock',
  'unix:/run/app:0',
  '[2001:db8::7]:80',
  'DB.example:5432',
  '127.0.0.1:65535',
])('a host may be at %s', async (address) => {
  const { balancer } = await followedBalancer()
  const main = balancer.service('web').group('main')
  expect(main.addHost('d', address).address).toBe(address.replace('DB', 'db'))
})

test.each([
  '',
  '10.0.0.1',
  '10.0.0.1:0',
  '*:80',
  ':80',
  'unix:',
  'a b:80',
  '10.0.0.300:80',
  undefined,
  80,
])('a host may not be at %j', async (address) => {
  const { balancer, refused } = await followedBalancer()
  const main = balancer.service('web').group('main')
  const words = ['ip:port, [ipv6]:port', 'the port not 0']
  await refused(() => main.addHost('d', address as string), 'VALUE_BAD', 'web/main/d', ...words)
  await refused(() => Object.assign(main.host('a'), { address }), 'VALUE_BAD', ...words)
})

test('a field that there is not is refused with the nearest one, wherever objects are made', async () => {
  const { balancer, refused } = await followedBalancer()
  const web = balancer.service('web')
  const stray = { wieght: 5, retires: 1, maxSesions: 1, accesslog: true } as object
  const near = ['no field wieght, did you mean weight?', 'accepted: address, weight, intent']
  await refused(() => web.group('main').addHost('d', '10.0.0.4:80', stray), 'VALUE_BAD', ...near)
  await refused(() => web.addGroup('more', { retires: 1 } as object), 'VALUE_BAD', 'mean retries?')
  const limit = { maxSesions: 1 } as object
  await refused(() => web.listen('127.0.0.1:1', limit), 'VALUE_BAD', 'mean maxSessions?')
  const log = { accesslog: true } as object
  await refused(() => balancer.addService('dns', log), 'VALUE_BAD', 'mean accessLog?')
})

test('lists cannot be changed behind the back of the balancer', async () => {
  const { balancer } = await followedBalancer()
  const listener = balancer.service('web').listener('127.0.0.1:8080')
  expect(() => (listener.allow as string[]).push('10.0.0.0/8')).toThrow(TypeError)
  listener.allow = ['10.0.0.0/8']
  expect(() => (listener.allow as string[]).push('::1')).toThrow(TypeError)
  expect(balancer.service('web').listener('127.0.0.1:8080').deny).toEqual([])
})

function attempt(edit: () => unknown): unknown {
  try {
    edit()
  } catch (error) {
    return error
  }
  return undefined
}

function objectAt(balancer: Balancer, path: string): Record<string, unknown> {
  return balancer.find(path) as unknown as Record<string, unknown>
}
