// Completion: words of the grammar, live names, values of fields, and the operator's own way of quoting.
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { completeLine, runLine } from '../../../src/commands/run.ts'
import { splitLine } from '../../../src/commands/line/words.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const typist = () => ({ process, operator: 'alice' })
const candidates = (line: string) => completeLine(line, typist()).candidates

test.each([
  ['sh', ['show']],
  ['s', ['show', 'set', 'say', 'save', 'stop']],
  ['show ho', ['hosts']],
  [
    'set ',
    [
      'service',
      'listener',
      'group',
      'host',
      'check',
      'setting',
      'web',
      'mail',
      'web/',
      'settings/',
    ],
  ],
  ['set w', ['web', 'web/']],
  ['set settings/host', ['settings/hostCheck']],
  ['set settings/hostCheck ', ['enable', 'interval', 'rise', 'timeout']],
  ['set web/main/a state ', ['enabled', 'draining', 'disabled']],
  ['rename group web/', ['web/main', 'web/spare']],
  ['set check web/spare 1 t', ['type', 'timeout']],
  ['set check web/spare 1 type ', ['tcp', 'http', 'exec']],
  ['user set b', ['bob']],
  ['user set bob role ', ['readonly', 'operate', 'full']],
  ['show hosts |', ['match', 'except', 'count', 'head', 'last', 'json', 'watch']],
  ['show hosts | ', ['match', 'except', 'count', 'head', 'last', 'json', 'watch']],
  ['show hosts | c', ['count']],
  ['show hosts | match ', []],
  ['show hosts | match x | h', ['head']],
  [`show hosts '|' --j`, ['--json']],
  ['show hosts --sort op', ['open', 'open,desc']],
  ['show hosts --columns path,op', ['path,open']],
  ['show hosts --where health=up,op', ['health=up,open=']],
  ['nonsense ', []],
  ['set host ', ['web/']],
  ['set host web/', ['web/main/', 'web/spare/']],
  ['set host web/main/', ['web/main/a', 'web/main/b', 'web/main/c']],
  ['show hosts w', ['web', 'web/']],
  ['show hosts web/main', ['web/main', 'web/main/']],
  ['set host web/main/a ', ['ip', 'weight', 'state', 'maxSessions']],
  ['set host web/main/a w', ['weight']],
  ['set host web/main/a state ', ['enabled', 'draining', 'disabled']],
  ['set host web/main/a weight ', []],
  ['set group web/main scheduler round', ['roundrobin']],
  ['set service web accessLog ', ['true', 'false']],
  ['set setting log', ['logging']],
  ['set setting logging ', ['file', 'level', 'format']],
  ['set setting logging level w', ['warn']],
  ['set listener web/l', ['web/listen/']],
  ['set listener web/listen/', ['web/listen/127.0.0.1:8080']],
  ['listen add ', ['web', 'mail']],
  ['add host ', ['web/']],
  ['add host web/', ['web/main/', 'web/spare/']],
  ['add group m', ['mail/']],
  [
    'add host web/main/d 10.0.0.4:80 --',
    ['--weight', '--state', '--max-sessions', '--before', '--json', '--help'],
  ],
  ['add host web/main/d 10.0.0.4:80 --state d', ['draining', 'disabled']],
  ['add host web/main/d 10.0.0.4:80 --before ', ['a', 'b', 'c']],
  [
    'add host web/main/d 10.0.0.4:80 ',
    ['--weight', '--state', '--max-sessions', '--before', '--json', '--help'],
  ],
  ['remove host --force ', ['web/']],
  ['show hosts --j', ['--json']],
  ['show config ', ['running', 'stored', 'candidate']],
  ['help se', ['set']],
  ['help set ho', ['host']],
])('%s', (line, expected) => {
  expect(candidates(line)).toEqual(expected)
})

describe('what is replaced', () => {
  test('is the word at the end of the line', () => {
    expect(completeLine('set host web/ma', typist()).replaced).toBe('web/ma')
    expect(completeLine('set host ', typist()).replaced).toBe('')
    expect(completeLine('set host "web/ma', typist()).replaced).toBe('"web/ma')
  })
})

describe('quoting', () => {
  beforeEach(async () => {
    await runLine(`add host "web/main/it's new" 10.0.0.4:80`, contextOf(process))
  })

  test.each([
    ['set host web/main/i', String.raw`web/main/it\'s\ new`],
    ['set host "web/main/i', `"web/main/it's new"`],
    [`set host 'web/main/i`, String.raw`'web/main/it'\''s new'`],
    [`set host we"b/main/"it`, String.raw`we"b/main/"it\'s\ new`],
  ])('%s goes on as it began', (line, expected) => {
    expect(candidates(line)).toEqual([expected])
  })

  test('stays open where a path goes on', () => {
    expect(candidates('set host "web/m')).toEqual(['"web/main/'])
  })

  test('after a backslash nothing is offered', () => {
    expect(candidates('show hosts web\\')).toEqual([])
  })
})

test('a candidate begins with what it replaces and is one word', () => {
  const piece = fc.constantFrom(
    'set ',
    'host ',
    'web/',
    'ma',
    'in/',
    '"',
    "'",
    '\\',
    'show ',
    ' ',
    '--',
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const line = pieces.join('')
      const completion = completeLine(line, typist())
      expect(line.endsWith(completion.replaced)).toBe(true)
      for (const candidate of completion.candidates) {
        expect(candidate.startsWith(completion.replaced)).toBe(true)
        expect(splitLine(candidate).words).toHaveLength(1)
      }
    }),
  )
})
