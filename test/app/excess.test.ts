// Who has more than its share of the open sessions.
import { expect, test } from 'vitest'
import { excessOf, totalOf } from '../../src/app/excess.ts'
import { Choices } from '../helpers/choices.ts'
import { seed } from '../helpers/seed.ts'

const host = (name: string, open: number, given: object = {}) => {
  return { name, weight: 1, wanted: true, health: 'up', counters: { open }, ...given }
}

test.each([
  ['a new host beside a busy one', [host('a', 10), host('b', 0)], { a: 5 }],
  ['even hosts', [host('a', 5), host('b', 5)], {}],
  ['one session more is no excess', [host('a', 3), host('b', 2)], {}],
  ['weights count', [host('a', 30, { weight: 3 }), host('b', 10)], {}],
  ['weights count both ways', [host('a', 30), host('b', 10, { weight: 3 })], { a: 20 }],
  ['a host that is down gets no share', [host('a', 10), host('b', 2, { health: 'down' })], {}],
  ['a draining host is left alone', [host('a', 4), host('b', 50, { wanted: false })], {}],
  ['one host', [host('a', 100)], {}],
  ['no host', [], {}],
  ['nobody is wanted', [host('a', 3, { wanted: false })], {}],
])('%s', (_, hosts, excess) => {
  expect(Object.fromEntries(excessOf(hosts))).toEqual(excess)
})

test(`what is taken away fits into the shares of the others (seed ${seed})`, () => {
  const choices = new Choices(seed)
  for (let round = 0; round < 200; round++) {
    const hosts = Array.from({ length: 1 + choices.below(9) }, (__, index) => {
      return host(`h${index}`, choices.below(100), { weight: 1 + choices.below(9) })
    })
    const excess = excessOf(hosts)
    const [open, weight] = [
      sumOf(hosts, (each) => each.counters.open),
      sumOf(hosts, (each) => each.weight),
    ]
    const room = sumOf(hosts, (each) =>
      Math.max(0, (open * each.weight) / weight - each.counters.open),
    )
    expect(totalOf(excess)).toBeLessThanOrEqual(room + 1e-6)
  }
})

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}
