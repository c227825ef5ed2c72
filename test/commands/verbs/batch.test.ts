// `batch`: commands from standard input, up to the first failure, all of them, or all or nothing.
import { beforeEach, expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { withOrigin } from '../../../src/base/origin.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
}

/** Run a batch over these lines, with everything that it printed. */
async function batch(
  flags: string,
  lines: readonly string[],
  given: { readonly role?: OperatorRole; readonly onNote?: () => void } = {},
): Promise<Ran> {
  const { role = 'full', onNote = () => {} } = given
  const printed = { out: '', err: '' }
  const context = {
    ...contextOf(process, { role }),
    input: inputOf(lines.join('\n')),
    print: async (text: string) => {
      printed.out += text
    },
    note: async (text: string) => {
      printed.err += text
      onNote()
    },
  }
  const { exit, out, err } = await withOrigin('ssh:alice', () => runLine(`batch ${flags}`, context))
  return { exit, out: printed.out + out, err: printed.err + err }
}

async function* inputOf(text: string): AsyncGenerator<Buffer> {
  // In pieces, as it comes over the network.
  for (let at = 0; at < text.length; at += 7) yield Buffer.from(text.slice(at, at + 7))
}

const weightOf = (name: string) => process.balancer.service('web').group('main').host(name).weight
const LINES = [
  '# weights for tonight',
  '',
  'set host web/main/a weight 5',
  '  set host web/main/zz weight 5 ',
  'set host web/main/b weight 5',
]

test('stops at the first failure, names its line, and ends with its status', async () => {
  expect(await batch('', LINES)).toEqual({
    exit: 4,
    out: 'web/main/a: weight 1 -> 5\n',
    err: 'line 4: no such object: no host zz in web/main\nno such object: line 4 failed, 1 done\n',
  })
  expect([weightOf('a'), weightOf('b')]).toEqual([5, 1])
})

test('--keep-going runs all, and ends with the status of the first failure', async () => {
  const { exit, out, err } = await batch('--keep-going', [...LINES, 'nope'])
  expect(exit).toBe(4)
  expect(out).toBe('web/main/a: weight 1 -> 5\nweb/main/b: weight 1 -> 5\n')
  expect(err).toMatch(
    /^line 4: .*\nline 6: not understood: .*\nno such object: 2 lines failed, 2 done\n$/,
  )
})

test('nothing to do is done', async () => {
  expect(await batch('', ['# nothing', ''])).toEqual({ exit: 0, out: '', err: '' })
})

test('--json answers one object for each line', async () => {
  const { exit, out, err } = await batch('--keep-going --json', LINES)
  const pieces = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(exit).toBe(4)
  expect(pieces).toMatchObject([
    { line: 3, exit: 0, result: { done: 'set', path: 'web/main/a' }, error: null },
    { line: 4, exit: 4, result: null, error: { name: 'NOT_FOUND' } },
    { line: 5, exit: 0, result: { done: 'set', path: 'web/main/b' }, error: null },
  ])
  expect(JSON.parse(err)).toMatchObject({ error: { code: 4 } })
})

test('one undo takes a whole batch back', async () => {
  await batch('', ['set host web/main/a weight 5', 'add host web/main/n 10.0.0.9:80'])
  const context = { ...contextOf(process), operator: 'alice' }
  expect(await withOrigin('ssh:alice', () => runLine('undo', context))).toMatchObject({ exit: 0 })
  expect(weightOf('a')).toBe(1)
  expect(process.balancer.service('web').group('main').hostList).toHaveLength(3)
})

test('every line needs its own role', async () => {
  const { exit, err } = await batch('', ['show hosts', LINES[2] ?? ''], { role: 'readonly' })
  expect(exit).toBe(3)
  expect(err).toContain('line 2: not allowed')
  expect(weightOf('a')).toBe(1)
})

test('--atomic prints nothing and changes nothing where a line fails, what others change stays', async () => {
  const lines = [
    'set host web/main/a weight 5',
    'add group web/new',
    'add host web/new/h 10.0.0.9:80',
    'disable host web/main/b',
    'set host web/main/zz weight 5',
  ]
  const onNote = () =>
    withOrigin('ssh:bob', () => {
      process.balancer.service('web').group('main').host('c').weight = 9
    })
  const { exit, out, err } = await batch('--atomic', lines, { onNote })
  expect(exit).toBe(4)
  expect(out).not.toContain('->')
  expect(err).toContain('line 5: no such object')
  expect(err).toContain('nothing is changed')
  expect([weightOf('a'), weightOf('c')]).toEqual([1, 9])
  expect(process.balancer.service('web').groupList.map(({ name }) => name)).toEqual([
    'main',
    'spare',
  ])
  expect(process.balancer.service('web').group('main').host('b').intent).toBe('enabled')
})

test('--atomic may use what an earlier line made', async () => {
  const lines = ['add host web/main/n 10.0.0.9:80', 'set host web/main/n weight 2', 'show hosts']
  const { exit, out } = await batch('--atomic', lines)
  expect(exit).toBe(0)
  expect(out).toMatch(/added at 10.0.0.9:80\nweb\/main\/n: weight 1 -> 2\nHOST/)
})

test.each([
  ['stop', 'stop cannot be undone'],
  ['save', 'save cannot be undone'],
  ['drain host web/main/a --wait', 'drain host --wait cannot be undone; leave out --wait'],
  ['kill host web/main/a', 'kill host cannot be undone'],
  ['tail log', 'goes on until you leave'],
  ['show hosts | watch', 'goes on until you leave'],
  ['batch', 'a batch cannot stand in a batch'],
  ['nope', 'no command "nope"'],
  ["set host 'web", 'unterminated quote'],
])('--atomic refuses %s before anything is run', async (line, reason) => {
  const { exit, err } = await batch('--atomic', ['set host web/main/a weight 5', line])
  expect(exit).toBe(2)
  expect(err).toContain('line 2: ')
  expect(err).toContain(reason)
  expect(err).toContain('nothing was run')
  expect(weightOf('a')).toBe(1)
  expect(process.asked).toEqual([])
})

test('--atomic refuses what the role does not allow before anything is run', async () => {
  const lines = ['set host web/main/a weight 5', 'set setting logging level debug']
  const { exit, err } = await batch('--atomic', lines, { role: 'operate' })
  expect(exit).toBe(3)
  expect(err).toContain('line 2: ')
  expect(weightOf('a')).toBe(1)
})

test.each(['batch', 'tail log', 'show hosts | watch', 'apply'])(
  '%s cannot stand in a batch',
  async (line) => {
    const { exit, err } = await batch('', [line])
    expect(exit).toBe(2)
    expect(err).toMatch(/^line 1: /)
  },
)

test('the audit log has every line that changes something, with how it ended', async () => {
  await batch('', ['show hosts', 'set host web/main/a weight 5', 'set host web/main/b weight 6'])
  const lines = process.audit
    .lines()
    .filter(({ event }) => event === 'command' || event === 'result')
  expect(lines.map(({ event, line, exit }) => `${event} ${line ?? exit}`)).toEqual([
    'command set host web/main/a weight 5',
    'result 0',
    'command set host web/main/b weight 6',
    'result 0',
  ])
})

test('--atomic and --keep-going contradict each other', async () => {
  expect(await batch('--atomic --keep-going', [])).toMatchObject({ exit: 2 })
})

test('a line beyond the limit is refused, and so is a batch without an input', async () => {
  const long = 'x'.repeat(LIMITS.commandBytesMax + 1)
  expect(await batch('', ['set host web/main/a weight 5', long])).toMatchObject({
    exit: 2,
    err: expect.stringContaining('line 2'),
  })
  expect(await runLine('batch', contextOf(process))).toMatchObject({
    exit: 2,
    err: expect.stringContaining('batch < commands.txt'),
  })
})
