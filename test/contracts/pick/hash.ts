// The `hash` rule: the same client has the same host, and only who must move moves.
import { expect, test } from 'vitest'
import type { TableHost } from '../../../src/engine/table.ts'
import { sticky } from '../../../src/scheduler/sticky.ts'
import { hostAt } from '../../helpers/engine-rig.ts'
import { type CreatePicker, PickBench } from '../../helpers/pick-bench.ts'

const CLIENTS = Array.from({ length: 2_000 }, (_, i) => `10.${i % 7}.${i >> 8}.${i & 255}`)

export function hashCases(createPicker: CreatePicker): void {
  const benchOf = (hosts: readonly TableHost[]) => {
    const bench = new PickBench(createPicker)
    bench.use(sticky(hosts), hosts)
    return bench
  }
  const homesOf = (bench: PickBench) =>
    CLIENTS.map((clientIp) => bench.pick({ clientIp })?.name ?? 'none')

  test('the same client gets the same host, whatever happened in between', () => {
    const bench = benchOf(hostsOf(10))
    const homes = homesOf(bench)
    for (const clientIp of CLIENTS.slice(0, 500)) bench.open({ clientIp })
    expect(homesOf(bench)).toEqual(homes)
  })

  test('another balancer with the same hosts in another order has the same homes', () => {
    const hosts = hostsOf(10)
    expect(homesOf(benchOf(hosts.toReversed()))).toEqual(homesOf(benchOf(hosts)))
  })

  test('a client that came in over IPv6 as a mapped IPv4 address is the same client', () => {
    const bench = benchOf(hostsOf(10))
    for (const clientIp of CLIENTS.slice(0, 50))
      expect(bench.pick({ clientIp: `::ffff:${clientIp}` })).toBe(bench.pick({ clientIp }))
  })

  test('clients of IPv6 spread, and those of a Unix socket are one client', () => {
    const bench = benchOf(hostsOf(10))
    const names = CLIENTS.map(
      (_, i) => bench.pick({ clientIp: `2001:db8::${i.toString(16)}` })?.name,
    )
    expect(new Set(names).size).toBe(10)
    expect(new Set(bench.names(20, { clientIp: '' })).size).toBe(1)
  })

  test('when a host goes down only its clients move, to all of the others', () => {
    const hosts = hostsOf(10)
    const before = homesOf(benchOf(hosts))
    const bench = benchOf(hosts)
    bench.use(
      sticky(hosts),
      hosts.map((host) => ({ ...host, ready: host.name !== 'h3' })),
    )
    const after = homesOf(bench)
    const moved = CLIENTS.flatMap((_, i) => (before[i] === after[i] ? [] : [i]))
    expect(moved.filter((i) => before[i] !== 'h3')).toEqual([])
    expect(moved).toHaveLength(before.filter((home) => home === 'h3').length)
    expect(new Set(moved.map((i) => after[i])).size).toBe(9)
  })

  test('when the host is back so are its clients', () => {
    const hosts = hostsOf(10)
    const bench = benchOf(hosts)
    const before = homesOf(bench)
    bench.use(
      sticky(hosts),
      hosts.map((host) => ({ ...host, ready: host.name !== 'h3' })),
    )
    bench.use(sticky(hosts), hosts)
    expect(homesOf(bench)).toEqual(before)
  })

  test('a client whose host is full or refused is carried to one other host, always the same', () => {
    const bench = benchOf(hostsOf(10))
    for (const clientIp of CLIENTS.slice(0, 50)) {
      const home = bench.pick({ clientIp }) as TableHost
      const tried = new Set([home.id])
      const second = bench.pick({ clientIp, tried })
      expect(second).not.toBe(home)
      expect(bench.pick({ clientIp, tried })).toBe(second)
    }
  })
}

function hostsOf(count: number): TableHost[] {
  return Array.from({ length: count }, (_, index) => hostAt('10.0.0.1:80', { name: `h${index}` }))
}
