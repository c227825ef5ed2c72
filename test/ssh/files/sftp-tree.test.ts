// The tree itself: paths, roles, and what happens while the audit log cannot be written.
import { beforeEach, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import type { History } from '../../../src/commands/documents.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { UNRESTRICTED } from '../../../src/ssh/access/key-options.ts'
import { SftpTree } from '../../../src/ssh/files/sftp-tree.ts'
import { createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const OLD = '<config><user password="$hash"/>'
const KNOWN = { time: 5_000, size: 30, origins: ['file'], comment: '', changes: null }

let process: StubProcess
let applied: number
/** Why a document is refused; undefined where it is taken. */
let fault: BalancerError | undefined

beforeEach(async () => {
  applied = 0
  fault = undefined
  const history: Partial<History> = {
    list: async () => [{ ...KNOWN, number: 12 }],
    text: async (name) => {
      if (name === 12) return OLD
      throw new BalancerError('NOT_FOUND', `no revision ${JSON.stringify(name)}`)
    },
  }
  const apply = async () => {
    applied++
    if (fault !== undefined) throw fault
    return { differences: [], file: 'config.xml', written: true, revision: 13 }
  }
  process = Object.assign(await createStubProcess(), { history, apply })
})

function treeOf(role: OperatorRole = 'full'): SftpTree {
  const how = { address: '192.0.2.7', how: 'password', key: '', restrictions: UNRESTRICTED }
  return new SftpTree(process, { id: 1, operator: 'alice', role, ...how })
}

test.each([
  ['', '/'],
  ['.', '/'],
  ['..', '/'],
  ['../../etc/passwd', '/etc/passwd'],
  ['log', '/log'],
  ['/revisions/../log/', '/log'],
  ['//log', '/log'],
])('%j is %s', (path, normal) => {
  expect(treeOf().normal(path)).toBe(normal)
})

test.each([
  '/etc',
  '/log/x',
  '/__proto__',
  '/constructor',
  '/revisions/..x',
  `/${'x'.repeat(5_000)}`,
])('there is nothing at %s', async (path) => {
  expect(await treeOf().look(path)).toBeUndefined()
  expect(await treeOf().list(path)).toBeUndefined()
})

test('a revision has its time and its size, and is read by its number', async () => {
  const entry = await treeOf().look('/revisions/12.xml')
  expect(entry?.attributes).toEqual({ folder: false, writable: false, size: 30, time: 5_000 })
  expect((await treeOf().read('/revisions/12.xml')).toString()).toBe(OLD)
  expect((await treeOf('operate').read('/revisions/12.xml')).toString()).toBe(
    OLD.replace('$hash', '***'),
  )
})

test.each(['/revisions/13.xml', '/revisions/12', '/revisions/12.json', '/revisions/012.xml'])(
  'there is no revision at %s',
  async (path) => {
    expect(await treeOf().look(path)).toBeUndefined()
    await expect(treeOf().read(path)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  },
)

test('only role full may write, and read the audit log', () => {
  for (const role of ['readonly', 'operate'] as const) {
    expect(treeOf(role).mayWrite).toBe(false)
    expect(treeOf(role).mayRead('/x/../audit')).toBe(false)
    expect(treeOf(role).mayRead('/config.xml')).toBe(true)
  }
  expect(treeOf().mayWrite).toBe(true)
  expect(treeOf().mayRead('/audit')).toBe(true)
})

test('while the audit log cannot be written nothing is replaced, and reading goes on', async () => {
  const note = () => {
    throw new BalancerError('AUDIT_UNWRITABLE', 'the disk is full')
  }
  Object.assign(process, { audit: { ...process.audit, note, unwritable: 'the disk is full' } })
  expect(await treeOf().replaceConfig(Buffer.from('<config/>'))).toContain('the disk is full')
  expect(applied).toBe(0)
  expect((await treeOf().read('/config.xml')).toString()).toBe(process.state.stored)
})

test('what was refused last is told to the operator, until an upload is taken', async () => {
  fault = new BalancerError('CONFIG_BAD', 'document:1:1: no')
  expect(await treeOf().replaceConfig(Buffer.from(''))).toContain('document:1:1: no')
  expect((await treeOf().read('/last-error.txt')).toString()).toContain('document:1:1: no')
  fault = undefined
  expect(await treeOf().replaceConfig(Buffer.from(''))).toBeUndefined()
  expect((await treeOf().read('/last-error.txt')).toString()).toBe(
    'no upload of yours was refused\n',
  )
})
