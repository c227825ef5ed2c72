// When do two snapshots say the same? The order of hosts, checks and keys has a meaning; the order of
// services, groups, listeners, operators and tokens has none, because all of these are found by name.
import type { BalancerSnapshot, ServiceSnapshot, UserSnapshot } from '../../model/snapshot.ts'
import { keyLine } from '../read/read-settings.ts'
import { equal } from './equal.ts'

export function sameSnapshot(a: BalancerSnapshot, b: BalancerSnapshot): boolean {
  return a === b || equal(canonical(a), canonical(b))
}

/** One way to write down a snapshot, for comparisons only. */
function canonical({ services, users, tokens, settings }: BalancerSnapshot): BalancerSnapshot {
  return {
    services: sortBy(services, ({ name }) => name).map(canonicalService),
    users: sortBy(users, ({ name }) => name).map(canonicalUser),
    tokens: sortBy(tokens, ({ name }) => name),
    settings,
  }
}

function canonicalService(service: ServiceSnapshot): ServiceSnapshot {
  return {
    ...service,
    listeners: sortBy(service.listeners, ({ address }) => address),
    groups: sortBy(service.groups, ({ name }) => name),
  }
}

/** Keys as they are after they were written and read again. */
export function canonicalUser(user: UserSnapshot): UserSnapshot {
  return { ...user, keys: user.keys.map(keyLine).filter((line) => line !== '') }
}

function sortBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] {
  return items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b))))
}
