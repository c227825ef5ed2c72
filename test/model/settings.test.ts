// Settings and operators: validated as a whole, then one change for each field; secrets stay inside.
import { describe, expect, test } from 'vitest'
import type { Field } from '../../src/model/field.ts'
import { SETTING_FIELDS, type SettingName } from '../../src/model/setting-fields.ts'
import { followedBalancer } from '../helpers/followed.ts'

const FIELDS = Object.entries(SETTING_FIELDS).flatMap(([setting, table]) =>
  Object.entries(table).map(
    ([name, field]) => [setting as SettingName, name, field as unknown as Field<unknown>] as const,
  ),
)
const TEXTS = 'true false off 7s /x.sock 127.0.0.1:99 debug json 7 old open 10.0.0.0/8'.split(' ')

describe.each(FIELDS)('%s %s', (setting, name, field) => {
  test('is set as one change, and refuses what it is not', async () => {
    const { balancer, told, refused } = await followedBalancer()
    const from = (balancer.settings[setting] as Record<string, unknown>)[name]
    expect(from).toEqual(field.standard)
    await refused(
      () => balancer.configure(setting, { [name]: {} } as never),
      'VALUE_BAD',
      field.accepts,
    )
    const text = TEXTS.find((one) => field.read(one) !== undefined && field.read(one) !== from)
    const to = field.read(text)
    const set = () => balancer.configure(setting, { [name]: text } as never)
    expect(await told(set)).toMatchObject([
      { action: 'set', path: `settings/${setting}`, field: name, from, to },
    ])
    expect(balancer.settings[setting]).toHaveProperty(name, to)
    expect(await told(set)).toEqual([])
  })
})

test('several fields are all set or none, each as a change of its own', async () => {
  const { balancer, told, refused } = await followedBalancer()
  const wrong = { intervalMs: 5_000, rise: 0 }
  await refused(() => balancer.configure('hostCheck', wrong), 'VALUE_BAD', 'rise', 'got 0')
  const right = { intervalMs: 5_000, rise: 3 }
  const changes = await told(() => balancer.configure('hostCheck', right))
  expect(changes.map(({ field }) => field)).toEqual(['intervalMs', 'rise'])
})

test('a setting or field that there is not is refused with the nearest one', async () => {
  const { balancer, refused } = await followedBalancer()
  const setting = 'hostchek' as 'hostCheck'
  await refused(() => balancer.configure(setting, {}), 'NOT_FOUND', 'did you mean hostCheck?')
  await refused(
    () => balancer.configure('toString' as 'ssh', {}),
    'NOT_FOUND',
    'accepted: hostCheck',
  )
  const field = { intervallMs: 5 } as object
  await refused(() => balancer.configure('hostCheck', field), 'VALUE_BAD', 'mean intervalMs?')
})

test('settings are changed by configure only', async () => {
  const { balancer } = await followedBalancer()
  expect(() => Object.assign(balancer.settings.ssh, { enable: true })).toThrow(TypeError)
  expect(() => Object.assign(balancer.settings, { ssh: {} })).toThrow(TypeError)
  balancer.configure('ssh', { enable: true })
  expect(() => Object.assign(balancer.settings.ssh, { enable: false })).toThrow(TypeError)
  expect(balancer.settings.ssh.enable).toBe(true)
})

describe('operators', () => {
  const alice = {
    name: 'alice',
    access: 'full',
    password: '$scrypt$secret',
    keys: ['ssh-ed25519 A'],
  } as const

  test('are replaced as one change that names them and nothing more', async () => {
    const { balancer, told } = await followedBalancer()
    const [change, ...more] = await told(() => balancer.setUsers([alice, { name: 'bob' }]))
    expect(change).toMatchObject({ path: 'settings/users', from: [], to: ['alice', 'bob'] })
    expect(more).toEqual([])
    expect(JSON.stringify(change)).not.toMatch(/secret|ed25519/)
    expect(balancer.users[1]).toEqual({
      name: 'bob',
      access: 'readonly',
      password: '',
      auth: 'any',
      keys: [],
    })
    expect(await told(() => balancer.setUsers([alice, { name: 'bob' }]))).toEqual([])
  })

  test('a new password or key is a change, too', async () => {
    const { balancer, told } = await followedBalancer()
    balancer.setUsers([alice])
    await told(() => {})
    expect(await told(() => balancer.setUsers([{ ...alice, password: 'x' }]))).toHaveLength(1)
    expect(await told(() => balancer.setUsers([{ ...alice, keys: [] }]))).toHaveLength(1)
  })

  test('two of one name, a bad name, a bad value: nothing is replaced', async () => {
    const { balancer, refused, changes } = await followedBalancer()
    balancer.setUsers([alice])
    changes.length = 0
    await refused(() => balancer.setUsers([alice, alice]), 'NAME_TAKEN', 'two users alice')
    await refused(() => balancer.setUsers([{ name: '-x' }]), 'NAME_BAD')
    const root = { name: 'bob', access: 'root' as 'full' }
    await refused(
      () => balancer.setUsers([root]),
      'VALUE_BAD',
      'user bob',
      'readonly, operate, full',
    )
    const stray = { name: 'bob', pasword: 'x' } as { name: string }
    await refused(() => balancer.setUsers([stray]), 'VALUE_BAD', 'did you mean password?')
  })

  test('cannot be changed behind the back of the balancer', async () => {
    const { balancer } = await followedBalancer()
    const keys = ['ssh-ed25519 A']
    balancer.setUsers([{ ...alice, keys }])
    keys.push('ssh-ed25519 B')
    expect(balancer.users[0]?.keys).toHaveLength(1)
    expect(() => Object.assign(balancer.users[0] ?? {}, { access: 'readonly' })).toThrow(TypeError)
    const inside = balancer.users[0]?.keys as string[]
    expect(() => inside.push('C')).toThrow(TypeError)
  })
})

describe('tokens', () => {
  const hash = `sha256:${'0f'.repeat(32)}`
  const deploy = { name: 'deploy', access: 'operate', hash, expires: '' } as const

  test('are replaced as one change that names them and nothing more', async () => {
    const { balancer, told } = await followedBalancer()
    const [change, ...more] = await told(() => balancer.setTokens([deploy, { name: 'ci', hash }]))
    expect(change).toMatchObject({
      path: 'settings/tokens',
      field: 'tokens',
      from: [],
      to: ['deploy', 'ci'],
    })
    expect(more).toEqual([])
    expect(JSON.stringify(change)).not.toContain(hash)
    expect(balancer.tokens[1]).toEqual({ name: 'ci', access: 'readonly', hash, expires: '' })
    expect(await told(() => balancer.setTokens(balancer.tokens))).toEqual([])
    const other = { ...deploy, hash: hash.replace('0', '1') }
    expect(await told(() => balancer.setTokens([other]))).toHaveLength(1)
  })

  test('are told of without their hashes', async () => {
    const { balancer } = await followedBalancer()
    balancer.setTokens([deploy])
    expect(balancer.describe()).toMatchObject({
      tokens: [{ name: 'deploy', access: 'operate', expires: '' }],
    })
    expect(JSON.stringify(balancer)).not.toContain(hash)
    expect(balancer.snapshot().tokens).toEqual([deploy])
  })

  test('two of one name, a bad name, a bad value, no hash: nothing is replaced', async () => {
    const { balancer, refused, changes } = await followedBalancer()
    balancer.setTokens([deploy])
    changes.length = 0
    await refused(() => balancer.setTokens([deploy, deploy]), 'NAME_TAKEN', 'two tokens deploy')
    await refused(() => balancer.setTokens([{ ...deploy, name: '-x' }]), 'NAME_BAD')
    await refused(() => balancer.setTokens([{ name: 'x' }]), 'VALUE_BAD', 'token x: hash is')
    for (const wrong of [{ hash: 'x' }, { hash: `${hash}0` }, { expires: '2036-02-30T00:00:00Z' }])
      await refused(() => balancer.setTokens([{ ...deploy, ...wrong }]), 'VALUE_BAD', 'deploy')
    const root = { ...deploy, access: 'root' as 'full' }
    await refused(() => balancer.setTokens([root]), 'VALUE_BAD', 'readonly, operate, full')
    const stray = { ...deploy, expire: '' }
    await refused(() => balancer.setTokens([stray]), 'VALUE_BAD', 'did you mean expires?')
  })

  test('cannot be changed behind the back of the balancer', async () => {
    const { balancer } = await followedBalancer()
    balancer.setTokens([deploy])
    expect(() => Object.assign(balancer.tokens[0] ?? {}, { access: 'full' })).toThrow(TypeError)
    expect(() => (balancer.tokens as unknown[]).push(deploy)).toThrow(TypeError)
  })
})
