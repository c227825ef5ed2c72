// The `least` rule, held against a walk over all hosts.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TableHost } from '../../../src/engine/table.ts'
import type { LeastRule } from '../../../src/scheduler/rule.ts'
import { hostAt } from '../../helpers/engine-rig.ts'
import { type CreatePicker, PickBench } from '../../helpers/pick-bench.ts'
import { randomly, seed } from '../../helpers/seed.ts'

export function leastCases(createPicker: CreatePicker): void {
  const benchOf = (tie: LeastRule['tie'], hosts: readonly TableHost[]) => {
    const bench = new PickBench(createPicker)
    bench.use(ruleOf(tie, hosts), hosts)
    return bench
  }

  test('the host with the fewest open sessions is picked', () => {
    const hosts = hostsOf(1, 1, 1)
    const bench = benchOf('order', hosts)
    expect(opened(bench, 6)).toBe('h0 h1 h2 h0 h1 h2')
    bench.close(hosts[1] as TableHost)
    expect(opened(bench, 2)).toBe('h1 h0')
  })

  test('tie order: among equals the first in order, however often', () => {
    const bench = benchOf('order', hostsOf(1, 1, 1))
    expect(bench.names(3)).toEqual(['h0', 'h0', 'h0'])
    for (let client = 0; client < 3; client++) bench.close(bench.open() as TableHost)
    expect(bench.pick()?.name).toBe('h0')
  })

  test('tie oldest-close: one client at a time goes round', () => {
    const bench = benchOf('oldest-close', hostsOf(1, 1, 1))
    const got = Array.from({ length: 7 }, () => {
      const host = bench.open() as TableHost
      bench.close(host)
      return host.name
    })
    expect(got.join(' ')).toBe('h0 h1 h2 h0 h1 h2 h0')
  })

  test('tie oldest-close: a host that never closed a session comes first', () => {
    const hosts = hostsOf(1, 1, 1)
    const bench = benchOf('oldest-close', hosts)
    opened(bench, 3)
    for (const index of [1, 2, 0]) bench.close(hosts[index] as TableHost)
    bench.use(ruleOf('oldest-close', [...hosts, hostAt('10.0.0.1:80', { name: 'new' })]), [
      ...hosts,
      hostAt('10.0.0.1:80', { name: 'new' }),
    ])
    expect(opened(bench, 4)).toBe('new h1 h2 h0')
  })

  test('weights: of two idle hosts the heavier one, and sessions in proportion', () => {
    const hosts = hostsOf(1, 3)
    const bench = benchOf('order', hosts)
    expect(opened(bench, 8)).toBe('h1 h1 h0 h1 h1 h1 h0 h1')
    expect(hosts.map(({ counters }) => counters.open)).toEqual([2, 6])
  })

  test('a host of weight 0 gets nobody', () => {
    const bench = benchOf('order', hostsOf(0, 1))
    expect(bench.names(3)).toEqual(['h1', 'h1', 'h1'])
  })

  test(`it picks what a walk over all hosts would pick (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        anyTie,
        anyWeights,
        fc.array(anyStep, { maxLength: 120 }),
        (tie, weights, steps) => {
          let hosts = hostsOf(...weights)
          const bench = benchOf(tie, hosts)
          const closes = new Map<number, number>()
          const pairs: unknown[][] = []
          for (const [now, { what, at }] of steps.entries()) {
            const host = hosts[at % hosts.length] as TableHost
            if (what === 'open') {
              const tried = at % 3 === 0 ? new Set([host.id]) : undefined
              const wanted = walk(hosts, { tie, closes, tried })
              pairs.push([bench.open({ tried })?.name, wanted?.name])
            } else if (what === 'close') {
              if (host.counters.open === 0) continue
              bench.close(host)
              closes.set(host.id, now + 1)
            } else {
              hosts = hosts.map((one) => (one === host ? { ...one, ...edited(what, at) } : one))
              bench.use(ruleOf(tie, hosts), hosts)
            }
          }
          expect(pairs.map(([picked]) => picked)).toEqual(pairs.map(([, wanted]) => wanted))
        },
      ),
      randomly(400),
    )
  })
}

const anyTie = fc.constantFrom<LeastRule['tie']>('order', 'oldest-close')
const anyWeights = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 20 })
const anyStep = fc.record({
  what: fc.constantFrom('open', 'open', 'open', 'close', 'close', 'ready', 'weight', 'limit'),
  at: fc.nat({ max: 1_000 }),
})

function edited(what: 'ready' | 'weight' | 'limit', at: number): Partial<TableHost> {
  if (what === 'ready') return { ready: at % 2 === 0 }
  return what === 'weight' ? { weight: at % 5 } : { maxSessions: at % 4 }
}

interface Situation {
  readonly tie: LeastRule['tie']
  readonly closes: ReadonlyMap<number, number>
  readonly tried: ReadonlySet<number> | undefined
}

/** The fewest sessions for its weight, the coming one counted; ties by the oldest close, then by order. */
function walk(
  hosts: readonly TableHost[],
  { tie, closes, tried }: Situation,
): TableHost | undefined {
  let best: TableHost | undefined
  const key = ({ counters, weight, id }: TableHost) =>
    [(counters.open + 1) / weight, tie === 'order' ? 0 : (closes.get(id) ?? 0)] as const
  for (const host of hosts) {
    const { ready, weight, maxSessions, counters, id } = host
    const full = maxSessions > 0 && counters.open >= maxSessions
    if (!ready || weight === 0 || full || tried?.has(id)) continue
    if (best === undefined || before(key(host), key(best))) best = host
  }
  return best
}

function before(
  [load, close]: readonly [number, number],
  than: readonly [number, number],
): boolean {
  return load === than[0] ? close < than[1] : load < than[0]
}

function hostsOf(...weights: readonly number[]): TableHost[] {
  return weights.map((weight, index) => hostAt('10.0.0.1:80', { name: `h${index}`, weight }))
}

function ruleOf(tie: LeastRule['tie'], hosts: readonly TableHost[]): LeastRule {
  return { kind: 'least', weights: Uint32Array.from(hosts, ({ weight }) => weight), tie }
}

function opened(bench: PickBench, count: number): string {
  return Array.from({ length: count }, () => bench.open()?.name ?? 'none').join(' ')
}
