// Who made what runs what it is: by field, by thing, through renames, and no longer than there is room.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { Authors } from '../../../src/config/keep/authors.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'

async function watched() {
  let time = 0
  const balancer = new Balancer({ ports: new FakePorts(), now: () => ++time })
  await balancer.addService('web')
  const main = balancer.service('web').addGroup('main')
  main.addHost('a', '10.0.0.1:80')
  const authors = new Authors(balancer)
  const by = (name: string, act: () => unknown) => withOrigin(`ssh:${name}`, act)
  const originOf = (path: string, field: string | null) => authors.of(path, field)?.origin
  return { balancer, main, authors, by, originOf }
}

test('a field has its last author, and a thing whoever touched it or anything in it last', async () => {
  const { main, by, originOf, authors } = await watched()
  by('alice', () => (main.host('a').weight = 2))
  by('bob', () => (main.host('a').weight = 3))
  by('carol', () => main.host('a').drain())
  expect(authors.of('web/main/a', 'weight')).toMatchObject({ origin: 'ssh:bob' })
  expect(originOf('web/main/a', 'intent')).toBe('ssh:carol')
  expect(originOf('web/main/a', 'address')).toBeUndefined()
  for (const path of ['web/main/a', 'web/main', 'web'])
    expect(originOf(path, null)).toBe('ssh:carol')
})

test('whoever adds or removes a thing is the author of all that is in it', async () => {
  const { balancer, main, by, originOf } = await watched()
  by('alice', () => main.addHost('b', '10.0.0.2:80', { weight: 4 }))
  by('bob', () => balancer.service('web').addGroup('spare'))
  by('carol', () => main.removeHost('a', { force: true }))
  expect(originOf('web/main/b', 'weight')).toBe('ssh:alice')
  expect(originOf('web/spare', 'scheduler')).toBe('ssh:bob')
  expect(originOf('web/main/a', null)).toBe('ssh:carol')
})

test('what is renamed keeps its authors', async () => {
  const { balancer, main, by, originOf } = await watched()
  by('alice', () => (main.host('a').weight = 2))
  by('bob', () => {
    main.renameHost('a', 'one')
    balancer.renameService('web', 'www')
  })
  expect(originOf('www/main/one', 'weight')).toBe('ssh:alice')
  expect(originOf('www/main/one', 'name')).toBe('ssh:bob')
})

test('an operator of the list has an author of their own', async () => {
  const { balancer, by, originOf } = await watched()
  const user = (name: string) => ({ name, access: 'operate' as const })
  by('alice', () => balancer.setUsers([user('x'), user('y')]))
  by('bob', () => balancer.setUsers([user('x'), { ...user('y'), access: 'full' }]))
  by('carol', () => balancer.setUsers([{ ...user('y'), access: 'full' }]))
  expect(originOf('settings/users/y', 'access')).toBe('ssh:bob')
  expect(originOf('settings/users/x', null)).toBe('ssh:carol')
})

test('a token of the list has an author of its own', async () => {
  const { balancer, by, originOf } = await watched()
  const token = (name: string) => ({ name, hash: `sha256:${'0f'.repeat(32)}` })
  by('alice', () => balancer.setTokens([token('x'), token('y')]))
  by('bob', () => balancer.setTokens([token('x'), { ...token('y'), access: 'full' }]))
  by('carol', () => balancer.setTokens([{ ...token('y'), access: 'full' }]))
  expect(originOf('settings/tokens/y', 'access')).toBe('ssh:bob')
  expect(originOf('settings/tokens/x', null)).toBe('ssh:carol')
})

test('settings have authors; health, pauses and the start have none', async () => {
  const { balancer, main, by, originOf } = await watched()
  by('alice', () => balancer.configure('hostCheck', { intervalMs: 2_000 }))
  by('bob', () => main.host('a').setHealth('down', 'test'))
  withOrigin('start', () => (main.host('a').weight = 9))
  expect(originOf('settings/hostCheck', 'intervalMs')).toBe('ssh:alice')
  expect(originOf('web/main/a', null)).toBeUndefined()
})

test('differences have everybody who made one of them, each once', async () => {
  const { main, by, authors } = await watched()
  by('alice', () => (main.host('a').weight = 2))
  by('alice', () => (main.host('a').maxSessions = 2))
  by('bob', () => main.host('a').drain())
  const set = (field: string) => {
    return { action: 'set', kind: 'host', path: 'web/main/a', field, from: 0, to: 1 } as const
  }
  expect(authors.ofAll([set('weight'), set('maxSessions'), set('address')])).toEqual(['ssh:alice'])
  expect(authors.ofAll([{ action: 'remove', kind: 'host', path: 'web/main/a' }])).toEqual([
    'ssh:bob',
  ])
})

test('the oldest is forgotten when there are too many', async () => {
  const { main, by, originOf } = await watched()
  const name = (index: number) => `h${index}`
  for (let index = 0; index < LIMITS.authorsKept; index++) {
    by('alice', () => main.addHost(name(index), '10.0.0.2:80'))
    if (index > 10) main.removeHost(name(index), { force: true })
  }
  expect(originOf('web/main/h0', null)).toBeUndefined()
  expect(originOf(`web/main/${name(LIMITS.authorsKept - 1)}`, null)).toBeDefined()
})
