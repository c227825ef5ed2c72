// The configurable state of a balancer as plain data: what a document says, what is written back,
// what two sides of a comparison are made of. No counters, no health, no behaviour.
import type {
  CheckValues,
  GroupValues,
  HostValues,
  ListenerValues,
  ServiceValues,
  TokenValues,
  UserValues,
} from './fields.ts'
import type { SettingValues } from './setting-fields.ts'

export interface HostSnapshot extends HostValues {
  readonly name: string
}

export interface GroupSnapshot extends GroupValues {
  readonly name: string
  /** In file order, which is the order of round-robin and of ties. */
  readonly hosts: readonly HostSnapshot[]
  readonly checks: readonly CheckValues[]
}

export interface ListenerSnapshot extends ListenerValues {
  /** In its one way of writing; names the listener within its service. */
  readonly address: string
}

export interface ServiceSnapshot extends ServiceValues {
  readonly name: string
  readonly listeners: readonly ListenerSnapshot[]
  readonly groups: readonly GroupSnapshot[]
  /** Name of the group that serves; '' only where there is no group. */
  readonly enabledGroup: string
}

export interface UserSnapshot extends UserValues {
  readonly name: string
  /** Lines as in an authorized_keys file. */
  readonly keys: readonly string[]
}

/** By which a program gets in. */
export interface TokenSnapshot extends TokenValues {
  readonly name: string
}

/** Asked whether these may be the operators from now on. @throws BalancerError why not */
export type PermitUsers = (users: readonly UserSnapshot[]) => void

export interface BalancerSnapshot {
  readonly services: readonly ServiceSnapshot[]
  readonly users: readonly UserSnapshot[]
  readonly tokens: readonly TokenSnapshot[]
  readonly settings: SettingValues
}
