// `apply` as it is typed: what it reads, what it says, and what it hands over.
import { beforeEach, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import type { DifferenceView } from '../../../src/commands/documents.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const D = { address: '127.0.0.1:9004' }
const DIFFERENCES: readonly DifferenceView[] = [
  { action: 'add', kind: 'host', path: 'web/main/d', field: null, before: null, after: D },
  { action: 'set', kind: 'host', path: 'web/main/a', field: 'weight', before: 1, after: 5 },
  { action: 'remove', kind: 'group', path: 'web/old', field: null, before: null, after: null },
]

let process: StubProcess
let applied: string[]

beforeEach(async () => {
  applied = []
  process = Object.assign(await createStubProcess(), {
    compare: () => DIFFERENCES,
    apply: async (document: string | Uint8Array) => {
      applied.push(Buffer.from(document).toString('utf8'))
      return { differences: DIFFERENCES, file: 'config.xml', written: true, revision: 2 }
    },
  })
})

function apply(flags: string, document: string | Buffer, role: OperatorRole = 'full') {
  const input = (async function* () {
    yield Buffer.from(document)
  })()
  return runLine(`apply ${flags}`, { ...contextOf(process, { role }), input })
}

test('--dry-run says what would change, and does nothing', async () => {
  expect(await apply('--dry-run', '<config/>')).toEqual({
    exit: 0,
    out: [
      '+ host web/main/d 127.0.0.1:9004',
      '~ web/main/a: weight 1 -> 5',
      '- group web/old',
      '3 differences: nothing was done',
      '',
    ].join('\n'),
    err: '',
  })
  expect(applied).toEqual([])
})

test('applies what was read, and says where it went', async () => {
  const { exit, out } = await apply('', '<config/>')
  expect(exit).toBe(0)
  expect(out).toMatch(/3 differences; config\.xml: written\n$/)
  expect(applied).toEqual(['<config/>'])
})

test('a document that locks out whoever applies it needs --force', async () => {
  const [alice] = [{ name: 'alice', access: 'full', keys: ['k'] }] as const
  process.balancer.setUsers([alice])
  process.apply = async (_document, permit) => {
    permit?.([])
    return { differences: [], file: 'config.xml', written: true, revision: 3 }
  }
  const refused = await apply('', '<config/>')
  expect(refused.exit).toBe(1)
  expect(refused.err).toContain('nobody would be left with role full; say --force')
  expect((await apply('--force', '<config/>')).exit).toBe(0)
})

test('--json answers the same facts', async () => {
  const { out } = await apply('--json', '<config/>')
  expect(JSON.parse(out)).toMatchObject({
    done: 'apply',
    dryRun: false,
    file: 'config.xml',
    written: true,
    revision: 2,
    unsaved: null,
    differences: DIFFERENCES,
  })
})

test('a document that does not load ends with 2 and says where', async () => {
  process.apply = async () => {
    throw new BalancerError('CONFIG_BAD', 'document:3:5: <hots> is not known')
  }
  expect(await apply('', '<config/>')).toMatchObject({
    exit: 2,
    err: 'the configuration does not load: document:3:5: <hots> is not known\n',
  })
})

test('a document beyond the limit is not read to its end', async () => {
  const { exit, err } = await apply('', Buffer.alloc(LIMITS.configBytesMax + 1))
  expect(exit).toBe(2)
  expect(err).toContain(`at most ${LIMITS.configBytesMax} bytes`)
  expect(applied).toEqual([])
})

test.each(['readonly', 'operate'] as const)('role %s may not, not even look', async (role) => {
  expect(await apply('--dry-run', '<config/>', role)).toMatchObject({ exit: 3 })
})

test('where there is no standard input, it says how to give one', async () => {
  expect(await runLine('apply', contextOf(process))).toMatchObject({
    exit: 2,
    err: expect.stringContaining('apply --dry-run < config.xml'),
  })
})
