// What the system says of descriptors, and how many clients may be held by it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { descriptorsMax, heldMost } from '../../src/app/descriptors.ts'
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

test('there is no such file elsewhere', () => {
  expect(descriptorsMax('/no/such/file')).toBe(Number.POSITIVE_INFINITY)
})

test.each([
  [1_024, 341],
  [4_096, 1_365],
  [1_000_000, 65_536],
  [Number.POSITIVE_INFINITY, 65_536],
])('of %i descriptors, %i clients may be held', (descriptors, held) => {
  expect(heldMost(descriptors)).toBe(held)
})
