// What carries out a pick rule: given a client, which host is next? Knows hosts only by their slots, and nothing
// of sockets. Hosts that are not ready, full, or were already tried for this client are passed over.
import type { PickKind } from '../../model/pick-view.ts'
import type { LoadFollower, Slot } from './slot.ts'

/** No host may be picked. */
export const NO_HOST = -1

/** What a pick may depend on. */
export interface PickClient {
  /** IP address of the client; '' on a Unix socket. */
  readonly clientIp: string
  /** Ids of the hosts that did not accept this client; undefined while there are none. */
  readonly tried: ReadonlySet<number> | undefined
}

export interface Picker extends LoadFollower {
  /** The index of the next host for this client, or NO_HOST. */
  next(client: PickClient): number
  /** What `next` would do, for people; moves nothing. Without a client only what is the same for all of them. */
  foresee(client: PickClient | undefined): Foresight
  /** Take over what an earlier picker of the same group knows, so that nobody is skipped or served twice. */
  succeed(earlier: Picker): void
}

/** What would be picked and what the rule goes by; see PickView. */
export interface Foresight {
  readonly kind: PickKind
  /** Index of the next host; NO_HOST where chance or the client decides, or no host may be picked. */
  readonly next: number
  readonly place: number
  readonly places: number
  /** One for each host; null where it may not be picked. */
  readonly figures: readonly (number | null)[]
}

/** Nobody in particular: tried nothing, comes from nowhere. */
export const ANYBODY: PickClient = { clientIp: '', tried: undefined }

/** A figure for each host that may be picked. */
export function figuresOf(
  slots: readonly Slot[],
  client: PickClient,
  figureOf: (index: number) => number,
): readonly (number | null)[] {
  return slots.map((_, index) => (mayPick(slots, index, client) ? figureOf(index) : null))
}

/** May the host at `index` get this client now? */
export function mayPick(slots: readonly Slot[], index: number, { tried }: PickClient): boolean {
  const slot = slots[index]
  return slot?.open === true && (tried === undefined || !tried.has(slot.host.id))
}

/** The first host from `start` on, in order and around, that may be picked; NO_HOST where there is none. */
export function firstFrom(slots: readonly Slot[], start: number, client: PickClient): number {
  for (let step = 0; step < slots.length; step++) {
    const index = (start + step) % slots.length
    if (mayPick(slots, index, client)) return index
  }
  return NO_HOST
}
