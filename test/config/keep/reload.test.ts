// What taking the file over by hand comes to: nothing, only text, so many differences, conflicts, or a refusal.
import { expect, test } from 'vitest'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

test('a file that nobody edited is nothing new', async () => {
  const { sync } = await keptFile()
  expect(await sync.reload()).toEqual({ edited: false, applied: 0, conflicts: 0, written: false })
})

test('new words that mean the same are read, and nothing is applied', async () => {
  const { sync, edit } = await keptFile()
  await edit(WEB.replace('<config>', '<config> <!-- ours -->'))
  expect(await sync.reload()).toEqual({ edited: true, applied: 0, conflicts: 0, written: false })
})

test('differences are applied and counted', async () => {
  const { sync, edit } = await keptFile()
  await edit(webWith({ a: 3, b: 2 }))
  expect(await sync.reload()).toEqual({ edited: true, applied: 2, conflicts: 0, written: false })
})

test('what was changed live meanwhile is written, and what both changed is counted', async () => {
  const { sync, edit, host, stored } = await keptFile()
  await edit(webWith({ a: 3, b: 2 }))
  host('a').weight = 4
  host('b').drain()
  expect(await sync.reload()).toEqual({ edited: true, applied: 1, conflicts: 1, written: true })
  expect(await stored()).toContain('state="draining"')
})

test('an edit that says what was changed live has nothing left to apply', async () => {
  const { sync, edit, host } = await keptFile()
  host('a').weight = 3
  await edit(webWith({ a: 3 }))
  expect(await sync.reload()).toEqual({ edited: true, applied: 0, conflicts: 0, written: false })
})

test('a file that does not load is refused with its faults', async () => {
  const { sync, edit } = await keptFile()
  await edit(WEB.replace('name="a"', 'nome="a"'))
  await expect(sync.reload()).rejects.toMatchObject({ code: 'CONFIG_BAD' })
})
