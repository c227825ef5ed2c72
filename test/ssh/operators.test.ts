// Operators at their prompts hear of each other: who is here, what somebody says, and the end of a login.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { ssh } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

async function promptOf(role: 'readonly' | 'operate' | 'full'): Promise<TestTerminal> {
  const terminal = await TestTerminal.open(running.target(role))
  onTestFinished(() => terminal.close())
  await terminal.shows(/sluice>/)
  return terminal
}

const run = (role: 'operate' | 'full', line: string) => ssh(running.target(role), [line])

const told = (event: string) => {
  return running.sluice.process.audit.lines().filter((line) => line.event === event)
}

test('who is logged in shows with what is open', async () => {
  await promptOf('readonly')
  const { out } = await run('full', 'show operators --json')
  const rows = JSON.parse(out) as { operator: string }[]
  const [prompt, exec] = ['readonly', 'full'].map((name) =>
    rows.find(({ operator }) => operator === name),
  )
  expect(prompt).toMatchObject({ role: 'readonly', address: '127.0.0.1', channels: ['prompt'] })
  expect(prompt).toMatchObject({ how: expect.stringMatching(/^key SHA256:/) })
  expect(exec).toMatchObject({ channels: ['exec'] })
})

test('what is said shows above the line that is being typed, which stays', async () => {
  const terminal = await promptOf('full')
  await terminal.type('show ho')
  await terminal.shows(/sluice> show ho/)
  expect((await run('operate', "say 'down for a minute'")).out).toMatch(/^shown at \d prompts?\n$/)
  await terminal.shows(/\*\*\* operate: down for a minute\n+sluice> show ho/)
  await terminal.line('sts')
  await terminal.shows(/HOST +ADDRESS/)
})

test('a reload by a signal is said in one line at every prompt', async () => {
  const terminal = await promptOf('operate')
  await running.sluice.reload()
  await terminal.shows(/\*\*\* configuration reloaded: nothing to take over/)
})

test('who is logged out is told by whom, and the audit log has it', async () => {
  const terminal = await promptOf('operate')
  expect((await run('operate', 'logout full')).status).toBe(4)
  expect((await run('full', 'logout operate')).out).toMatch(/^logged out: operate \(\d+\)/)
  await terminal.shows(/full ended your login\.[\s\S]*status=1/)
  const ended = () => told('logout').filter(({ reason }) => reason === 'full ended your login.')
  await eventually(() => ended().length > 0, 'the logout is noted')
  expect(ended()[0]).toMatchObject({ operator: 'operate' })
})

test('the stop of the process says goodbye at every prompt', async () => {
  const other = await startRunningSluice()
  const terminal = await TestTerminal.open(other.target('full'))
  onTestFinished(() => terminal.close())
  await terminal.shows(/sluice>/)
  await other.stop()
  await terminal.shows(/Sluice stops now\. Goodbye\.[\s\S]*status=0/)
})
