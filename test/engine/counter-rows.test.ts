// Rows of counters: each of them has one writer's row to itself as long as somebody names it or a session counts in it,
// and loses no figure on the way.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  COUNTER_ROWS,
  CounterRows,
  ROW_CELLS,
  ROWS_PER_CHUNK,
  TALLY_ROWS,
} from '../../src/engine/counter-rows.ts'
import { ServiceTally } from '../../src/engine/service-tally.ts'
import { COUNTER_CELLS, Counters } from '../../src/model/counters.ts'
import { randomly, seed } from '../helpers/seed.ts'

/** The cells of a row, as the other side has them. */
function cellsOf(rows: CounterRows, row: number): Float64Array {
  const first = (row % ROWS_PER_CHUNK) * ROW_CELLS
  return rows.chunk(Math.floor(row / ROWS_PER_CHUNK)).subarray(first, first + ROW_CELLS)
}

function counted(figures: Partial<Counters>): Counters {
  return Object.assign(new Counters(), figures)
}

test('figures move to a row at first sight, and both sides see the same', () => {
  const rows = new CounterRows()
  const host = counted({ total: 5 })
  expect([rows.chunks, rows.rowOf(host)]).toEqual([0, undefined])
  const [row = -1] = rows.use('web', [host])
  const cells = cellsOf(rows, row)
  expect([rows.rowOf(host), rows.used, cells[COUNTER_CELLS.total]]).toEqual([row, 1, 5])
  cells[COUNTER_CELLS.open] = 2
  expect(host.open).toBe(2)
})

test('the next table keeps the rows of the hosts that stay', () => {
  const rows = new CounterRows()
  const [a, b, c] = [new Counters(), new Counters(), new Counters()]
  const [, second] = rows.use('web', [a, b])
  expect(rows.use('web', [b, c])[0]).toBe(second)
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 1])
  expect([a, b, c].map((each) => rows.rowOf(each) !== undefined)).toEqual([false, true, true])
})

test('a row is given up when nobody names it and no session counts in it, and its figures go home', () => {
  const rows = new CounterRows()
  const host = counted({ open: 1, total: 9 })
  const [row = -1] = rows.use('web', [host])
  rows.forget('web')
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 0])
  cellsOf(rows, row)[COUNTER_CELLS.open] = 0
  expect(rows.sweep()).toBe(0)
  // The thread that closed it adds the bytes before it lets go of its lock.
  cellsOf(rows, row)[COUNTER_CELLS.bytesFromHost] = 70
  expect([rows.sweep(), rows.used]).toEqual([1, 0])
  cellsOf(rows, row).fill(99)
  expect(host).toMatchObject({ open: 0, total: 9, bytesFromHost: 70 })
})

test('a session that comes between two sweeps keeps the row', () => {
  const rows = new CounterRows()
  const host = new Counters()
  const [row = -1] = rows.use('web', [host])
  rows.forget('web')
  rows.sweep()
  cellsOf(rows, row)[COUNTER_CELLS.open] = 1
  rows.sweep()
  cellsOf(rows, row)[COUNTER_CELLS.open] = 0
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 1])
})

test('what two name stays until both have forgotten it', () => {
  const rows = new CounterRows()
  const host = new Counters()
  rows.use('web', [host, host])
  rows.use('mail', [host])
  rows.forget('web')
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 0])
  rows.rename('mail', 'post')
  rows.forget('mail')
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 0])
  rows.forget('post')
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 1])
})

test('one who takes the name of another makes that one forget', () => {
  const rows = new CounterRows()
  const [a, b] = [new Counters(), new Counters()]
  rows.use('web', [a])
  rows.use('mail', [b])
  rows.rename('web', 'mail')
  expect([rows.sweep(), rows.sweep()]).toEqual([0, 1])
  expect([rows.rowOf(a), rows.rowOf(b)]).toEqual([0, undefined])
})

test('chunks are made as they are needed and stay where they are', () => {
  const rows = new CounterRows()
  const first = Array.from({ length: ROWS_PER_CHUNK }, () => new Counters())
  rows.use('web', first)
  const chunk = rows.chunk(0)
  expect(rows.chunks).toBe(1)
  const [row] = rows.use('mail', [counted({ total: 3 })])
  expect([row, rows.chunks, rows.chunk(0) === chunk]).toEqual([ROWS_PER_CHUNK, 2, true])
  expect(cellsOf(rows, row ?? -1)[COUNTER_CELLS.total]).toBe(3)
  expect(() => rows.chunk(2)).toThrow('chunk 2 of 2')
})

test('more than there may be is refused, and changes nothing', () => {
  const rows = new CounterRows(COUNTER_ROWS, 2)
  const [a, b, c] = [new Counters(), new Counters(), new Counters()]
  rows.use('web', [a, b, a])
  const refused = expect.objectContaining({ code: 'REFUSED' })
  expect(() => rows.use('web', [c])).toThrow(refused)
  expect(() => rows.use('mail', [b, c])).toThrow('counts for 2 at most, not 3 hosts and listeners')
  rows.sweep()
  expect([rows.sweep(), rows.rowOf(c)]).toEqual([0, undefined])
})

test('rows may be longer: each tally has its own, and its figures go home', () => {
  const rows = new CounterRows<ServiceTally>(TALLY_ROWS, 2)
  const [web, mail] = [new ServiceTally(), new ServiceTally()]
  web.began()
  const [first, second] = ['web', 'mail'].map((name, at) =>
    rows.use(name, [[web, mail][at] ?? web]),
  )
  expect([first, second, rows.chunks]).toEqual([[0], [1], 1])
  mail.began()
  mail.connected(3)
  expect([...rows.chunk(0)].filter((cell) => cell !== 0)).toEqual([1, 1, 3, 1])
  expect(() => rows.use('more', [new ServiceTally()])).toThrow('not 3 services with sessions')
  rows.close()
  rows.chunk(0).fill(99)
  expect([web.open, mail.open, mail.figures().connect.sumMs]).toEqual([1, 1, 3])
})

test('all figures go home at the end', () => {
  const rows = new CounterRows()
  const hosts = [counted({ open: 1 }), counted({ open: 2 })]
  rows.use('web', hosts)
  const chunk = rows.chunk(0)
  rows.close()
  chunk.fill(99)
  expect([rows.used, ...hosts.map(({ open }) => open)]).toEqual([0, 1, 2])
})

const OWNERS = ['web', 'mail', 'listener 1']
const owner = fc.constantFrom(...OWNERS)
const host = fc.nat({ max: 11 })
const step = fc.oneof(
  fc.record({ does: fc.constant('use' as const), owner, hosts: fc.array(host, { maxLength: 6 }) }),
  fc.record({ does: fc.constant('forget' as const), owner }),
  fc.record({ does: fc.constant('rename' as const), owner, to: owner }),
  fc.record({ does: fc.constantFrom('begin' as const, 'end' as const), host }),
  fc.record({ does: fc.constant('sweep' as const) }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

/** Rows, and beside them what has to be true of them. */
class Checked {
  readonly rows = new CounterRows()
  readonly all = Array.from({ length: 12 }, (_, index) => counted({ total: index }))
  readonly #named = new Map<string, readonly number[]>()
  readonly #open = this.all.map(() => 0)

  do(next: Step): void {
    switch (next.does) {
      case 'use':
        this.rows.use(next.owner, this.#hostsOf(next.hosts))
        this.#named.set(next.owner, next.hosts)
        return
      case 'forget':
        this.rows.forget(next.owner)
        this.#named.delete(next.owner)
        return
      case 'rename':
        return this.#rename(next.owner, next.to)
      case 'begin':
        return this.#count(next.host, 1)
      case 'end':
        return this.#count(next.host, -1)
      case 'sweep':
        this.rows.sweep()
        return
      default:
        next satisfies never
    }
  }

  /** What is not true of them. */
  get faults(): readonly string[] {
    const { all, rows } = this
    const given = all.map((each) => rows.rowOf(each)).filter((row) => row !== undefined)
    const busy = all.filter((_, index) => (this.#open[index] ?? 0) > 0)
    const needed = [...this.#hostsOf([...this.#named.values()].flat()), ...busy]
    const truths = {
      'a row has one owner': new Set(given).size === given.length && given.length === rows.used,
      'open is kept': all.every(({ open }, index) => open === this.#open[index]),
      'total is kept': all.every(({ total }, index) => total === index),
      'who needs a row has one': needed.every((each) => rows.rowOf(each) !== undefined),
    }
    return Object.entries(truths).flatMap(([truth, holds]) => (holds ? [] : truth))
  }

  #rename(from: string, to: string): void {
    this.rows.rename(from, to)
    const hosts = this.#named.get(from)
    this.#named.delete(from)
    this.#named.delete(to)
    if (hosts !== undefined) this.#named.set(to, hosts)
  }

  // As a thread does: only in rows of hosts that it was told of.
  #count(index: number, more: number): void {
    const [row] = this.#hostsOf([index]).map((each) => this.rows.rowOf(each))
    const open = (this.#open[index] ?? 0) + more
    if (row === undefined || open < 0) return
    this.#open[index] = open
    cellsOf(this.rows, row)[COUNTER_CELLS.open] = open
  }

  #hostsOf(indexes: readonly number[]): Counters[] {
    return indexes.flatMap((index) => this.all[index] ?? [])
  }
}

test(`whatever happens, no row has two owners and no figure is lost (seed ${seed})`, () => {
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const checked = new Checked()
    for (const next of steps) {
      checked.do(next)
      expect(checked.faults).toEqual([])
    }
    const { rows, all } = checked
    for (const name of OWNERS) rows.forget(name)
    for (const each of all) each.open = 0
    for (let sweep = 0; sweep < 2; sweep++) rows.sweep()
    expect(rows.used).toBe(0)
  })
  fc.assert(property, randomly(300))
})
