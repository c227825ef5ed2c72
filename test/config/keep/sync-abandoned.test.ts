// An edit of the text that would not say what is meant, which no edit ever should: the file is left alone, and everybody
// is told.
import { readFile } from 'node:fs/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import { keptFile, WEB, webWith } from '../../helpers/kept-file.ts'

const faulty = vi.hoisted(() => ({ yes: false }))

vi.mock(import('../../../src/config/write/write.ts'), async (original) => {
  const write = await original()
  const refuse = () => {
    if (faulty.yes) throw new BalancerError('INTERNAL', 'the document would not say what is wanted')
  }
  return {
    ...write,
    writeDocument: (...given) => {
      refuse()
      return write.writeDocument(...given)
    },
    writeDocumentInTurns: async (...given) => {
      refuse()
      return write.writeDocumentInTurns(...given)
    },
  }
})

afterEach(() => {
  faulty.yes = false
})

test('a save that would not say what is meant is given up, told, and tried again', async () => {
  const { sync, host, stored, log, edit } = await keptFile()
  faulty.yes = true
  host('a').weight = 2
  await sync.check()
  await sync.check()
  expect(await stored()).toBe(WEB)
  expect(sync.unsaved).toContain('the document would not say what is wanted')
  expect(log.of('config out of step')).toMatchObject([
    { level: 'error', facts: { stack: expect.any(String) } },
  ])
  await expect(sync.save()).rejects.toMatchObject({ code: 'INTERNAL' })
  await edit(webWith({ b: 7 }))
  await sync.reload()
  expect(host('b').weight).toBe(7)
  faulty.yes = false
  await sync.check()
  expect(await stored()).toBe(webWith({ a: 2, b: 7 }))
  expect(sync.unsaved).toBeUndefined()
})

test('what runs is kept at the end even so, without the comments', async () => {
  const { sync, host } = await keptFile()
  host('a').weight = 2
  faulty.yes = true
  await sync.check()
  const kept = await readFile((await sync.saveAside()) ?? '', 'utf8')
  expect(kept).toContain('weight="2"')
})
