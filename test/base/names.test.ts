// Names: what is refused, in words that say what is accepted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { NAME_FORM, faultOfName, requireName } from '../../src/base/names.ts'
import { randomly, seed } from '../helpers/seed.ts'

test.each([
  'a',
  'host.0',
  'with blank',
  'größer ✓',
  '7',
  '*',
  'constructor',
  'x'.repeat(LIMITS.nameLengthMax),
])('%j is a name', (name) => {
  expect(requireName(name)).toBe(name)
})

test.each([
  '',
  ' ',
  ' a',
  'a ',
  '-a',
  'a/b',
  'a\tb',
  'a\u2029b',
  '\uD800',
  'x'.repeat(LIMITS.nameLengthMax + 1),
])('%j is none, and what is one is said', (name) => {
  expect(faultOfName(name)).toBe(`a name is ${NAME_FORM}, got ${JSON.stringify(name)}`)
  expect(() => requireName(name)).toThrow(expect.objectContaining({ code: 'NAME_BAD' }))
})

test.each(['listen', '__proto__', '.', '..'])('%s is reserved', (name) => {
  expect(faultOfName(name)).toBe(`${name} is reserved`)
})

test.each([undefined, null, 5, {}, []])('%j is no text', (name) => {
  expect(faultOfName(name as unknown as string)).toMatch(/^a name is 1 to 64 .*, got \w+$/)
})

test(`a name is one part of a path, and on one line (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), (name) => {
      if (faultOfName(name) !== undefined) return
      expect(name.split('/')).toHaveLength(1)
      expect(name).toBe(name.trim())
      expect(name).toMatch(/^.+$/)
    }),
    randomly(1_000),
  )
})
