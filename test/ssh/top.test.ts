// `top` and `| watch` in a real terminal, over real ssh: what is pressed, what the screen shows, and what it shows
// afterwards.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { TopLooks } from '../../src/commands/screen/top-look.ts'
import { eventually } from '../helpers/eventually.ts'
import { ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { type SshOperators, startSshOperators } from '../helpers/ssh-operators.ts'
import { atPrompt, PROMPT, type TerminalOptions, type TestTerminal } from '../helpers/terminal.ts'

const ENOUGH: TerminalOptions = { columns: 110, rows: 20 }
let sluice: SshOperators
let full: SshTarget
let view: SshTarget

beforeAll(async () => {
  sluice = await startSshOperators()
  ;({ full, view } = sluice)
})

afterAll(() => sluice.stop())

const at = (target: SshTarget, task: (terminal: TestTerminal) => Promise<void>, options = ENOUGH) =>
  atPrompt(target, task, options)

const main = () => sluice.balancer.service('web').group('main')

test('shows the hosts, fits another window, and leaves the screen as it was', async () => {
  await at(full, async (terminal) => {
    await terminal.line('1 + 41')
    const before = await terminal.shows(/^42$/m)
    await terminal.line('top')
    await terminal.shows(/\[2 hosts\][^]*web\/main\/a +ready[^]*q leave/)
    await terminal.resize(60, 8)
    await terminal.shows(/HOST +STATE +OPEN +SESS\/S[^]*q leave/)
    await terminal.resize(1, 1)
    await terminal.resize(110, 20)
    await terminal.shows(/web\/main\/c +ready[^]*q leave/)
    await terminal.press('q')
    await terminal.shows(/sluice> top\n(.*\n)*sluice>/)
    const after = await terminal.screen()
    expect(after).not.toMatch(/q leave|web\/main\/c/)
    expect(after.startsWith(before.trimEnd())).toBe(true)
    await terminal.line('2 + 41')
    await terminal.shows(/^43$/m)
  })
})

test('sorts by key, drains the selected host, and undo takes it back', async () => {
  await at(full, async (terminal) => {
    await terminal.line('top hosts')
    await terminal.shows(/q leave/)
    await terminal.type('n')
    await terminal.shows(/HOST▲/)
    await terminal.type('r')
    await terminal.shows(/HOST▼[^]*web\/main\/c[^]*web\/main\/a/)
    await terminal.press('Down')
    await terminal.type('d')
    await terminal.shows(/web\/main\/b: state enabled -> draining/)
    await terminal.shows(/web\/main\/b +draining/)
    expect(main().host('b').intent).toBe('draining')
    await terminal.type('q')
    await terminal.line('undo')
    await terminal.shows(/web\/main\/b: state draining -> enabled/)
    expect(main().host('b').intent).toBe('enabled')
  })
})

test('role readonly sees it all and changes nothing', async () => {
  await at(view, async (terminal) => {
    await terminal.line('top')
    await terminal.shows(/q leave/)
    await terminal.type('x')
    await terminal.shows(/disable host needs role operate, view has readonly/)
    await terminal.press('C-c')
    await terminal.shows(PROMPT)
  })
  expect(main().hostList.map(({ intent }) => intent)).toEqual(['enabled', 'enabled', 'enabled'])
})

test('a line is watched until q, and the screen is as it was', async () => {
  await at(full, async (terminal) => {
    await terminal.line('show hosts | match main/a | watch 500ms')
    await terminal.shows(
      /every 500ms: show hosts \| match main\/a \| watch 500ms +\d\d:\d\d:\d\d UTC/,
    )
    main().host('a').weight = 77
    await terminal.shows(/web\/main\/a .* 77 /)
    main().host('a').weight = 1
    await terminal.type('q')
    await terminal.shows(/sluice> show hosts .*\n(.*\n)*sluice>\s*$/m)
    expect(await terminal.screen()).not.toContain('UTC')
  })
})

test('over exec with a terminal it runs, too, and without one it says how', async () => {
  const { status, err } = await ssh(full, ['top'])
  expect({ status, err }).toEqual({
    status: 1,
    err: expect.stringContaining('top needs a terminal, and not a dumb one: ssh -t BALANCER top'),
  })
})

test('a client that is gone in the middle leaves nothing that goes on', async () => {
  const looks = vi.spyOn(TopLooks.prototype, 'measure')
  const looksOf = (one: unknown) => looks.mock.contexts.filter((each) => each === one).length
  await at(full, async (terminal) => {
    await terminal.line('top')
    await terminal.shows(/q leave/)
  })
  await eventually(() => sluice.server.operators.list().length === 0, 'nobody is logged in')
  const [gone] = looks.mock.contexts
  const before = looksOf(gone)
  await at(view, async (terminal) => {
    await terminal.line('top')
    const enough = () => looks.mock.contexts.length - looksOf(gone) > 2
    await eventually(enough, 'another one has looked several times')
  })
  expect(looksOf(gone)).toBe(before)
  looks.mockRestore()
})
