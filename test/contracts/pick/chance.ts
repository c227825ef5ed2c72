// The `chance` rule: shares by weight within what chance allows, and the better one of two draws.
import { expect, test } from 'vitest'
import { Counters } from '../../../src/model/counters.ts'
import type { TableHost } from '../../../src/engine/table.ts'
import { weightedRandom } from '../../../src/scheduler/weighted-random.ts'
import { twoChoices } from '../../../src/scheduler/two-choices.ts'
import { hostAt } from '../../helpers/engine-rig.ts'
import { type CreatePicker, PickBench } from '../../helpers/pick-bench.ts'
import { randomFrom } from '../../helpers/seed.ts'

const PICKS = 20_000

export function chanceCases(createPicker: CreatePicker): void {
  // A fixed seed: what lies outside five standard deviations is a fault and not bad luck.
  const benchOf = (hosts: readonly TableHost[], rule = weightedRandom(hosts)) => {
    const bench = new PickBench(createPicker, randomFrom(20_261_121))
    bench.use(rule, hosts)
    return bench
  }

  const expectShares = (bench: PickBench, shares: Readonly<Record<string, number>>) => {
    const counts = new Map<string, number>()
    for (const name of bench.names(PICKS)) counts.set(name, (counts.get(name) ?? 0) + 1)
    const sum = Object.values(shares).reduce((total, share) => total + share, 0)
    expect([...counts.keys()].toSorted()).toEqual(Object.keys(shares).toSorted())
    for (const [name, share] of Object.entries(shares)) {
      const wanted = share / sum
      const deviation = Math.sqrt(PICKS * wanted * (1 - wanted))
      expect(Math.abs((counts.get(name) ?? 0) - PICKS * wanted), `share of ${name}`).toBeLessThan(
        5 * deviation + 1,
      )
    }
  }

  test('shares follow the weights', () => {
    expectShares(benchOf(hostsOf([1, 2, 5, 256])), { h0: 1, h1: 2, h2: 5, h3: 256 })
  })

  test('a host of weight 0 is never drawn, wherever it stands', () => {
    expectShares(benchOf(hostsOf([0, 1, 0, 3, 0])), { h1: 1, h3: 3 })
  })

  test('the shares of the others stay in proportion when a host is not ready', () => {
    const hosts = hostsOf([1, 2, 5, 8]).map((host) => ({ ...host, ready: host.name !== 'h3' }))
    expectShares(benchOf(hosts), { h0: 1, h1: 2, h2: 5 })
  })

  test('shares are right among the few that are left of many', () => {
    const weights = [...Array(60).fill(256), 1, 3]
    const hosts = hostsOf(weights).map((host, index) => ({ ...host, ready: index >= 60 }))
    expectShares(benchOf(hosts), { h60: 1, h61: 3 })
  })

  test('a host that was tried is drawn no more', () => {
    const hosts = hostsOf([200, 1])
    const tried = new Set([hosts[0]?.id ?? 0])
    expect(new Set(benchOf(hosts).names(100, { tried }))).toEqual(new Set(['h1']))
  })

  test('two draws of two hosts take the less loaded one, always', () => {
    const hosts = hostsOf([1, 1], [3, 2])
    expect(new Set(benchOf(hosts, twoChoices(hosts)).names(100))).toEqual(new Set(['h1']))
  })

  test('two draws count the load for its weight', () => {
    const hosts = hostsOf([1, 10], [2, 15])
    expect(new Set(benchOf(hosts, twoChoices(hosts)).names(100))).toEqual(new Set(['h1']))
  })

  test('two draws never take the most loaded of many, and take all others', () => {
    const hosts = hostsOf([1, 1, 1, 1, 1], [4, 9, 3, 2, 1])
    const got = new Set(benchOf(hosts, twoChoices(hosts)).names(1_000))
    expect([...got].toSorted()).toEqual(['h0', 'h2', 'h3', 'h4'])
  })

  test('two draws with one host left take that one', () => {
    const hosts = hostsOf([1, 1], [9, 0]).map((host) => ({ ...host, ready: host.name === 'h0' }))
    expect(benchOf(hosts, twoChoices(hosts)).names(3)).toEqual(['h0', 'h0', 'h0'])
  })

  test('two draws keep a hundred hosts nearly even, one draw does not', () => {
    const spreadOf = (rule: typeof twoChoices) => {
      const hosts = hostsOf(Array(100).fill(1))
      const bench = benchOf(hosts, rule(hosts))
      for (let client = 0; client < 10_000; client++) bench.open()
      const open = hosts.map(({ counters }) => counters.open)
      return Math.max(...open) - Math.min(...open)
    }
    expect(spreadOf(twoChoices)).toBeLessThan(12)
    expect(spreadOf(weightedRandom)).toBeGreaterThan(25)
  })
}

function hostsOf(weights: readonly number[], open: readonly number[] = []): TableHost[] {
  return weights.map((weight, index) => {
    const counters = Object.assign(new Counters(), { open: open[index] ?? 0 })
    return hostAt('10.0.0.1:80', { name: `h${index}`, weight, ready: weight > 0, counters })
  })
}
