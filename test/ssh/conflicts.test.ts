// An edit of the file and one over ssh that do not go together, as operators at their prompts meet them: told once, listed,
// settled by those who may, without a secret.
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { OperatorRole } from '../../src/model/fields.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { ssh } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'

let running: RunningSluice

const CAROL = '    <user name="carol" access="operate" password="$old$one" />\n'

beforeAll(async () => {
  running = await startRunningSluice({ users: CAROL })
})

afterAll(() => running.stop())

async function promptOf(role: OperatorRole): Promise<TestTerminal> {
  const terminal = await TestTerminal.open(running.target(role))
  onTestFinished(() => terminal.close())
  await terminal.shows(/sluice>/)
  return terminal
}

const run = (role: OperatorRole, line: string) => ssh(running.target(role), [line])

/** As an editor does. */
function edit(change: (text: string) => string): void {
  writeFileSync(running.file, change(running.config))
}

const weigh = (host: string, weight: number) => (text: string) => {
  return text.replace(
    new RegExp(`(name="${host}" ip="[^"]*")( weight="\\d+")?`),
    `$1 weight="${weight}"`,
  )
}

test('a conflict is one line at every prompt, once, and in the banner of whoever comes later', async () => {
  const terminal = await promptOf('readonly')
  edit(weigh('a', 3))
  await run('operate', 'set host web/main/a weight 4')
  for (let times = 0; times < 2; times++)
    expect((await run('operate', 'reload')).out).toMatch(/unsaved: .*web\/main\/a\/weight/)
  await terminal.shows(
    /\*\*\* conflict at web\/main\/a\/weight: it is 3 in the file and 4 here, by ssh:operat/,
  )
  expect((await terminal.screen()).match(/\*\*\* conflict/g)).toHaveLength(1)
  const later = await promptOf('full')
  await later.shows(/unsaved: .*web\/main\/a/)
  expect((await run('readonly', 'show conflicts')).out).toMatch(/^web\/main\/a\/weight +1 +3 /m)
})

test('those who may settle it, and then it is over everywhere', async () => {
  expect(await run('readonly', 'resolve --all file')).toMatchObject({ status: 3 })
  const { out } = await run('operate', 'resolve web/main/a/weight running')
  expect(out).toBe('web/main/a/weight: 4, as it runs\n1 conflict settled, none is left\n')
  expect(running.config).toContain('name="a" ip="127.0.0.1:9001" weight="4"')
  expect((await run('readonly', 'show summary')).out).not.toContain('unsaved')
  const changes = running.sluice.process.audit.lines().filter(({ event }) => event === 'change')
  expect(changes.filter(({ origin }) => origin === 'file')).toEqual([])
})

test('what the file decides is one line of the audit log for each difference, by the file', async () => {
  edit((text) => weigh('a', 5)(weigh('b', 6)(text)))
  await run('operate', 'set host web/main/a weight 7')
  await run('operate', 'reload')
  await run('full', 'resolve --all file')
  const { audit } = running.sluice.process
  const changes = audit.lines().filter(({ origin }) => origin === 'file')
  expect(changes).toMatchObject([
    { event: 'change', path: 'web/main/b', field: 'weight', after: 6 },
    { event: 'change', path: 'web/main/a', field: 'weight', before: 7, after: 5 },
  ])
  const read = audit.lines().filter(({ event, action }) => event === 'file' && action === 'read')
  expect(read).toHaveLength(2)
})

test('a password is nobody’s to read: neither listed, nor logged, nor told', async () => {
  const terminal = await promptOf('full')
  edit((text) => text.replace('$old$one', '$new$two'))
  const live = `lb.setUsers(lb.users.map((user) => user.name === 'carol' ? { ...user, password: '$live$three' } : user))`
  expect(await run('full', `js ${live}`)).toMatchObject({ status: 0 })
  await run('full', 'reload')
  await terminal.shows(/conflict at settings\/users\/carol\/password: it is \*\*\* in the file/)
  const { log } = running.sluice
  const answers = await Promise.all(
    ['show conflicts', 'show conflicts --json', 'show log --json'].map((line) => run('full', line)),
  )
  const shown = [
    ...answers.map(({ out }) => out),
    await terminal.screen(),
    JSON.stringify(log.lines),
  ]
  for (const text of shown) expect(text).not.toMatch(/\$(old|new|live)\$/)
  expect(answers[1]?.out).toContain('settings/users/carol/password')
  expect(await run('operate', 'resolve --all file')).toMatchObject({ status: 3 })
  const refused = await run('operate', 'resolve settings/users/carol/password file')
  expect(refused.err).toMatch(/needs role full/)
  const settled = await run('full', 'resolve --all file --json')
  expect(JSON.parse(settled.out)).toMatchObject({ settled: [{ file: '***', running: '***' }] })
  expect(running.sluice.process.balancer.users.at(-1)).toMatchObject({ password: '$new$two' })
})

test('a file that does not load is told at every prompt, too', async () => {
  const terminal = await promptOf('readonly')
  const good = running.config
  edit((text) => text.replace('<service', '<sorvice'))
  const { status, err } = await run('operate', 'reload')
  expect({ status, err }).toMatchObject({ status: 2, err: expect.stringContaining('sorvice') })
  await terminal.shows(/\*\*\* unsaved: the configuration does not load/)
  edit(() => good)
  expect((await run('operate', 'reload')).status).toBe(0)
  expect((await run('readonly', 'show hosts')).out).not.toContain('unsaved')
})
