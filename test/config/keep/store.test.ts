// The configuration file on disk: atomic, with its mode, its links and its earlier versions.
import {
  chmod,
  mkdir,
  readFile,
  readdir,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { ConfigStore } from '../../../src/config/keep/store.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const NOON = Date.UTC(2026, 10, 20, 12, 0, 0)

async function storeIn(folder: string, text?: string) {
  const file = join(folder, 'config.xml')
  if (text !== undefined) await writeFile(file, text)
  const clock = { now: NOON }
  return { file, clock, store: new ConfigStore(file, { now: () => clock.now }) }
}

test('a save replaces the text and keeps the previous one beside it', async () => {
  const folder = await temporaryFolder()
  const { file, store } = await storeIn(folder, 'old')
  expect(await store.write('new', 'old')).toEqual({ file, backup: `${file}-20261120120000` })
  expect(await readFile(file, 'utf8')).toBe('new')
  expect(await readFile(`${file}-20261120120000`, 'utf8')).toBe('old')
  expect(await readdir(folder)).toHaveLength(2)
})

test('two saves in one second keep two earlier versions', async () => {
  const { file, store } = await storeIn(await temporaryFolder(), '1')
  await store.write('2', '1')
  await store.write('3', '2')
  expect(await readFile(`${file}-20261120120000-2`, 'utf8')).toBe('2')
})

test('only so many earlier versions are kept, the oldest go', async () => {
  const folder = await temporaryFolder()
  const { file, store, clock } = await storeIn(folder, '0')
  await writeFile(`${file}-note`, 'of a person')
  for (let count = 1; count <= LIMITS.configBackupsMax + 5; count++) {
    clock.now = NOON + Math.floor(count / 2) * 1_000
    await store.write(`${count}`, `${count - 1}`)
  }
  const names = (await readdir(folder)).filter((name) => /-\d{14}/.test(name))
  expect(names).toHaveLength(LIMITS.configBackupsMax)
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  expect(texts.map(Number).toSorted((a, b) => a - b)[0]).toBe(5)
  expect(await readdir(folder)).toContain('config.xml-note')
})

test('mode and symbolic links are kept', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'real'))
  const real = join(folder, 'real', 'sluice.xml')
  await writeFile(real, 'old')
  await chmod(real, 0o640)
  const { file, store } = await storeIn(folder)
  await symlink(real, file)
  await store.write('new', 'old')
  expect(await readlink(file)).toBe(real)
  expect(await readFile(real, 'utf8')).toBe('new')
  expect((await stat(real)).mode & 0o777).toBe(0o640)
  expect((await readdir(join(folder, 'real'))).toSorted()).toEqual([
    'sluice.xml',
    'sluice.xml-20261120120000',
  ])
})

test('a file that did not exist is made for its owner alone', async () => {
  const { file, store } = await storeIn(await temporaryFolder())
  expect(await store.read()).toBeUndefined()
  expect(await store.write('new', undefined)).toEqual({ file, backup: '' })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('a file that is not what the caller believes is left alone', async () => {
  const folder = await temporaryFolder()
  const { file, store } = await storeIn(folder, 'edited meanwhile')
  await expect(store.write('new', 'old')).rejects.toMatchObject({ code: 'CONFIG_CONFLICT' })
  expect(await readFile(file, 'utf8')).toBe('edited meanwhile')
  expect(await readdir(folder)).toEqual(['config.xml'])
})

test('what cannot be read or written is told in one sentence with what to do', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'config.xml'))
  const { store } = await storeIn(folder)
  await expect(store.read()).rejects.toThrow(
    /^the file cannot be read: .*config\.xml: EISDIR.*see that it is a file$/,
  )
  const lost = new ConfigStore(join(folder, 'no', 'config.xml'))
  await expect(lost.write('x', undefined)).rejects.toThrow(
    /^the file cannot be written: .*no\/config\.xml: ENOENT.*make its directory/,
  )
})

test('of a file above the size limit no more is read than refuses it', async () => {
  const { store } = await storeIn(
    await temporaryFolder(),
    'x'.repeat(LIMITS.configBytesMax + 1_000),
  )
  expect((await store.read())?.length).toBe(LIMITS.configBytesMax + 1)
})

test('whoever reads during a save sees the old text or the new one', async () => {
  const { file, store } = await storeIn(await temporaryFolder(), '0'.repeat(100_000))
  let text = '0'.repeat(100_000)
  let saving = true
  const seen = new Set<string>()
  const reading = (async () => {
    while (saving) {
      const found = await readFile(file, 'utf8')
      seen.add(`${found.length} ${new Set(found).size}`)
    }
  })()
  for (let count = 1; count <= 9; count++) {
    const next = `${count}`.repeat(100_000)
    await store.write(next, text)
    text = next
  }
  saving = false
  await reading
  expect([...seen]).toEqual(['100000 1'])
})

test('earlier versions are listed newest first, and read by their names alone', async () => {
  const folder = await temporaryFolder()
  const { file, store, clock } = await storeIn(folder, '1')
  await writeFile(join(folder, 'config.xml-note'), 'of a person')
  await writeFile(join(folder, 'other.xml-20261120120000'), 'of another file')
  await store.write('22', '1')
  clock.now += 1_000
  await store.write('333', '22')
  const names = ['config.xml-20261120120001', 'config.xml-20261120120000']
  expect(await store.revisions()).toMatchObject([
    { name: names[0], size: 2 },
    { name: names[1], size: 1 },
  ])
  const texts = names.map(async (name) => (await store.revision(name)).toString())
  expect(await Promise.all(texts)).toEqual(['22', '1'])
  const others = [
    'config.xml',
    '../config.xml',
    'config.xml-note',
    'other.xml-20261120120000',
    file,
  ]
  for (const name of others)
    await expect(store.revision(name)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
