// The `cycle` rule: turns in order, and a place in the order that outlives tables.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TableHost } from '../../../src/engine/table.ts'
import type { CycleRule } from '../../../src/scheduler/rule.ts'
import { weightedRoundRobin } from '../../../src/scheduler/weighted-round-robin.ts'
import { hostAt } from '../../helpers/engine-rig.ts'
import { type CreatePicker, PickBench } from '../../helpers/pick-bench.ts'
import { randomly, seed } from '../../helpers/seed.ts'

export function cycleCases(createPicker: CreatePicker): void {
  const start = () => new PickBench(createPicker)

  test('hosts take turns in the order of the rule, again from the start at its end', () => {
    const bench = start()
    bench.use(order(2, 0, 1), named('abc'))
    expect(bench.names(7).join('')).toBe('cabcabc')
  })

  test('a host may have several turns of a round', () => {
    const bench = start()
    bench.use(order(0, 0, 1, 0), named('ab'))
    expect(bench.names(8).join('')).toBe('aabaaaba')
  })

  test('a host that may not be picked loses its turn, the others keep theirs', () => {
    const bench = start()
    const [a, b, c] = named('abc')
    bench.use(order(0, 1, 2), [a, { ...b, ready: false }, c])
    expect(bench.names(4).join('')).toBe('acac')
    expect(bench.pick({ tried: new Set([a.id]) })?.name).toBe('c')
  })

  test.each([
    ['in front of the place', 'abcd', 2, 'bcd', 'cdb'],
    ['at the place', 'abcd', 2, 'abd', 'dab'],
    ['behind the place', 'abcd', 2, 'abc', 'cab'],
    ['at the place, the last of the round', 'abcd', 3, 'abc', 'abc'],
    ['and the next one with it', 'abcd', 1, 'ad', 'dad'],
  ])('a host that is removed %s skips nobody', (_, before, picks, after, then) => {
    const bench = start()
    const hosts = named(before)
    bench.use(turns(hosts), hosts)
    bench.names(picks)
    const left = hosts.filter(({ name }) => after.includes(name))
    bench.use(turns(left), left)
    expect(bench.names(3).join('')).toBe(then)
  })

  test('a host that is added at the place waits for who would have been next', () => {
    const bench = start()
    const [a, b, c] = named('abc')
    bench.use(turns([a, b]), [a, b])
    bench.names(1)
    bench.use(turns([a, c, b]), [a, c, b])
    expect(bench.names(4).join('')).toBe('bacb')
  })

  test('a new order begins with who would have been next', () => {
    const bench = start()
    const [a, b, c] = named('abc')
    bench.use(turns([a, b, c]), [a, b, c])
    bench.names(1)
    bench.use(turns([c, b, a]), [c, b, a])
    expect(bench.names(3).join('')).toBe('bac')
  })

  test('a table with the same order goes on within the round', () => {
    const bench = start()
    const hosts = named('ab')
    const rule = order(0, 0, 0, 1)
    bench.use(rule, hosts)
    bench.names(2)
    bench.use(
      rule,
      hosts.map((host) => ({ ...host, maxSessions: 7 })),
    )
    expect(bench.names(3).join('')).toBe('aba')
  })

  test('after another kind of rule it begins at the start', () => {
    const bench = start()
    const hosts = named('abc')
    bench.use(turns(hosts), hosts)
    bench.names(1)
    bench.use({ kind: 'least', weights: Uint32Array.of(1, 1, 1), tie: 'order' }, hosts)
    bench.use(turns(hosts), hosts)
    expect(bench.pick()?.name).toBe('a')
  })

  test(`nobody is skipped and nobody served twice, whatever comes and goes (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const bench = start()
        const reference = new Rotation()
        const pairs: unknown[][] = []
        for (const [count, { what, at }] of steps.entries()) {
          if (what === 'add') reference.add(at, hostAt('10.0.0.1:80', { name: `h${count}` }))
          if (what === 'remove') reference.remove(at)
          if (what === 'turn') reference.turn(at)
          if (what === 'pick') pairs.push([bench.pick()?.name, reference.pick()])
          else bench.use(turns(reference.hosts), reference.hosts)
        }
        expect(pairs.map(([picked]) => picked)).toEqual(pairs.map(([, wanted]) => wanted))
      }),
      randomly(500),
    )
  })

  test(`whoever is due next is next, however weights change (seed ${seed})`, () => {
    const anyWeights = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(anyWeights, anyWeights, fc.nat({ max: 60 }), (first, second, picks) => {
        const bench = start()
        const hosts = named('abcdef')
        const use = (weights: readonly number[]) => {
          const weighed = hosts.map((host, index) => ({ ...host, weight: weights[index] ?? 0 }))
          const ready = weighed.map((host) => ({ ...host, ready: host.weight > 0 }))
          bench.use(weightedRoundRobin(weighed), ready)
        }
        use(first)
        bench.names(picks)
        // One round is at most the sum of weights; in it everybody comes.
        const coming = [...new Set(new Lookahead(first, picks).names)]
        use(second)
        const wanted = coming.find((name) => (second['abcdef'.indexOf(name)] ?? 0) > 0)
        expect(wanted === undefined ? undefined : bench.pick()?.name).toBe(wanted)
      }),
      randomly(300),
    )
  })

  /** What a fresh bench picks after so many picks. */
  class Lookahead {
    readonly names: readonly string[]

    constructor(weights: readonly number[], picks: number) {
      const hosts = named('abcdef').map((host, index) => ({ ...host, weight: weights[index] ?? 0 }))
      const bench = start()
      bench.use(weightedRoundRobin(hosts), hosts)
      this.names = bench.names(picks + 54).slice(picks)
    }
  }
}

const anyStep = fc.record({
  what: fc.constantFrom('pick', 'pick', 'add', 'remove', 'turn'),
  at: fc.nat({ max: 20 }),
})

/** Rotation as one would do it by hand: a list, and a finger on who is next. */
class Rotation {
  hosts: TableHost[] = []
  #finger = 0

  add(at: number, host: TableHost): void {
    const place = at % (this.hosts.length + 1)
    if (place <= this.#finger && this.hosts.length > 0) this.#finger += 1
    this.hosts.splice(place, 0, host)
    this.#wrap()
  }

  remove(at: number): void {
    if (this.hosts.length === 0) return
    const place = at % this.hosts.length
    this.hosts.splice(place, 1)
    if (place < this.#finger) this.#finger -= 1
    this.#wrap()
  }

  /** A host becomes ready, or is not any more. */
  turn(at: number): void {
    const place = at % Math.max(1, this.hosts.length)
    this.hosts = this.hosts.map((host, index) =>
      index === place ? { ...host, ready: !host.ready } : host,
    )
  }

  pick(): string | undefined {
    for (let step = 0; step < this.hosts.length; step++) {
      const place = (this.#finger + step) % this.hosts.length
      if (this.hosts[place]?.ready !== true) continue
      this.#finger = place + 1
      this.#wrap()
      return this.hosts[place]?.name
    }
    return undefined
  }

  #wrap(): void {
    if (this.#finger >= this.hosts.length) this.#finger = 0
  }
}

function order(...indexes: number[]): CycleRule {
  return { kind: 'cycle', order: Uint32Array.from(indexes) }
}

function turns(hosts: readonly TableHost[]): CycleRule {
  return order(...hosts.keys())
}

/** Hosts with one letter each; as a tuple long enough for what is taken apart above. */
function named(letters: string): [TableHost, TableHost, TableHost, ...TableHost[]] {
  const hosts = letters.split('').map((name) => hostAt('10.0.0.1:80', { name }))
  return hosts as [TableHost, TableHost, TableHost, ...TableHost[]]
}
