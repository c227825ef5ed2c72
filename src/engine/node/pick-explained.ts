// What would be done with the next client of a service, as people and scripts see it. Reads, and moves nothing.
import type { PickHostView, PickView } from '../../model/pick-view.ts'
import type { RoutingTable } from '../table.ts'
import type { Foresight } from './picker.ts'
import { createPicker } from './pickers.ts'
import type { Route } from './route.ts'
import { Slot } from './slot.ts'

/** A service at one moment. */
export interface PickMoment {
  readonly table: RoutingTable
  /** Sessions of the group. */
  readonly open: number
  /** Clients that wait or are held. */
  readonly waiting: number
  readonly paused: boolean
}

/** Undefined while the service has no table. */
export function explainPick(route: Route, clientIp: string | undefined): PickView | undefined {
  const { table, terms, slots } = route
  const foresight = route.foresee(clientOf(clientIp))
  if (table === undefined || terms === undefined || foresight === undefined) return undefined
  const waiting = route.queue.length + route.hold.length
  const moment = { table, open: terms.load.open, waiting, paused: route.hold.inForce }
  return pickViewOf(moment, slots, foresight)
}

/**
 * The same for a service that is served elsewhere by the same rules: from its table, and its counters as they are now.
 *
 * @param place the turn of the round that is next, where the rule is a `cycle`
 */
export function explainTable(
  moment: PickMoment & { readonly place: number },
  clientIp: string | undefined,
): PickView {
  const { hosts, rule } = moment.table
  // Others count on meanwhile; what is told has to be one moment's.
  const slots = hosts.map((host) => new Slot({ ...host, counters: host.counters.copy() }))
  const { place } = moment
  const picker = createPicker(rule.kind === 'ask' ? rule.fallback : rule, slots, { place })
  return pickViewOf(moment, slots, picker.foresee(clientOf(clientIp)))
}

function pickViewOf(
  { table, open, waiting, paused }: PickMoment,
  slots: readonly Slot[],
  { kind, next, place, places, figures }: Foresight,
): PickView {
  const { group, rule, maxSessions } = table
  const full = maxSessions > 0 && open >= maxSessions
  return {
    group,
    rule: kind,
    ask: rule.kind === 'ask',
    next: full ? '' : (slots[next]?.host.name ?? ''),
    place,
    places,
    open,
    maxSessions,
    waiting,
    paused,
    hosts: slots.map((slot, index) => hostViewOf(slot, figures[index] ?? null)),
  }
}

function clientOf(clientIp: string | undefined) {
  return clientIp === undefined ? undefined : { clientIp, tried: undefined }
}

function hostViewOf({ host, open: available }: Slot, figure: number | null): PickHostView {
  const { name, weight, counters, maxSessions, ready, target } = host
  const reachable = target !== undefined
  return { name, weight, open: counters.open, maxSessions, ready, reachable, available, figure }
}
