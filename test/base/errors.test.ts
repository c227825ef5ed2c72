// The table of errors, and what is made of whatever was thrown.
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import {
  BalancerError,
  ERRORS,
  type ErrorCode,
  messageOf,
  systemCodeOf,
} from '../../src/base/errors.ts'

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
    retryable: false,
    exit: 1,
    cause,
  })
  expect(error).toBeInstanceOf(Error)
})

test.each(CODES)('%s has a row that can be read', (code) => {
  const { side, retryable, exit, summary } = ERRORS[code]
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
  expect(summary).toMatch(/^[a-z].*[^.]$/)
  expect([1, 2, 3, 4, 5]).toContain(exit)
  // Another host never helps against a client or an operator.
  expect(retryable && (side === 'client' || side === 'operator')).toBe(false)
  expect(new BalancerError(code, 'x')).toMatchObject({ side, retryable, exit })
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

  test.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new Error('x'), ''],
    [undefined, ''],
    ['ECONNREFUSED', ''],
  ])('the system code of %s is %j', (thrown, code) => {
    expect(systemCodeOf(thrown)).toBe(code)
  })
})
