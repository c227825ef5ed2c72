// The command line of the bench: what is accepted, and what is refused with which sentence.
import { expect, test } from 'vitest'
import { parseLoad } from '../../scripts/bench/loads.ts'
import { readOptions } from '../../scripts/bench/options.ts'
import { select } from '../../scripts/bench/selection.ts'

test('without options there are five rounds of two seconds over everything', () => {
  const { rounds, seconds, peers, families, engine, forceThreads } = readOptions([])
  expect({ rounds, seconds }).toEqual({ rounds: 5, seconds: 2 })
  expect(peers).toEqual(['direct', 'bare', 'sluice-node', 'sluice', 'haproxy', 'nginx'])
  expect(families).toEqual(['keep', 'new', 'bulk', 'idle', 'pick', 'loop', 'threads'])
  expect({ engine, forceThreads }).toEqual({ engine: 'splice', forceThreads: false })
})

test('quick is one round of one second, unless a number is given', () => {
  expect(readOptions(['--quick'])).toMatchObject({ rounds: 1, seconds: 1 })
  expect(readOptions(['--quick', '--rounds', '2'])).toMatchObject({ rounds: 2, seconds: 1 })
})

test('columns keep the order of the table', () => {
  expect(readOptions(['--only', 'sluice,bare']).peers).toEqual(['bare', 'sluice'])
})

test('a wrong option says what is accepted', () => {
  expect(() => readOptions(['--only', 'varnish'])).toThrow('out of direct, bare, sluice-node')
  expect(() => readOptions(['--rounds', '0'])).toThrow(
    '--rounds is a whole number from 1 up, got 0',
  )
  expect(() => readOptions(['--engine', 'turbo'])).toThrow('--engine is one of splice, node')
  expect(() => readOptions(['--rond', '3'])).toThrow("'--rond'")
})

test('the last line of a load is its result, and nothing at all is an error', () => {
  const line = '{"requests":7,"seconds":1,"p50Ms":1,"p99Ms":2,"errors":0}'
  expect(parseLoad(`Running 1s test\n${line}\n`)).toMatchObject({ count: 7, errors: 0 })
  const failed = '{"requests":0,"seconds":1,"p50Ms":0,"p99Ms":0,"errors":64}'
  expect(() => parseLoad(failed)).toThrow('nothing came through, 64 errors')
})

test('two threads are compared where there are CPUs for them, or where somebody insists', () => {
  const rows = (cpus: number, ...args: string[]) =>
    select(readOptions(['--scenarios', 'threads', ...args]), cpus)
  expect(rows(2).scenarios).toEqual([])
  expect(rows(2).notes.join()).toContain('not measured, 2 CPUs; needs 6')
  expect(rows(2, '--force-threads').scenarios).toHaveLength(2)
  expect(rows(6).scenarios).toHaveLength(2)
})
