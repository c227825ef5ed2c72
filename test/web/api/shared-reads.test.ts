// Lists that many pages ask for at once.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { SharedReads } from '../../../src/web/api/shared-reads.ts'

function stage() {
  const now = { changeNumber: 1, ms: 0, made: 0 }
  const reads = new SharedReads(now, () => now.ms)
  const ask = (question = 'show hosts') => reads.read(question, async () => String(++now.made))
  return { now, reads, ask }
}

test('who asks at about the same time is given the same', async () => {
  const { now, ask } = stage()
  const first = ask()
  now.ms += LIMITS.webSharedReadMs - 1
  expect(await Promise.all([first, ask(), ask()])).toEqual(['1', '1', '1'])
  expect(await ask('show groups')).toBe('2')
})

test('a change, or time, makes it anew', async () => {
  const { now, ask } = stage()
  await ask()
  now.changeNumber++
  expect(await ask()).toBe('2')
  now.ms += LIMITS.webSharedReadMs
  expect(await ask()).toBe('3')
})

test('what failed is told to those who wait, and asked again', async () => {
  const { reads, ask } = stage()
  const fails = () => reads.read('show hosts', () => Promise.reject(new Error('no')))
  expect(await Promise.allSettled([fails(), ask()])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ])
  expect(await ask()).toBe('1')
})

test('only so many are kept', async () => {
  const { ask } = stage()
  for (let place = 0; place <= LIMITS.webSharedReadsMax; place++) await ask(`show hosts ${place}`)
  expect(await ask('show hosts 1')).toBe('2')
  expect(await ask('show hosts 0')).toBe(String(LIMITS.webSharedReadsMax + 2))
})
