// What a route would do with the next client, as people and scripts see it. Reads, and moves nothing.
import type { PickHostView, PickView } from '../../model/pick-view.ts'
import type { Route } from './route.ts'
import type { Slot } from './slot.ts'

/** Undefined while the service has no table. */
export function explainPick(route: Route, clientIp: string | undefined): PickView | undefined {
  const { table, terms, slots, full } = route
  const client = clientIp === undefined ? undefined : { clientIp, tried: undefined }
  const foresight = route.foresee(client)
  if (table === undefined || terms === undefined || foresight === undefined) return undefined
  const { kind, next, place, places, figures } = foresight
  return {
    group: table.group,
    rule: kind,
    ask: table.rule.kind === 'ask',
    next: full ? '' : (slots[next]?.host.name ?? ''),
    place,
    places,
    open: terms.load.open,
    maxSessions: table.maxSessions,
    waiting: route.queue.length + route.hold.length,
    paused: route.hold.inForce,
    hosts: slots.map((slot, index) => hostViewOf(slot, figures[index] ?? null)),
  }
}

function hostViewOf({ host, open: available }: Slot, figure: number | null): PickHostView {
  const { name, weight, counters, maxSessions, ready, target } = host
  const reachable = target !== undefined
  return { name, weight, open: counters.open, maxSessions, ready, reachable, available, figure }
}
