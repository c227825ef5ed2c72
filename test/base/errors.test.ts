// The table of errors, and what is made of whatever was thrown.
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  BalancerError,
  ERRORS,
  type ErrorCode,
  factsOf,
  messageOf,
  systemCodeOf,
} from '../../src/base/errors.ts'
import { readSources } from '../tidy/rules.ts'

const CODES = Object.keys(ERRORS) as ErrorCode[]

test('an error says what is wrong by its code and what is special about it', () => {
  const cause = new Error('EADDRINUSE')
  const error = new BalancerError('PORT_TAKEN', '127.0.0.1:80', { cause })
  expect(error).toMatchObject({
    name: 'BalancerError',
    code: 'PORT_TAKEN',
    message: 'the address is already in use: 127.0.0.1:80',
    detail: '127.0.0.1:80',
    side: 'operator',
    exit: 1,
    cause,
  })
  expect(error).toBeInstanceOf(Error)
})

test.each(CODES)('%s has a row that can be read', (code) => {
  const { side, exit, summary } = ERRORS[code]
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
  expect(summary).toMatch(/^[a-z].*[^.]$/)
  expect([1, 2, 3, 4, 5]).toContain(exit)
  expect(new BalancerError(code, 'x')).toMatchObject({ side, exit })
})

test('every row is of an error that happens: its code stands somewhere in src', () => {
  const texts = readSources('src').filter(({ path }) => path !== 'src/base/errors.ts')
  const unused = CODES.filter((code) => !texts.some(({ text }) => text.includes(`'${code}'`)))
  expect(unused).toEqual([])
})

describe('of anything thrown', () => {
  test.each([
    [new Error('a fault'), 'a fault'],
    [runInNewContext('new Error("of another realm")'), 'of another realm'],
    [{ message: 42 }, '42'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
  ])('the message of %s is %j', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message)
  })

  test.each([new TypeError('a fault'), runInNewContext('new Error("a fault")')])(
    'the log has the stack of %s',
    (thrown) => {
      expect(factsOf(thrown)).toEqual({ reason: 'a fault', stack: thrown.stack })
      expect(thrown.stack).toContain('a fault')
    },
  )

  test('the log has no stack of an operating error, whose sentence says it all', () => {
    const taken = new BalancerError('PORT_TAKEN', '127.0.0.1:80')
    expect(factsOf(taken)).toEqual({ reason: taken.message })
    expect(factsOf('text')).toEqual({ reason: 'text' })
    expect(factsOf(new BalancerError('INTERNAL', 'x'))).toHaveProperty('stack')
  })

  test.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error('x'), ''],
    [undefined, ''],
    ['ECONNREFUSED', ''],
  ])('the system code of %s is %j', (thrown, code) => {
    expect(systemCodeOf(thrown)).toBe(code)
  })
})
