// Commands about the tokens of programs: made and shown once, listed without what they are, revoked.
import { beforeEach, describe, expect, test } from 'vitest'
import { tokenOf } from '../../../src/access/tokens.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { hashOfToken } from '../../../src/base/token-hash.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { Change } from '../../../src/model/change.ts'
import { answersIn } from '../../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const DAY_MS = 24 * 3_600_000
const HASH = `sha256:${'0f'.repeat(32)}`
const TOKEN = /^sluice_[\w-]{43}$/m

let process: StubProcess
let changes: Change[]

beforeEach(async () => {
  process = await createStubProcess()
  process.balancer.setTokens([])
  changes = []
  process.balancer.follow((change) => changes.push(change))
})

const { textOf, jsonOf, refused } = answersIn(() => contextOf(process))

const tokens = () => process.balancer.tokens

test('a token and an operator do not share a name', async () => {
  await refused('token create bob', 1, 'there is a user bob; take another name')
  await textOf('token create deploy')
  await refused('user add deploy', 1, 'there is a token deploy; take another name')
})

describe('a token that is made', () => {
  test('is shown once, and kept as a hash', async () => {
    const text = await textOf('token create deploy --role operate --expires 30d')
    const [shown = ''] = TOKEN.exec(text) ?? []
    expect(text).toMatch(/^token deploy: made with role operate, expires \d{4}-\d\d-\d\dT/)
    expect(text).toContain('it is shown this once, and kept nowhere')
    expect(tokens()).toMatchObject([
      { name: 'deploy', access: 'operate', hash: hashOfToken(shown) },
    ])
    expect(tokenOf(shown, tokens(), Date.now())).toEqual({ token: tokens()[0] })
    const rest = [await textOf('token list'), await textOf('token list --json'), changes]
    for (const told of [...rest, process.journal.acts(), process.balancer.describe()]) {
      expect(JSON.stringify(told)).not.toContain(shown)
      expect(JSON.stringify(told)).not.toContain(hashOfToken(shown))
    }
  })

  test('is a field of the answer in JSON, and in nothing else of it', async () => {
    const { token, ...rest } = (await jsonOf('token create ci')) as { readonly token: string }
    expect(token).toMatch(TOKEN)
    expect(rest).toEqual({
      done: 'add',
      path: 'settings/tokens/ci',
      field: null,
      before: null,
      after: { name: 'ci', access: 'readonly', expires: tokens()[0]?.expires },
      message: `token ci: made with role readonly, expires ${tokens()[0]?.expires}`,
      candidate: false,
    })
  })

  test('is for looking, and for 90 days, where nothing else is said', async () => {
    const before = Date.now()
    await textOf('token create grafana')
    const expires = Date.parse(tokens()[0]?.expires ?? '')
    expect(expires).toBeGreaterThanOrEqual(before + 90 * DAY_MS)
    expect(expires).toBeLessThanOrEqual(Date.now() + 90 * DAY_MS + 1_000)
    expect(tokens()[0]?.access).toBe('readonly')
  })

  test.each([
    ['never', ''],
    ['2036-12-21T10:00:00Z', '2036-12-21T10:00:00Z'],
  ])('may expire %s', async (typed, expires) => {
    await textOf(`token create one --expires ${typed}`)
    expect(tokens()).toMatchObject([{ expires }])
  })

  test('is not made where its hash is given', async () => {
    const text = await textOf(`token create old --hash ${HASH} --expires 2020-01-01T00:00:00Z`)
    expect(text).toBe('token old: added with role readonly, expires 2020-01-01T00:00:00Z\n')
    expect(await jsonOf(`token create other --hash ${HASH} --expires never`)).toMatchObject({
      token: null,
      message: 'token other: added with role readonly, never expires',
    })
    expect(tokens().map(({ hash }) => hash)).toEqual([HASH, HASH])
  })

  test('counts in a candidate when that is committed', async () => {
    await textOf('begin')
    const text = await textOf('token create later')
    expect(text).toMatch(/\(candidate; not in effect\)\n$/)
    expect(tokens()).toEqual([])
  })
})

describe('what is refused changes nothing', () => {
  beforeEach(async () => {
    await textOf('token create deploy')
    changes = []
  })

  test.each([
    ['token create deploy', 1, 'there is a token deploy already; take another name, or revoke'],
    ['token create a/b', 2, 'a name is'],
    ['token create', 2, 'NAME'],
    ['token create x --role root', 2, 'role is one of readonly, operate, full, got "root"'],
    ['token create x --expires soon', 2, 'expires is a time from now (30d, 12h), never, or'],
    ['token create x --expires 0d', 2, 'got "0d"'],
    ['token create x --expires 99999999d', 2, 'got "99999999d"'],
    ['token create x --expires 2036-02-30T00:00:00Z', 2, 'got "2036-02-30T00:00:00Z"'],
    ['token create x --expires 2020-01-01T00:00:00Z', 2, 'has passed'],
    ['token create x --hash abc', 2, 'hash is sha256: and 64 hexadecimal digits in lower case'],
    ["token create x --hash ''", 2, 'hash is sha256:'],
    [`token create x --hash ${HASH.toUpperCase()}`, 2, 'hash is sha256:'],
    ['token remove deplyo', 4, 'no token deplyo, did you mean deploy?; there is deploy'],
  ])('%s', async (line, exit, sentence) => {
    await refused(line, exit, sentence)
    expect(changes).toEqual([])
  })

  test('more than there may be', async () => {
    const many = Array.from({ length: LIMITS.tokensMax }, (_, at) => ({
      name: `t${at}`,
      hash: HASH,
    }))
    process.balancer.setTokens(many)
    await refused(
      'token create x',
      1,
      `there are ${LIMITS.tokensMax} tokens, the most there may be`,
    )
  })

  test.each(['readonly', 'operate'] as const)('by an operator with role %s', async (role) => {
    for (const line of ['token create x', 'token list', 'token remove deploy']) {
      const outcome = await runLine(line, { ...contextOf(process), role })
      expect(outcome).toMatchObject({ exit: 3, out: '' })
    }
    expect(changes).toEqual([])
  })
})

test('tokens are listed with what they may do and until when', async () => {
  expect(await textOf('token list')).toContain('make a token with: token create NAME')
  process.balancer.setTokens([
    { name: 'old', access: 'full', hash: HASH, expires: '2020-01-01T00:00:00Z' },
    { name: 'ever', hash: HASH },
  ])
  const text = await textOf('token list')
  expect(text).toMatch(/^TOKEN +ROLE +EXPIRES +EXPIRED$/m)
  expect(text).toMatch(/^old +full +2020-01-01T00:00:00Z +yes$/m)
  expect(text).toMatch(/^ever +readonly +never +no$/m)
  expect(await jsonOf('token list --where expired=no')).toEqual([
    { name: 'ever', role: 'readonly', expires: null, expired: false },
  ])
})

test('a token that is removed lets nobody in, until that is undone', async () => {
  const { token } = (await jsonOf('token create deploy')) as { readonly token: string }
  expect(await textOf('token remove deploy')).toBe('token deploy: removed\n')
  expect(tokenOf(token, tokens(), Date.now())).toEqual({ refused: 'unknown' })
  await textOf('undo')
  expect(tokenOf(token, tokens(), Date.now())).toMatchObject({ token: { name: 'deploy' } })
  await textOf('token remove deploy')
  expect(await textOf('token list')).toContain('no program gets in')
})
