// Random snapshots that differ in little but in what is hard: which of a few hosts are ready, in which order they stand,
// how they are called, which group serves, and who listens where.
import fc from 'fast-check'
import { readDocument } from '../../src/config/read/read.ts'
import { GROUP_FIELDS, HOST_FIELDS, LISTENER_FIELDS } from '../../src/model/fields.ts'
import type { ValuesOf } from '../../src/model/field.ts'
import type { BalancerSnapshot, HostSnapshot, ServiceSnapshot } from '../../src/model/snapshot.ts'

const PLAIN = { noNullPrototype: true } as const

const host: fc.Arbitrary<HostSnapshot> = fc.record(
  {
    ...constants(HOST_FIELDS),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    address: fc.constantFrom('10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80', '10.0.0.4:80'),
    weight: fc.constantFrom(0, 1, 1, 2),
    intent: fc.constantFrom('enabled', 'enabled', 'draining', 'disabled'),
  },
  PLAIN,
)

const group = fc.record(
  {
    ...constants(GROUP_FIELDS),
    name: fc.constantFrom('main', 'spare', 'next'),
    hosts: fc.uniqueArray(host, { maxLength: 4, selector: ({ name }) => name }),
    checks: fc.constant([]),
  },
  PLAIN,
)

const listener = fc.record(
  {
    ...constants(LISTENER_FIELDS),
    address: fc.constantFrom('127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3', '127.0.0.1:4'),
    maxSessions: fc.constantFrom(0, 0, 9),
  },
  PLAIN,
)

const service: fc.Arbitrary<ServiceSnapshot> = fc
  .record(
    {
      name: fc.constantFrom('web', 'mail', 'dns'),
      mode: fc.constant('tcp' as const),
      engine: fc.constant('auto' as const),
      accessLog: fc.boolean(),
      listeners: fc.uniqueArray(listener, { maxLength: 2, selector: ({ address }) => address }),
      groups: fc.uniqueArray(group, { maxLength: 3, selector: ({ name }) => name }),
    },
    PLAIN,
  )
  .chain((values) => {
    const names = values.groups.map(({ name }) => name)
    const enabled = names.length === 0 ? fc.constant('') : fc.constantFrom(...names)
    return enabled.map((enabledGroup) => ({ ...values, enabledGroup }))
  })

/** Up to three services; no operators, and the standard settings. */
export const scarceSnapshot: fc.Arbitrary<BalancerSnapshot> = fc
  .uniqueArray(service, { maxLength: 3, selector: ({ name }) => name })
  .map((services) => ({ ...empty(), services: withAddressesOnce(services) }))

/** Every field at its standard. */
function constants<Table extends object>(
  table: Table,
): { [Name in keyof ValuesOf<Table>]: fc.Arbitrary<ValuesOf<Table>[Name]> } {
  const pairs = Object.entries(table).map(([name, { standard }]) => [name, fc.constant(standard)])
  return Object.fromEntries(pairs)
}

function withAddressesOnce(services: readonly ServiceSnapshot[]): readonly ServiceSnapshot[] {
  const seen = new Set<string>()
  return services.map((each) => ({
    ...each,
    listeners: each.listeners.filter(({ address }) => !seen.has(address) && seen.add(address)),
  }))
}

function empty(): BalancerSnapshot {
  const result = readDocument('<config/>', 'empty.xml')
  if ('faults' in result) throw new Error(JSON.stringify(result.faults))
  return result.document.snapshot
}
