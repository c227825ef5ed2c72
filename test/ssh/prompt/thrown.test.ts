// Code at a prompt throws whatever it likes, and hands over what cannot be looked at: it is told of in a sentence, and
// nothing ends or hangs of it.
import { expect, test } from 'vitest'
import { messageOf, stackOf } from '../../../src/base/errors.ts'
import { showToPrompt } from '../../../src/ssh/prompt/owners.ts'
import { readThrown } from '../../../src/ssh/prompt/thrown.ts'
import { textOf } from '../../../src/ssh/prompt/value-text.ts'

const fail = (): never => {
  throw new Error('a trap')
}
const forEver = (): never => {
  for (;;) void 0
}
const traps = { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail }

const HOSTILE: readonly (readonly [string, unknown])[] = [
  ['no prototype', Object.create(null)],
  [
    'a message that throws',
    {
      get message() {
        return fail()
      },
    },
  ],
  [
    'a stack that throws',
    {
      get stack() {
        return fail()
      },
    },
  ],
  ['a proxy that throws', new Proxy({}, traps)],
  ['a symbol', Symbol('x')],
  ['nothing', undefined],
]

test.each(HOSTILE)('%s can be told of', (_, thrown) => {
  expect(typeof messageOf(thrown)).toBe('string')
  expect(['string', 'undefined']).toContain(typeof stackOf(thrown))
  expect(typeof readThrown(thrown).reason).toBe('string')
  expect(showToPrompt(thrown)).toBe(false)
  expect(typeof textOf(thrown, { colors: false, columns: 80, limitMs: 1_000 })).toBe('string')
})

test.each([
  ['getPrototypeOf', new Proxy({}, { getPrototypeOf: forEver })],
  ['get', new Proxy({}, { get: forEver })],
])('a proxy with an endless %s is cut off', (_, value) => {
  expect(textOf(value, { colors: false, columns: 80, limitMs: 50 })).toMatch(
    /^\{\}$|cut after 50ms/,
  )
})

test('an endless message is cut off', () => {
  const thrown = {
    get message() {
      return forEver()
    },
  }
  expect(readThrown(thrown)).toEqual({ reason: 'an error that cannot be read', stack: undefined })
})
