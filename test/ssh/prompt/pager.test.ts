// Long answers on a real terminal: page by page where somebody sits at the keys, whole where nobody does.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isLong } from '../../../src/ssh/prompt/pager.ts'
import { ssh, type SshTarget } from '../../helpers/ssh-client.ts'
import { type SshOperators, startSshOperators } from '../../helpers/ssh-operators.ts'
import { atPrompt } from '../../helpers/terminal.ts'

vi.mock('../../../src/commands/table.ts', async (original) => {
  const { COMMANDS } = await original<typeof import('../../../src/commands/table.ts')>()
  const { PROBES } = await import('../../helpers/probe-commands.ts')
  return { COMMANDS: [...COMMANDS, ...PROBES] }
})

let sluice: SshOperators
let full: SshTarget

beforeAll(async () => {
  sluice = await startSshOperators()
  ;({ full } = sluice)
})

afterAll(() => sluice.stop())

test.each(['op', 'view'])(
  'a long answer of a command is shown page by page to %s',
  async (user) => {
    await atPrompt({ ...full, user }, async (terminal) => {
      await terminal.line('lines')
      let screen = await terminal.shows(/^-- 23 of 100 lines; space, return, q --$/m)
      expect(screen).toMatch(/^line 1\n[\s\S]*^line 23\n--/m)
      await terminal.press('Space')
      await terminal.shows(/^line 46\n-- 46 of 100 /m)
      await terminal.press('Enter')
      await terminal.shows(/^line 47\n-- 47 of 100 /m)
      await terminal.press('x')
      await terminal.press('End')
      screen = await terminal.shows(/^line 100\nsluice>\s*$/m)
      expect(screen).not.toMatch(/^--/m)
      await terminal.line('lines')
      await terminal.shows(/^-- 23 of 100/m)
      await terminal.press('q')
      await terminal.shows(/^line 23\nsluice>\s*$/m)
      await terminal.line('lines')
      await terminal.shows(/^line 23\n-- 23 of 100[^\n]*\s*$/m)
      await terminal.press('C-c')
      await terminal.shows(/^line 23\nsluice>\s*$/m)
      await terminal.line('.pager off')
      await terminal.shows(/^Pager off\./m)
      await terminal.line('lines')
      await terminal.shows(/^line 100\nsluice>\s*$/m)
    })
  },
)

test('a long value is paged as well, and is the last result all the same', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line(
      'Array.from({ length: 60 }, (_, n) => ({ name: "a long enough name " + n }))',
    )
    await terminal.shows(/^-- 23 of 61 lines/m)
    await terminal.press('Space')
    await terminal.press('Space')
    await terminal.shows(/name 59' \}\n\]\nsluice>\s*$/m)
    await terminal.line('_.length')
    await terminal.shows(/^60$/m)
    await terminal.line('"short"')
    await terminal.shows(/^'short'$/m)
  })
})

test('pasted lines are never taken for keys', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.type('lines\n"q one"\nlines\n"q two"\n')
    await terminal.shows(/^'q two'$/m)
    const screen = await terminal.screen()
    expect(screen).toMatch(/line 100\nsluice> "q one"\n'q one'\nsluice> lines\nline 1\n/)
    await terminal.line('lines')
    await terminal.shows(/^-- 23 of 100[^\n]*\s*$/m)
    await terminal.type('"three"\n')
    await terminal.shows(/line 100\nsluice> "three"\n'three'\nsluice>\s*$/)
  })
})

test('nobody waits for a key where there is none', async () => {
  const { status, out } = await ssh(full, ['-tt'], 'lines\n.exit\n')
  expect({ status, whole: out.includes('line 100') }).toEqual({ status: 0, whole: true })
  expect(out).not.toContain('-- 23 of')
  await atPrompt(
    full,
    async (terminal) => {
      await terminal.line('lines')
      await terminal.shows(/^line 100\nsluice>\s*$/m)
    },
    { type: 'dumb' },
  )
  const plain = await ssh(full, ['-T'], 'lines\n')
  expect(plain.out).toMatch(/^line 1\n[\s\S]*line 100\n$/)
})

test('an operator who leaves in the middle leaves nothing behind', async () => {
  await atPrompt(full, async (terminal) => {
    await terminal.line('lines')
    await terminal.shows(/^-- 23 of 100/m)
  })
  await expect.poll(() => sluice.server.loginCount).toBe(0)
})

test('what fits is not paged; wrapped lines count as often as they wrap, colours not at all', () => {
  const screen = { columns: 10, rows: 5 }
  expect(isLong('1\n2\n3\n4\n', screen)).toBe(false)
  expect(isLong('1\n2\n3\n4\n5\n', screen)).toBe(true)
  expect(isLong('x'.repeat(40), screen)).toBe(false)
  expect(isLong('x'.repeat(41), screen)).toBe(true)
  expect(isLong(`\u001b[31m${'x'.repeat(40)}\u001b[39m`, screen)).toBe(false)
  expect(isLong('', screen)).toBe(false)
})
