// What the system says of descriptors.
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { descriptorsMax, descriptorsOpen } from '../../src/base/descriptors.ts'
import { testFolder } from '../helpers/folder.ts'

test.each([
  ['Max open files            4096                 524288               files', 4_096],
  [
    'Max open files            unlimited            unlimited            files',
    Number.POSITIVE_INFINITY,
  ],
  ['', Number.POSITIVE_INFINITY],
])('%j', (line, most) => {
  const file = join(testFolder(), 'limits')
  writeFileSync(
    file,
    `Limit  Soft Limit  Hard Limit  Units\n${line}\nMax file locks  7  7  locks\n`,
  )
  expect(descriptorsMax(file)).toBe(most)
})

test('there is no such file elsewhere', async () => {
  expect(descriptorsMax('/no/such/file')).toBe(Number.POSITIVE_INFINITY)
  expect(await descriptorsOpen('/no/such/folder')).toBe(undefined)
})

test('an open file counts as one', async () => {
  const before = (await descriptorsOpen()) ?? 0
  const files = Array.from({ length: 50 }, () => openSync('/dev/null', 'r'))
  const open = (await descriptorsOpen()) ?? 0
  for (const file of files) closeSync(file)
  // Others of this process may open and close some meanwhile.
  expect(open - before).toBeGreaterThan(30)
})
