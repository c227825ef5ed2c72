// The command line of the bench: what is accepted, and what is refused with which sentence.
import { expect, test } from 'vitest'
import { parseLoad } from '../../scripts/bench/loads.ts'
import { readOptions } from '../../scripts/bench/options.ts'

test('without options there are five rounds of three seconds over everything', () => {
  const { rounds, seconds, peers, families } = readOptions([])
  expect({ rounds, seconds }).toEqual({ rounds: 5, seconds: 3 })
  expect(peers).toEqual(['direct', 'bare', 'sluice', 'haproxy', 'nginx'])
  expect(families).toEqual(['keep', 'new', 'bulk', 'idle', 'pick'])
})

test('quick is one round of one second, unless a number is given', () => {
  expect(readOptions(['--quick'])).toMatchObject({ rounds: 1, seconds: 1 })
  expect(readOptions(['--quick', '--rounds', '2'])).toMatchObject({ rounds: 2, seconds: 1 })
})

test('columns keep the order of the table', () => {
  expect(readOptions(['--only', 'sluice,bare']).peers).toEqual(['bare', 'sluice'])
})

test('a wrong option says what is accepted', () => {
  expect(() => readOptions(['--only', 'varnish'])).toThrow('out of direct, bare, sluice')
  expect(() => readOptions(['--rounds', '0'])).toThrow(
    '--rounds is a whole number from 1 up, got 0',
  )
  expect(() => readOptions(['--rond', '3'])).toThrow("'--rond'")
})

test('the last line of a load is its result, and nothing at all is an error', () => {
  const line = '{"requests":7,"seconds":1,"p50Ms":1,"p99Ms":2,"errors":0}'
  expect(parseLoad(`Running 1s test\n${line}\n`)).toMatchObject({ count: 7, errors: 0 })
  const failed = '{"requests":0,"seconds":1,"p50Ms":0,"p99Ms":0,"errors":64}'
  expect(() => parseLoad(failed)).toThrow('nothing came through, 64 errors')
})
