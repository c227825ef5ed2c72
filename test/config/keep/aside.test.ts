// What runs is beside the file as long as the file does not say it, so that not even a crash loses it.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

const aside = (file: string) => readFile(`${file}-unsaved`, 'utf8')

test('is there as soon as a conflict is, follows what runs, and goes when all is settled', async () => {
  const { sync, file, host, edit, beside } = await keptFile()
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  await sync.check()
  expect(await aside(file)).toBe(webWith({ a: 7 }))
  expect((await stat(`${file}-unsaved`)).mode & 0o777).toBe(0o600)
  host('b').weight = 5
  await sync.check()
  expect(await aside(file)).toBe(webWith({ a: 7, b: 5 }))
  await sync.resolve([], 'file')
  expect(await beside()).toEqual(['config.xml'])
})

test('is there while the file cannot be written, and goes when it can', async () => {
  const { sync, file, host, block, beside, stored } = await keptFile()
  const free = await block()
  host('a').weight = 7
  await sync.check()
  expect(await aside(file)).toBe(webWith({ a: 7 }))
  expect(await stored()).toBe(WEB)
  await free()
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 7 }))
  expect(await beside()).toEqual(['config.xml'])
})

test('one of an earlier run is not written over, and not taken away', async () => {
  const { sync, file, host, edit, beside } = await keptFile()
  await writeFile(`${file}-unsaved`, 'of an earlier run')
  await sync.check()
  expect(await aside(file)).toBe('of an earlier run')
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  await sync.check()
  expect(await readFile(`${file}-unsaved-old`, 'utf8')).toBe('of an earlier run')
  expect(await aside(file)).toBe(webWith({ a: 7 }))
  await sync.resolve([], 'running')
  expect(await beside()).toEqual(['config.xml', 'config.xml-unsaved-old'])
})

test('where it cannot be written either, the log says so once', async () => {
  const { sync, file, host, edit, log } = await keptFile()
  await mkdir(`${file}-unsaved-old`)
  await mkdir(`${file}-unsaved`)
  await writeFile(`${file}-unsaved/in-the-way`, '')
  await writeFile(`${file}-unsaved-old/in-the-way`, '')
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  for (let count = 1; count <= 3; count++) await sync.reload()
  expect(log.of('changes not kept aside')).toHaveLength(1)
  for (const each of ['unsaved', 'unsaved-old']) await rm(`${file}-${each}`, { recursive: true })
  await sync.reload()
  expect(await aside(file)).toBe(webWith({ a: 7 }))
})

test('at the end it is kept also where nobody looked at the file any more', async () => {
  const { sync, file, host } = await keptFile()
  host('a').weight = 7
  expect(await sync.saveAside()).toBe(`${file}-unsaved`)
  expect(await aside(file)).toBe(webWith({ a: 7 }))
})

test('unsaved is over as soon as both sides say the same, before the next look', async () => {
  const { sync, host, edit } = await keptFile()
  host('a').weight = 7
  await edit(webWith({ a: 3 }))
  await sync.check()
  expect(sync.unsaved).toBe('1 conflict with the file (web/main/a/weight): show conflicts')
  host('a').weight = 3
  expect(sync.unsaved).toBeUndefined()
})
