// What a command that fills the terminal gets and leaves behind, at the prompt and with `ssh -t host COMMAND`,
// in a real terminal; and bytes of all kinds turned into keys.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Key } from '../../../src/commands/screen/screen.ts'
import { KeyDecoder } from '../../../src/ssh/prompt/terminal-keys.ts'
import { seen } from '../../helpers/probe-commands.ts'
import { randomFrom, seed } from '../../helpers/seed.ts'
import { ssh, type SshTarget } from '../../helpers/ssh-client.ts'
import { type SshOperators, startSshOperators } from '../../helpers/ssh-operators.ts'
import { atPrompt, TestTerminal } from '../../helpers/terminal.ts'

vi.mock('../../../src/commands/table.ts', async (original) => {
  const { COMMANDS } = await original<typeof import('../../../src/commands/table.ts')>()
  const { PROBES } = await import('../../helpers/probe-commands.ts')
  return { COMMANDS: [...COMMANDS, ...PROBES] }
})

let sluice: SshOperators
let full: SshTarget
let view: SshTarget

beforeAll(async () => {
  sluice = await startSshOperators()
  ;({ full, view } = sluice)
})

afterAll(() => sluice.stop())

test.each(['op', 'view'])(
  'keys and sizes reach the command at the prompt of %s, and the line editor has them back',
  async (user) => {
    await atPrompt({ ...full, user }, async (terminal) => {
      await terminal.line('show groups')
      await terminal.shows(/^GROUP/m)
      await terminal.line('paint')
      await terminal.shows(/^key=none size=80x24$/m)
      // The alternate screen: nothing of before is there.
      expect(await terminal.screen()).not.toMatch(/GROUP/)
      for (const [pressed, name] of [
        ['Up', 'up'],
        ['PPage', 'pageup'],
        ['NPage', 'pagedown'],
        ['Home', 'home'],
        ['End', 'end'],
        ['Enter', 'return'],
        ['BSpace', 'backspace'],
        ['Tab', 'tab'],
        ['C-x', 'ctrl-x'],
        ['Escape', 'escape'],
        ['ü', 'ü'],
      ] as const) {
        await terminal.press(pressed)
        await terminal.shows(new RegExp(`^key=${name} size`, 'm'))
      }
      await terminal.resize(60, 20)
      await terminal.shows(/size=60x20$/m)
      await terminal.press('q')
      // What was there before is back, with the answer below it.
      await terminal.shows(/^GROUP[\s\S]*^painted\nsluice>\s*$/m)
      await terminal.line('show hosts')
      await terminal.shows(/^HOST/m)
      expect(await terminal.modes()).toEqual({ alternate: false, cursor: true })
    })
  },
)

test('an error, Ctrl-C and the end of the process leave the terminal clean', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('paint')
    await terminal.shows(/^key=none/m)
    await terminal.press('x')
    await terminal.shows(/painted over the edge[\s\S]*sluice>\s*$/m)
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true })
    const aborted = seen.aborted
    await terminal.line('paint')
    await terminal.shows(/^key=none/m)
    await terminal.press('C-c')
    await terminal.shows(/^Interrupted\nsluice>\s*$/m)
    expect(seen.aborted).toBe(aborted + 1)
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true })
    await terminal.line('paint')
    await terminal.shows(/^key=none/m)
    const { users } = sluice.balancer
    sluice.balancer.setUsers(users.filter(({ name }) => name !== 'op'))
    await terminal.shows(/Your access was removed\.\n\s*status=1/)
    sluice.balancer.setUsers(users)
    expect(await terminal.modes()).toEqual({ alternate: false, cursor: true })
  })
})

test('a key handler may keep Ctrl-C for itself', async () => {
  await atPrompt(
    full,
    async (terminal) => {
      await terminal.line('paint')
      await terminal.shows(/^key=none/m)
      await terminal.press('C-c')
      await terminal.shows(/^key=ctrl-c size=70x24$/m)
      await terminal.press('q')
      await terminal.shows(/^painted$/m)
    },
    { columns: 70 },
  )
})

test('a single command with -t has the screen, and Ctrl-C ends it with 130', async () => {
  const typed = await TestTerminal.open(full, { command: ['-t', 'paint'] })
  try {
    await typed.shows(/^key=none size=80x24$/m)
    await typed.press('Down')
    await typed.shows(/^key=down/m)
    await typed.resize(50, 15)
    await typed.shows(/size=50x15$/m)
    await typed.press('q')
    await typed.shows(/^painted\nstatus=0$/m)
  } finally {
    await typed.close()
  }
  const broken = await TestTerminal.open(full, { command: ['-t', 'paint'] })
  try {
    await broken.shows(/^key=none/m)
    await broken.press('C-c')
    await broken.shows(/^status=130$/m)
    expect(await broken.modes()).toEqual({ alternate: false, cursor: true })
  } finally {
    await broken.close()
  }
})

test('keys that were typed ahead reach the command', async () => {
  const { status, out } = await ssh(full, ['-tt', 'paint'], 'q')
  expect({ status, left: out.endsWith('painted\r\n') }).toEqual({ status: 0, left: true })
})

test('there is no screen without a terminal, and none on a dumb one', async () => {
  expect(await ssh(full, ['paint'])).toMatchObject({ status: 0, out: 'no screen\n' })
  expect(await ssh(view, ['-T'], 'paint\n')).toMatchObject({ status: 0, out: 'no screen\n' })
  const dumb = await TestTerminal.open(full, { command: ['-t', 'paint'], type: 'dumb' })
  try {
    await dumb.shows(/^no screen\nstatus=0$/m)
  } finally {
    await dumb.close()
  }
})

test.each([
  ['\u001b[A\u001b[B', ['up', 'down']],
  ['\u001b[1;5C', ['right']],
  ['\u001bOH\u001b[F\u001b[1~\u001b[4~', ['home', 'end', 'home', 'end']],
  ['\u001b', ['escape']],
  ['\u001b\u001b[A', ['escape', 'up']],
  ['q\r\n\t\u007f\b', ['q', 'return', 'return', 'tab', 'backspace', 'backspace']],
  ['\u0003\u0018', ['c', 'x']],
  ['日🙂', ['日', '🙂']],
  ['\u001b[<0;1;1Mx', ['x']],
  ['\u001b[99~x', ['x']],
])('%j is the keys %j', (text, names) => {
  expect(keysOf([Buffer.from(text)]).map(({ name }) => name)).toEqual(names)
})

test('keys come whole from bytes that came in pieces', () => {
  expect(
    keysOf([...Buffer.from('日\u001b[5~')].slice(0, 3).map((byte) => Buffer.from([byte]))),
  ).toEqual([{ text: '日', name: '日', ctrl: false }])
  const [head, tail] = [Buffer.from('\u001b['), Buffer.from('5~x')]
  expect(keysOf([head, tail]).map(({ name }) => name)).toEqual(['pageup', 'x'])
})

test(`any bytes are keys or nothing, and little of them is kept (seed ${seed})`, () => {
  const random = randomFrom(seed)
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256)))
    for (const { text, name } of keysOf([bytes, Buffer.from('\u001b['), bytes])) {
      expect(name).not.toBe('')
      expect(text === '' || text >= ' ').toBe(true)
    }
  }
  expect(keysOf([Buffer.from(`\u001b[${'1;'.repeat(100_000)}`), Buffer.from('q')])).toHaveLength(1)
})

function keysOf(pieces: readonly Buffer[]): Key[] {
  const decoder = new KeyDecoder()
  const keys: Key[] = []
  for (const bytes of pieces) decoder.decode(bytes, (pressed) => keys.push(pressed))
  return keys
}
