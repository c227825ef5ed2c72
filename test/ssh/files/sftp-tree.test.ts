// The tree itself: paths, roles, and what happens while the audit log cannot be written.
import { beforeEach, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import { UNRESTRICTED } from '../../../src/ssh/access/key-options.ts'
import { SftpTree } from '../../../src/ssh/files/sftp-tree.ts'
import { createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

let process: StubProcess
let applied: number
/** Why a document is refused; undefined where it is taken. */
let fault: BalancerError | undefined

beforeEach(async () => {
  applied = 0
  fault = undefined
  const revisions = async () => [{ name: 'config.xml-20261120120000', time: 5_000, size: 3 }]
  const revision = async (name: string) => {
    if (name === 'config.xml-20261120120000') return 'old'
    throw new BalancerError('NOT_FOUND', `no earlier version ${name}`)
  }
  const apply = async () => {
    applied++
    if (fault !== undefined) throw fault
    return { differences: [], file: 'config.xml', written: true, backup: '' }
  }
  process = Object.assign(await createStubProcess(), { revisions, revision, apply })
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

test('an earlier version has its time and its size, and is read by its name', async () => {
  const path = '/revisions/config.xml-20261120120000'
  const entry = await treeOf().look(path)
  expect(entry?.attributes).toEqual({ folder: false, writable: false, size: 3, time: 5_000 })
  expect((await treeOf().read(path)).toString()).toBe('old')
})

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
