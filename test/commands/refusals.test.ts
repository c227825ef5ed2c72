// Every way to be refused: which exit status, and whether the sentence helps. A refusal changes nothing.
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import { LIMITS } from '../../src/base/limits.ts'
import { runLine } from '../../src/commands/run.ts'
import { contextOf, createStubProcess, type StubProcess, TAKEN } from '../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const REFUSALS: readonly (readonly [string, number, ...string[]])[] = [
  // The verb, the object, the grammar.
  ['', 2, 'nothing was typed', 'show, add'],
  ['   ', 2, 'nothing was typed'],
  ['shwo hosts', 2, 'no command "shwo", did you mean show?', 'commands begin with show, add'],
  ['show', 2, 'show needs one of services, listeners, groups, hosts'],
  ['show hsots', 2, 'no show "hsots", did you mean hosts?', 'accepted: services, listeners'],
  ['set hots web/main/a weight 1', 2, 'did you mean host?'],
  ["show 'hosts", 2, "unterminated quote '"],
  ['show "hosts', 2, 'unterminated quote "'],
  ['show hosts\\', 2, 'nothing follows the last backslash'],
  ['--json show hosts', 2, 'no command \\"--json\\"'],
  ['help hsot', 2, 'no command "hsot"'],
  ['help show hsots', 2, 'did you mean hosts?'],
  // Arguments and flags.
  ['add host', 2, 'add host needs PATH', 'usage: add host PATH ADDRESS [--weight N]'],
  ['add host web/main/d', 2, 'add host needs ADDRESS (ip:port,'],
  ['show hosts web/main/a b', 2, '"b" is one word too many; usage: show hosts [PATH]'],
  ['show hosts --jsno', 2, 'show hosts has no flag --jsno, did you mean --json?', '--help'],
  ['show hosts -x', 4, 'no service -x'],
  ['add host web/main/d 10.0.0.9:80 --maxSessions 1', 2, 'did you mean --max-sessions?'],
  ['add host web/main/d 10.0.0.9:80 --weight', 2, '--weight needs a value: a whole number'],
  ['remove host web/main/a --force=no', 2, '--force takes no value, got "no"'],
  // Values.
  ['set host web/main/a weight 5x', 2, 'weight is a whole number from 0 to 256, got "5x"'],
  ['set host web/main/a weight -5', 2, 'got "-5"'],
  ['set host web/main/a weight 0x10', 2, 'got "0x10"'],
  ["set host web/main/a weight ''", 2, 'got ""'],
  ['set host web/main/a weight 257', 2, 'from 0 to 256'],
  ['set host web/main/a state gone', 2, 'one of enabled, draining, disabled'],
  ['set host web/main/a ip 10.0.0.1', 2, 'a host is reached at ip:port'],
  [
    'set host web/main/a wieght 5',
    2,
    'no field "wieght", did you mean weight?',
    'accepted: ip, weight',
  ],
  ['set host web/main/a constructor 5', 2, 'no field "constructor"'],
  ['set service web mode http', 2, 'no field "mode"'],
  ['set group web/main connectTimeout 5', 2, 'connectTimeout is a number with its unit'],
  [
    'set listener web/listen/127.0.0.1:8080 allow everybody',
    2,
    'allow is IP addresses or networks',
  ],
  ['set setting hostchek interval 5s', 2, 'no setting "hostchek", did you mean hostCheck?'],
  ['set setting hostCheck intervall 5s', 2, 'did you mean interval?'],
  ['set setting hostCheck interval never', 2, 'interval is a number with its unit'],
  ['add host web/main/d 10.0.0.9:80 --weight -1', 2, 'got "-1"'],
  ['add host web/main/d 10.0.0.9:80 --weight --json', 2, 'got \\"--json\\"'],
  ['add host web/main/d 10.0.0.300:80', 2, 'an address is ip:port'],
  ['add host web/main/d 10.0.0.9', 2, 'the port not 0'],
  ['add group web/new --scheduler fair', 2, 'scheduler is one of random, roundrobin'],
  ['show sessions --limit 0', 2, 'from 1 to 10000'],
  ['show log --lines all', 2, 'lines is a whole number'],
  ['show config both', 2, 'no side "both"', 'accepted: running, stored'],
  ['listen add web 8181', 2, 'an address is'],
  // Names and paths.
  ['add service -x', 2, 'a name is 1 to 64 printable characters'],
  ['add service a/b', 2, 'the name is not valid'],
  ['add host web/main/ 10.0.0.9:80', 2, 'the name is not valid'],
  ['add host web/listen 10.0.0.9:80', 2, 'a host is named by SERVICE/GROUP/HOST, got "web/listen"'],
  ['add group web/listen', 2, 'listen is reserved'],
  ['set host a weight 1', 2, 'a host is named by SERVICE/GROUP/HOST, got "a"'],
  ['set host web/main/a/b weight 1', 2, 'a host is named by'],
  ['listen remove 127.0.0.1:8080', 2, 'a listener is named by SERVICE/listen/ADDRESS'],
  // Objects that are not there.
  ['set host web/main/zz weight 1', 4, 'no host zz in web/main'],
  ['set host web/mian/a weight 1', 4, 'no group mian in web, did you mean main?'],
  ['set host wbe/main/a weight 1', 4, 'no service wbe, did you mean web?'],
  ['show hosts web/mian', 4, 'did you mean main?'],
  ['show hosts web/main/a/b', 4, 'nothing is below a host'],
  ['enable group web/third', 4, 'no group third in web'],
  ['listen remove web/listen/127.0.0.1:1', 4, 'it listens on 127.0.0.1:8080'],
  ['remove service ftp', 4, 'no service ftp'],
  ['add host web/main/d 10.0.0.9:80 --before z', 4, 'no host z in web/main'],
  // Refused by the running system.
  ['add host web/main/a 10.0.0.9:80', 1, 'web/main already has a host a'],
  ['add service web', 1, 'there is already a service web'],
  ['remove group web/main', 1, 'enable another one first'],
  [`listen add web ${TAKEN}`, 1, 'held by another program'],
  [`listen move web/listen/127.0.0.1:8080 ${TAKEN}`, 1, 'held by another program'],
  ['listen add mail 127.0.0.1:8080 extra', 2, 'one word too many'],
]

const CASES = REFUSALS.map(([line, exit, ...said]) => ({ line, exit, said }))

test.each(CASES)('$line', async ({ line, exit, said }) => {
  const before = JSON.stringify(process.balancer.snapshot())
  const outcome = await runLine(line, contextOf(process))
  expect(outcome).toMatchObject({ exit, out: '' })
  expect(outcome).not.toHaveProperty('fault')
  expect(outcome.err.match(/\n/g)).toHaveLength(1)
  for (const words of said) expect(outcome.err).toContain(words)
  expect(JSON.stringify(process.balancer.snapshot())).toBe(before)
})

test('a script that asks for JSON gets its refusal as JSON', async () => {
  const { exit, out, err } = await runLine(
    'set host web/main/zz weight 1 --json',
    contextOf(process),
  )
  expect({ exit, out }).toEqual({ exit: 4, out: '' })
  expect(JSON.parse(err)).toEqual({
    error: { code: 4, name: 'NOT_FOUND', message: 'no such object: no host zz in web/main' },
  })
})

test('even where the line is not readable', async () => {
  const { err } = await runLine('show hosts --json "web', contextOf(process))
  expect(JSON.parse(err)).toMatchObject({ error: { code: 2, name: 'NOT_UNDERSTOOD' } })
})

test('a line may not be endless', async () => {
  const outcome = await runLine(`show ${'x'.repeat(LIMITS.commandBytesMax)}`, contextOf(process))
  expect(outcome).toMatchObject({ exit: 2, out: '' })
  expect(outcome.err).toContain('at most 65536 bytes')
})

describe('what the process throws', () => {
  test('is passed on with its own exit status', async () => {
    process.save = () => Promise.reject(new BalancerError('CONFIG_CONFLICT', 'both changed'))
    expect(await runLine('save', contextOf(process))).toMatchObject({ exit: 1, out: '' })
    process.save = () => Promise.reject(new BalancerError('NOT_FOUND', 'the disk'))
    expect(await runLine('save', contextOf(process))).toMatchObject({ exit: 4, out: '' })
  })

  test('is handed to the caller for its log where nobody expected it', async () => {
    const fault = new TypeError('null has no x')
    process.save = () => Promise.reject(fault)
    expect(await runLine('save', contextOf(process))).toEqual({
      exit: 1,
      out: '',
      err: 'something unexpected happened: null has no x\n',
      fault,
    })
  })
})

test('a refusal repeats what was typed without letting it reach the terminal', async () => {
  const { err } = await runLine('show hosts "\u001b[2Jx\ny"', contextOf(process))
  expect(err).toBe('no such object: no service \\x1b[2Jx\\x0ay\n')
})

test('no line throws, and each has an exit status of the table', async () => {
  const pieces = fc.constantFrom(
    ...'show add remove set enable drain listen save help hosts host group listener setting'.split(
      ' ',
    ),
    ...'web/main/a web/main web mail web/listen/127.0.0.1:8080 weight 5 -5 --json --force'.split(
      ' ',
    ),
    ...`--weight --help -- ? ' " \\ = / --= --__proto__ __proto__ constructor`.split(' '),
  )
  const words = fc.array(fc.oneof(pieces, pieces, pieces, fc.string({ unit: 'binary' })))
  const property = fc.asyncProperty(words, async (line) => {
    const { exit, out, err, ...rest } = await runLine(line.join(' '), contextOf(process))
    expect([0, 1, 2, 3, 4, 5]).toContain(exit)
    expect(out === '').toBe(exit !== 0)
    expect(err === '').toBe(exit === 0)
    expect(rest).toEqual({})
  })
  await fc.assert(property, { numRuns: 2_000 })
})
