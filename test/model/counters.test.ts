// Counters: six figures that read and write like plain properties, wherever their cells are.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { COUNTER_CELLS, Counters, CountersReader } from '../../src/model/counters.ts'

const FIGURES = {
  open: 1,
  total: 2,
  failed: 3,
  bytesFromClient: 4,
  bytesFromHost: 5,
  lastClose: 6,
}

test('every figure is in its cell, in the order that engines go by', () => {
  expect(Object.keys(COUNTER_CELLS)).toEqual(Object.keys(FIGURES))
  const cells = new Float64Array(8)
  const counters = Object.assign(new Counters(), FIGURES)
  counters.moveTo(cells)
  expect([...cells]).toEqual([1, 2, 3, 4, 5, 6, 0, 0])
})

test('figures go along to a row and back home', () => {
  const cells = new Float64Array(8)
  const counters = Object.assign(new Counters(), { open: 3, bytesFromHost: 2 ** 52 + 1 })
  counters.moveTo(cells)
  counters.open += 1
  cells[COUNTER_CELLS.total] = 7
  expect([cells[COUNTER_CELLS.open], counters.total]).toEqual([4, 7])
  counters.moveHome()
  cells.fill(99)
  expect(counters.toJSON()).toMatchObject({ open: 4, total: 7, bytesFromHost: 2 ** 52 + 1 })
})

test('a row that was used before shows nothing of that', () => {
  const counters = new Counters()
  counters.moveTo(new Float64Array(8).fill(99))
  expect(counters.toJSON()).toMatchObject({ open: 0, total: 0, bytesFromHost: 0 })
})

test('to move home at home changes nothing', () => {
  const counters = Object.assign(new Counters(), FIGURES)
  counters.moveHome()
  expect(counters).toMatchObject(FIGURES)
})

test('a reader follows the figures to wherever they are', () => {
  const counters = new Counters()
  const reader = new CountersReader(counters)
  const cells = new Float64Array(8)
  counters.moveTo(cells)
  for (const cell of Object.values(COUNTER_CELLS)) cells[cell] = cell + 1
  expect(reader).toMatchObject(FIGURES)
  expect(() => Object.assign(reader, { open: 1 })).toThrow('open cannot be changed')
})

test('a copy stays as it is, wherever the figures were', () => {
  const counters = Object.assign(new Counters(), FIGURES)
  counters.moveTo(new Float64Array(8))
  const copy = counters.copy()
  counters.open = 99
  expect(copy).toMatchObject(FIGURES)
})

test('they print as what they count, and nothing can be added', () => {
  const counters = Object.assign(new Counters(), FIGURES)
  const { lastClose: _place, ...shown } = FIGURES
  expect([JSON.parse(JSON.stringify(counters)), inspect(counters)]).toEqual([shown, inspect(shown)])
  expect(() => Object.assign(counters, { opne: 1 })).toThrow(TypeError)
})
