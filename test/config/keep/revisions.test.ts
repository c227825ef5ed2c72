// Revisions on disk: numbers, what is known of each, bounds, and whatever somebody else or a crash left in the folder.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import type { Difference } from '../../../src/config/compare/difference.ts'
import { type NewRevision, Revisions } from '../../../src/config/keep/revisions.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const WEIGHT: Difference = {
  action: 'set',
  kind: 'host',
  path: 'web/main/a',
  field: 'weight',
  from: 1,
  to: 5,
}

const ALICE = { name: 'alice', access: 'full', auth: 'any', password: '$s$hash', keys: ['k'] }

async function folderAndRevisions() {
  const folder = join(await temporaryFolder(), 'revisions')
  return { folder, revisions: new Revisions(folder) }
}

function saying(text: string, given: Partial<NewRevision> = {}): NewRevision {
  return { text, origins: ['ssh:alice'], comment: '', changes: [WEIGHT], ...given }
}

function namesIn(folder: string): string[] {
  return readdirSync(folder).toSorted()
}

async function numbersOf(revisions: Revisions): Promise<readonly number[]> {
  return (await revisions.list()).map(({ number }) => number)
}

test('where nothing was kept there is nothing, and no folder is made to look', async () => {
  const { folder, revisions } = await folderAndRevisions()
  expect(await revisions.list()).toEqual([])
  await expect(revisions.text(1)).rejects.toThrow(/no revision 1; none is kept, see: history/)
  expect(() => statSync(folder)).toThrow(/ENOENT/)
})

test('a revision has its number, its text and what is known of it, also for the next process', async () => {
  const { folder, revisions } = await folderAndRevisions()
  const before = Date.now()
  expect(await revisions.add(saying('<é/>', { comment: 'first' }))).toBe(1)
  expect(await revisions.add(saying('<b/>', { origins: ['file', 'ssh:bob'] }))).toBe(2)
  for (const known of [revisions, new Revisions(folder)]) {
    const [second, first] = await known.list()
    expect(first).toMatchObject({ number: 1, size: 5, comment: 'first', changes: [WEIGHT] })
    expect(second).toMatchObject({ number: 2, origins: ['file', 'ssh:bob'], comment: '' })
    expect(first?.time).toBeGreaterThanOrEqual(before)
    expect(await known.get(1)).toEqual(first)
    expect(await known.text(1)).toBe('<é/>')
    await expect(known.get(3)).rejects.toThrow(/no revision 3; there are 1 to 2, see: history/)
  }
})

test('folder and files are for their owner alone', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(namesIn(folder)).toEqual(['1.json', '1.xml', 'last'])
  for (const name of namesIn(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
})

test('hashes of passwords are not among the changes, neither in the file nor in memory', async () => {
  const { folder, revisions } = await folderAndRevisions()
  const changes = [
    { action: 'add', kind: 'user', path: 'settings/users/alice', to: ALICE, before: '' },
    {
      ...WEIGHT,
      kind: 'user',
      path: 'settings/users/bob',
      field: 'password',
      from: '$old',
      to: '',
    },
  ] as readonly Difference[]
  await revisions.add(saying('<a/>', { changes }))
  expect(await readFile(join(folder, '1.json'), 'utf8')).not.toMatch(/hash|\$old/)
  expect((await revisions.get(1)).changes).toMatchObject([
    { to: { name: 'alice', password: '***' } },
    { from: '***', to: '' },
  ])
})

test('more changes than are kept, or larger ones, are left out and the rest is there', async () => {
  const { revisions } = await folderAndRevisions()
  const many = Array.from({ length: LIMITS.revisionChangesMax + 1 }, () => WEIGHT)
  await revisions.add(saying('<a/>', { changes: many }))
  await revisions.add(saying('<a/>', { changes: many.slice(1) }))
  const long = { ...WEIGHT, path: 'x'.repeat(LIMITS.revisionFactsBytesMax) }
  await revisions.add(saying('<a/>', { changes: [long], comment: 'y'.repeat(5_000) }))
  const [third, second, first] = await revisions.list()
  expect(first).toMatchObject({ changes: undefined, origins: ['ssh:alice'] })
  expect(second?.changes).toHaveLength(LIMITS.revisionChangesMax)
  expect(third?.changes).toBeUndefined()
  expect(third?.comment).toHaveLength(LIMITS.commentLengthMax)
})

test('only so many are kept, the oldest go with all their files', async () => {
  const { folder, revisions } = await folderAndRevisions()
  const count = LIMITS.revisionsKept + 3
  for (let number = 1; number <= count; number++) await revisions.add(saying(`<a n="${number}"/>`))
  expect(await numbersOf(revisions)).toEqual(
    Array.from({ length: LIMITS.revisionsKept }, (_, index) => count - index),
  )
  expect(await numbersOf(new Revisions(folder))).toHaveLength(LIMITS.revisionsKept)
  expect(namesIn(folder)).toHaveLength(2 * LIMITS.revisionsKept + 1)
  await expect(revisions.text(3)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('only so many bytes are kept, and the newest always', async () => {
  const { folder, revisions } = await folderAndRevisions()
  const text = 'x'.repeat(LIMITS.configBytesMax)
  const fitting = Math.floor(LIMITS.revisionsBytesMax / LIMITS.configBytesMax)
  for (let number = 1; number <= fitting + 2; number++) await revisions.add(saying(text))
  expect(await numbersOf(revisions)).toHaveLength(fitting)
  expect(namesIn(folder)).toHaveLength(2 * fitting + 1)
})

test('a number is never given twice, also where the newest revisions are gone', async () => {
  const { folder, revisions } = await folderAndRevisions()
  for (const text of ['<a/>', '<b/>', '<c/>']) await revisions.add(saying(text))
  for (const name of ['2.xml', '2.json', '3.xml', '3.json']) rmSync(join(folder, name))
  const next = new Revisions(folder)
  expect(await numbersOf(next)).toEqual([1])
  expect(await next.add(saying('<d/>'))).toBe(4)
  rmSync(folder, { recursive: true })
  expect(await next.add(saying('<e/>'))).toBe(5)
  expect(await numbersOf(new Revisions(folder))).toEqual([5])
})

test('what a crash left half is no revision, keeps its number, and is taken away with the next one', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  for (const name of ['.2.xml.tmp', '2.json', '.last.tmp']) writeFileSync(join(folder, name), 'ha')
  const next = new Revisions(folder)
  expect(await numbersOf(next)).toEqual([1])
  expect(namesIn(folder)).toContain('2.json')
  expect(await next.add(saying('<b/>'))).toBe(3)
  expect(namesIn(folder)).toEqual(['1.json', '1.xml', '3.json', '3.xml', 'last'])
})

test.each([
  ['nothing', undefined],
  ['an empty file', ''],
  ['garbage', '\0{'],
  ['no object', '[1]'],
  ['half of it', '{"time":1,"origins":["file"],"comm'],
  ['wrong types', '{"time":"x","origins":"file","comment":1}'],
  ['a time that is none', '{"time":1e300,"origins":[],"comment":""}'],
  ['far too many origins', JSON.stringify({ time: 1, origins: Array(999).fill('x'), comment: '' })],
  ['a huge file', 'x'.repeat(LIMITS.revisionFactsBytesMax + 1)],
  ['changes that are none', '{"time":1,"origins":[],"comment":"","changes":[null]}'],
  [
    'a value of another type',
    JSON.stringify({ time: 1, origins: [], comment: '', changes: [{ ...WEIGHT, to: {} }] }),
  ],
])('where %s stands for what is known, the text counts and the rest is ?', async (_, json) => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  rmSync(join(folder, '1.json'))
  if (json !== undefined) writeFileSync(join(folder, '1.json'), json)
  const next = new Revisions(folder)
  const [first] = await next.list()
  expect(first).toMatchObject({ number: 1, origins: ['?'], comment: '', changes: undefined })
  expect(Math.abs((first?.time ?? 0) - Date.now())).toBeLessThan(60_000)
  expect(await next.text(1)).toBe('<a/>')
})

test('what only has the name of a revision is skipped, and neither read nor followed', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  mkdirSync(join(folder, '5.xml'))
  mkdirSync(join(folder, '7.json'))
  symlinkSync('/etc/passwd', join(folder, '6.xml'))
  symlinkSync('/etc/passwd', join(folder, '1.json-'))
  spawnSync('mkfifo', [join(folder, '8.xml')])
  writeFileSync(join(folder, '9.xml'), 'x'.repeat(LIMITS.configBytesMax + 1))
  for (const name of ['0.xml', '01.xml', '-1.xml', '1e3.xml', '9'.repeat(20) + '.xml', 'a.xml'])
    writeFileSync(join(folder, name), '<a/>')
  const next = new Revisions(folder)
  expect(await numbersOf(next)).toEqual([1])
  expect(await next.add(saying('<b/>'))).toBe(10)
  expect(await numbersOf(next)).toEqual([10, 1])
  expect(namesIn(folder)).toEqual(expect.arrayContaining(['0.xml', '5.xml', '6.xml', '8.xml']))
})

test('a link in the place of a text is not followed', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  rmSync(join(folder, '1.xml'))
  symlinkSync('/etc/passwd', join(folder, '1.xml'))
  await expect(revisions.text(1)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test('a text that somebody took away is gone from the list, too', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  await revisions.add(saying('<b/>'))
  rmSync(join(folder, '1.xml'))
  await expect(revisions.text(1)).rejects.toThrow(/no revision 1; there are 2 to 2/)
  expect(await numbersOf(revisions)).toEqual([2])
})

test('two processes in one folder take nothing from each other, and it is told', async () => {
  const { folder, revisions } = await folderAndRevisions()
  const other = new Revisions(folder)
  await other.list()
  await revisions.add(saying('<a/>'))
  await expect(other.add(saying('<b/>'))).rejects.toThrow(
    /EEXIST.*another process keeps its files there, give each configuration a directory of its own/,
  )
  expect(await other.add(saying('<b/>'))).toBe(2)
  expect(await revisions.text(1)).toBe('<a/>')
  expect(await other.text(2)).toBe('<b/>')
})

test('at the last number there is none left, and it is told what to do', async () => {
  const { folder, revisions } = await folderAndRevisions()
  mkdirSync(folder)
  writeFileSync(join(folder, '999999999999.xml'), '<a/>')
  await expect(revisions.add(saying('<b/>'))).rejects.toThrow(/take the file with that number away/)
})

test('a file in the place of the folder is told of, and the folder is used once it is free', async () => {
  const { folder, revisions } = await folderAndRevisions()
  writeFileSync(folder, '')
  await expect(revisions.list()).rejects.toThrow(/ENOTDIR.*a part of its path is a file, move that/)
  await expect(revisions.add(saying('<a/>'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  rmSync(folder)
  expect(await revisions.add(saying('<a/>'))).toBe(1)
})

test('one that cannot be written leaves nothing behind, and the next one can', async () => {
  const { folder, revisions } = await folderAndRevisions()
  await revisions.add(saying('<a/>'))
  mkdirSync(join(folder, '.2.xml.tmp'))
  await expect(revisions.add(saying('<b/>'))).rejects.toThrow(
    /revisions: EISDIR.*a directory is in the way, move it/,
  )
  expect(await numbersOf(revisions)).toEqual([1])
  expect(await revisions.add(saying('<b/>'))).toBe(3)
  expect(namesIn(folder)).toEqual(['.2.xml.tmp', '1.json', '1.xml', '3.json', '3.xml', 'last'])
})

test('a full disk keeps no half revision', async (context) => {
  const folder = await temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder])
  if (mounted.status !== 0) return context.skip()
  onTestFinished(() => void execFileSync('umount', [folder]))
  chmodSync(folder, 0o700)
  const revisions = new Revisions(join(folder, 'revisions'))
  await revisions.add(saying('<a/>'))
  await expect(revisions.add(saying('x'.repeat(100_000)))).rejects.toThrow(/ENOSPC.*make room/)
  expect(await numbersOf(new Revisions(join(folder, 'revisions')))).toEqual([1])
  expect(await revisions.add(saying('<c/>'))).toBe(3)
  return undefined
})

test('a folder of far more than are kept is worked off by and by', async () => {
  const { folder, revisions } = await folderAndRevisions()
  mkdirSync(folder)
  for (let number = 1; number <= 1_000; number++)
    writeFileSync(join(folder, `${number}.xml`), '<a/>')
  expect(await numbersOf(revisions)).toHaveLength(LIMITS.revisionsKept)
  for (let count = 1; count <= 5; count++) await revisions.add(saying('<b/>'))
  expect(namesIn(folder).filter((name) => name.endsWith('.xml'))).toHaveLength(LIMITS.revisionsKept)
})
