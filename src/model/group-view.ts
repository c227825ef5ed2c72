// A group as plain data, and what is said of it. Takes it by shape, so that the group may import this file.
import { BalancerError } from '../base/errors.ts'
import { type AskFunction, nameOfFunction } from './ask.ts'

interface GroupShape {
  readonly name: string
  readonly serviceName: string
  readonly enabled: boolean
  readonly scheduler: string
  readonly ask: AskFunction | undefined
  readonly panic: boolean
  readonly waiting: number
  readonly maxSessions: number
  readonly hostList: readonly HostShape[]
}

interface HostState {
  readonly wanted: boolean
  readonly health: string
}

interface HostShape {
  readonly name: string
  readonly ready: boolean
  readonly counters: { readonly open: number }
}

/** Is every host that is wanted down, and is there one? */
export function areDown(hosts: readonly HostState[]): boolean {
  const wanted = hosts.filter((host) => host.wanted)
  return wanted.length > 0 && wanted.every((host) => host.health === 'down')
}

export function lastHost(path: string): BalancerError {
  const next = 'add another one first, or disable it, or say --force'
  return new BalancerError('REFUSED', `${path} is the last host of the enabled group: ${next}`)
}

export function describeGroup(group: GroupShape) {
  const { name, serviceName: service, enabled, scheduler, panic, waiting, maxSessions } = group
  const ready = group.hostList.filter((host) => host.ready).length
  const open = group.hostList.reduce((sum, host) => sum + host.counters.open, 0)
  const ask = nameOfFunction(group.ask)
  const hosts = group.hostList.map((host) => host.name)
  const now = { ready, panic, open, waiting }
  return { service, name, enabled, scheduler, ask, ...now, maxSessions, hosts }
}
