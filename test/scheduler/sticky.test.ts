// The Maglev table: even, by weight, the same for everybody, and hardly disturbed by a host that leaves.
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import type { Weighed } from '../../src/scheduler/contract.ts'
import { sticky } from '../../src/scheduler/sticky.ts'
import { equals, weighed } from '../helpers/weighed.ts'

describe.each([3, 10, 100, 1_000])('among %d hosts', (count) => {
  const hosts = equals(count)

  test('at most 1/n + 2 % of all slots move when one leaves', () => {
    const homes = homesOf(hosts)
    for (const gone of new Set([0, 1, count >> 1, count - 1])) {
      const moved = movedBetween(homes, homesOf(hosts.toSpliced(gone, 1)))
      expect(moved, `without h${gone}`).toBeLessThanOrEqual(1 / count + 0.02)
    }
  })

  test('at most 1/n + 2 % of all slots move when one comes', () => {
    const moved = movedBetween(homesOf(hosts), homesOf([...hosts, { name: 'new', weight: 1 }]))
    expect(moved).toBeLessThanOrEqual(1 / (count + 1) + 0.02)
  })

  test('the most loaded has at most 2 % more slots than the least loaded', () => {
    const counts = [...countsOf(hosts).values()]
    expect(counts).toHaveLength(count)
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.02)
  })
})

test('any one host of ten may leave', () => {
  const hosts = equals(10)
  const homes = homesOf(hosts)
  for (const gone of hosts.keys())
    expect(movedBetween(homes, homesOf(hosts.toSpliced(gone, 1)))).toBeLessThanOrEqual(0.12)
})

test('names that hardly differ spread as well as any', () => {
  const hosts = Array.from({ length: 10 }, (_, index) => ({ name: `host.${index}`, weight: 1 }))
  const homes = homesOf(hosts)
  expect(movedBetween(homes, homesOf(hosts.slice(1)))).toBeLessThanOrEqual(0.12)
})

test('slots follow the weights', () => {
  const hosts = weighed(1, 2, 3, 4)
  for (const [name, count] of countsOf(hosts)) {
    const weight = hosts.find((host) => host.name === name)?.weight ?? 0
    expect(Math.abs(count / LIMITS.hashSlots - weight / 10)).toBeLessThan(0.001)
  }
})

test('with weights, too, hardly any other client moves when a host leaves, the heaviest included', () => {
  const hosts = weighed(1, 7, 100, 256, 30, 2)
  const sum = hosts.reduce((total, { weight }) => total + weight, 0)
  const homes = homesOf(hosts)
  for (const [gone, { weight }] of hosts.entries()) {
    const moved = movedBetween(homes, homesOf(hosts.toSpliced(gone, 1)))
    expect(moved).toBeLessThanOrEqual(weight / sum + 0.02)
  }
})

test('the place in the file does not matter', () => {
  const hosts = weighed(3, 1, 4, 1, 5)
  expect(movedBetween(homesOf(hosts), homesOf(hosts.toReversed()))).toBe(0)
})

test('only the proportion of weights matters', () => {
  expect(movedBetween(homesOf(weighed(1, 2)), homesOf(weighed(100, 200)))).toBe(0)
})

test('a host of weight 0 has no slot, and without others there is no table', () => {
  expect([...countsOf(weighed(0, 1)).keys()]).toEqual(['h1'])
  expect(sticky(weighed(0)).slots).toHaveLength(0)
  expect(sticky([]).slots).toHaveLength(0)
})

test('the table is full and its size is prime', () => {
  const { slots } = sticky(equals(7))
  expect(slots).toHaveLength(LIMITS.hashSlots)
  const roots = Array.from({ length: Math.ceil(Math.sqrt(slots.length)) }, (_, i) => i + 2)
  expect(roots.filter((root) => slots.length % root === 0)).toEqual([])
})

/** The name of the host of each slot. */
function homesOf(hosts: readonly Weighed[]): string[] {
  return Array.from(sticky(hosts).slots, (index) => hosts[index]?.name ?? 'none')
}

function countsOf(hosts: readonly Weighed[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const home of homesOf(hosts)) counts.set(home, (counts.get(home) ?? 0) + 1)
  return counts
}

/** The share of slots that have another host. */
function movedBetween(before: readonly string[], after: readonly string[]): number {
  return before.filter((home, slot) => home !== after[slot]).length / before.length
}
