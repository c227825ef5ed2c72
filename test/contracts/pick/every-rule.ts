// What holds whatever the rule: who may be picked, and that somebody is picked whenever somebody may be.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Counters } from '../../../src/model/counters.ts'
import { SCHEDULER_NAMES, type SchedulerName } from '../../../src/model/scheduler-names.ts'
import { SCHEDULERS } from '../../../src/scheduler/table.ts'
import type { TableHost } from '../../../src/engine/table.ts'
import { hostAt } from '../../helpers/engine-rig.ts'
import { type CreatePicker, PickBench } from '../../helpers/pick-bench.ts'
import { randomFrom, randomly, seed } from '../../helpers/seed.ts'

export function everyRuleCases(createPicker: CreatePicker): void {
  const benchOf = (scheduler: SchedulerName, hosts: readonly TableHost[], luck = 1) => {
    const bench = new PickBench(createPicker, randomFrom(luck))
    bench.use(SCHEDULERS[scheduler](hosts), hosts)
    return bench
  }

  test(`nobody is picked who is not ready, full or tried, and somebody whenever somebody may be (seed ${seed})`, () => {
    fc.assert(
      fc.property(
        anyScheduler,
        anyHosts,
        anyClients,
        fc.nat(),
        (scheduler, hosts, clients, luck) => {
          const bench = benchOf(scheduler, hosts, luck)
          for (const { clientIp, triedPlaces, ends } of clients) {
            const tried = new Set(triedPlaces.flatMap((place) => hosts[place]?.id ?? []))
            const allowed = hosts.filter((host) => free(host) && !tried.has(host.id))
            const picked = bench.open({ clientIp, tried: tried.size === 0 ? undefined : tried })
            expect(allowed.length === 0 ? [undefined] : allowed).toContain(picked)
            if (picked !== undefined && ends) bench.close(picked)
          }
        },
      ),
      randomly(300),
    )
  })

  test(`all hosts that may be picked are reached in the end, by refusing each one (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyScheduler, anyHosts, anyIp, (scheduler, hosts, clientIp) => {
        const bench = benchOf(scheduler, hosts)
        const tried = new Set<number>()
        // Once more than there are hosts, so that the last pick finds nobody.
        const picked = Array.from({ length: hosts.length + 1 }, () => {
          const host = bench.pick({ clientIp, tried })
          if (host !== undefined) tried.add(host.id)
          return host
        })
        expect(picked.at(-1)).toBeUndefined()
        expect(tried).toEqual(new Set(hosts.filter(free).map(({ id }) => id)))
      }),
      randomly(200),
    )
  })

  test.each(SCHEDULER_NAMES)('%s: without hosts nobody is picked', (scheduler) => {
    expect(benchOf(scheduler, []).pick()).toBeUndefined()
  })

  test.each(SCHEDULER_NAMES)('%s: nobody is picked while no host is ready', (scheduler) => {
    const hosts = [hostAt('10.0.0.1:80', { ready: false }), hostAt('10.0.0.2:80', { ready: false })]
    expect(benchOf(scheduler, hosts).pick()).toBeUndefined()
  })

  test.each(SCHEDULER_NAMES)('%s: nobody is picked when all hosts were tried', (scheduler) => {
    const hosts = [hostAt('10.0.0.1:80'), hostAt('10.0.0.2:80')]
    const tried = new Set(hosts.map(({ id }) => id))
    expect(benchOf(scheduler, hosts).pick({ tried })).toBeUndefined()
  })

  test.each(SCHEDULER_NAMES)(
    '%s: a full host is picked again when a session of it ends',
    (scheduler) => {
      const host = hostAt('10.0.0.1:80', { maxSessions: 2 })
      const bench = benchOf(scheduler, [host])
      expect([bench.open()?.id, bench.open()?.id, bench.open()?.id]).toEqual([
        host.id,
        host.id,
        undefined,
      ])
      bench.close(host)
      expect(bench.open()?.id).toBe(host.id)
      expect(host.counters.open).toBe(2)
    },
  )

  test.each(SCHEDULER_NAMES)('%s: one ready host among a hundred is found', (scheduler) => {
    const hosts = Array.from({ length: 100 }, (_, index) =>
      hostAt('10.0.0.1:80', { ready: index === 77 }),
    )
    const bench = benchOf(scheduler, hosts)
    for (let last = 1; last <= 50; last++)
      expect(bench.pick({ clientIp: `192.0.2.${last}` })).toBe(hosts[77])
  })
}

const anyScheduler = fc.constantFrom(...SCHEDULER_NAMES)

const anyIp = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant(''))

// Loads beyond a limit happen when the limit was lowered. Tables never call a host of weight 0 ready.
const anyHosts = fc
  .array(
    fc.record({
      wanted: fc.boolean(),
      weight: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 256 })),
      maxSessions: fc.nat({ max: 4 }),
      open: fc.nat({ max: 5 }),
    }),
    { maxLength: 12 },
  )
  .map((hosts) =>
    hosts.map(({ wanted, weight, maxSessions, open }, index) => {
      const counters = Object.assign(new Counters(), { open })
      const ready = wanted && weight > 0
      return hostAt('10.0.0.1:80', { name: `h${index}`, ready, weight, maxSessions, counters })
    }),
  )

const anyClients = fc.array(
  fc.record({ clientIp: anyIp, triedPlaces: fc.array(fc.nat({ max: 11 })), ends: fc.boolean() }),
  { maxLength: 30 },
)

function free({ ready, maxSessions, counters }: TableHost): boolean {
  return ready && (maxSessions === 0 || counters.open < maxSessions)
}
