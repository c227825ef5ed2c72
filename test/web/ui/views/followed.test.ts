// Lines that are read and then come by themselves: none twice, none lost, and told together.
import { expect, test } from 'vitest'
import { followed } from '../../../../src/web/ui/views/live/followed.ts'
import { type Deferred, deferred } from '../../../helpers/deferred.ts'
import { eventually } from '../../../helpers/eventually.ts'

function rig() {
  const readings: Deferred<readonly number[]>[] = []
  const told: string[] = []
  const lines = followed<number>({
    earlier: () => {
      const reading = deferred<readonly number[]>()
      readings.push(reading)
      return reading.promise
    },
    keyOf: (line) => line,
    onAll: (all) => told.push(`all ${all.join(' ')}`),
    onMore: (more) => told.push(`more ${more.join(' ')}`),
    onFailed: (error) => told.push(`failed ${String(error)}`),
  })
  return { lines, readings, told }
}

test('what comes while the earlier ones are read stands behind them, once', async () => {
  const { lines, readings, told } = rig()
  lines.read()
  lines.add(2)
  lines.add(3)
  readings[0]?.resolve([1, 2])
  await eventually(() => told.length > 0, 'it is told')
  expect(told).toEqual(['all 1 2 3'])
  lines.end()
})

test('what comes afterwards is told together', async () => {
  const { lines, readings, told } = rig()
  lines.read()
  readings[0]?.resolve([1])
  await eventually(() => told.length === 1, 'it is told')
  lines.add(2)
  lines.add(3)
  await eventually(() => told.length === 2, 'it is told')
  expect(told).toEqual(['all 1', 'more 2 3'])
  lines.end()
})

test('of two readings the later one counts, whichever answers first', async () => {
  const { lines, readings, told } = rig()
  lines.read()
  lines.read()
  readings[1]?.resolve([5])
  await eventually(() => told.length > 0, 'it is told')
  readings[0]?.resolve([1])
  await readings[0]?.promise
  expect(told).toEqual(['all 5'])
  lines.end()
})

test('where reading fails, what comes is told all the same', async () => {
  const { lines, readings, told } = rig()
  lines.read()
  lines.add(2)
  readings[0]?.reject(new Error('no answer'))
  await eventually(() => told.length === 2, 'it is told')
  expect(told).toEqual(['failed Error: no answer', 'more 2'])
  lines.end()
})

test('nothing is told after the end', async () => {
  const { lines, readings, told } = rig()
  lines.read()
  lines.add(2)
  lines.end()
  readings[0]?.resolve([1])
  await readings[0]?.promise
  expect(told).toEqual([])
})
