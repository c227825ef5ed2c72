// Who is logged in, what is said to them, and who may end whose login.
import { beforeEach, expect, test } from 'vitest'
import type { OperatorView, Operators } from '../../../src/commands/context.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess
let said: unknown[]
let ended: unknown[]

const login = (id: number, operator: string): OperatorView => ({
  id,
  operator,
  role: 'operate',
  address: '192.0.2.7',
  how: 'password',
  channels: ['prompt', 'exec'],
  since: Date.UTC(2026, 10, 20),
  active: Date.now(),
})

beforeEach(async () => {
  said = []
  ended = []
  const operators: Operators = {
    list: () => [login(1, 'alice'), login(2, 'bob'), login(3, 'bob'), login(4, '1')],
    say: (...given) => said.push(given),
    tell: () => 0,
    logout: (...given) => ended.push(given) > 0,
  }
  process = Object.assign(await createStubProcess(), { operators })
})

const run = (line: string, role: OperatorRole = 'full') =>
  runLine(line, contextOf(process, { role }))

test('show operators lists logins with what is open', async () => {
  const { out } = await run('show operators', 'readonly')
  expect(out).toMatch(/ID +OPERATOR +ROLE +FROM +HOW +OPEN +SINCE +IDLE/)
  expect(out).toMatch(
    /2 +bob +operate +192\.0\.2\.7 +password +prompt,exec +2026-11-20T00:00:00\.000Z/,
  )
})

test('say shows one line to all others, without what could steer a terminal', async () => {
  const { out } = await run("say 'going down\u001b[2J' now", 'operate')
  expect(out).toBe('shown at 1 prompt\n')
  expect(said).toEqual([['*** alice: going down\\x1b[2J now', 1]])
  const { out: long } = await run(`say ${'x'.repeat(5_000)}`)
  expect(long).toBe('shown at 2 prompts, cut after 500 characters\n')
  expect(String((said[1] as string[])[0]).length).toBeLessThan(600)
  expect(await run('say')).toMatchObject({ exit: 2 })
})

test('logout ends all logins of a name or one by its number', async () => {
  expect((await run('logout bob')).out).toBe('logged out: bob (2), bob (3)\n')
  expect((await run('logout 3')).out).toBe('logged out: bob (3)\n')
  expect((await run('logout 1')).out).toBe('logged out: 1 (4)\n')
  expect(ended).toEqual([2, 3, 3, 4].map((id) => [id, 'alice ended your login.']))
  expect((await run('logout bobb')).err).toMatch(/nobody is logged in as bobb.*bob/)
})

test('an operator ends own logins, those of others only with the role full', async () => {
  expect(await run('logout alice', 'operate')).toMatchObject({ exit: 0 })
  expect(await run('logout bob', 'operate')).toMatchObject({ exit: 3 })
  expect(await run('logout 2', 'operate')).toMatchObject({ exit: 3 })
  expect(await run('logout alice', 'readonly')).toMatchObject({ exit: 3 })
  expect(ended).toEqual([[1, 'alice ended your login.']])
})
