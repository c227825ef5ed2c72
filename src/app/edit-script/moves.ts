// Listeners that go on at another address: those of one service that are the same but for where they listen. The model
// opens one and closes the other; for whoever types it that is one command.
import { addressesClash, parseAddress } from '../../base/address.ts'
import type { Changed, Difference } from '../../config/compare/difference.ts'
import { differing } from '../../config/write/shape.ts'
import { LISTENER_FIELDS } from '../../model/fields.ts'
import type { BalancerSnapshot, ListenerSnapshot } from '../../model/snapshot.ts'

/** The same differences, but that one which opens and one which closes are one move, where the first of both stood. */
export function withMoves(
  differences: readonly Difference[],
  from: BalancerSnapshot,
): readonly Difference[] {
  const moves = movesIn(differences, from)
  const done = new Set<Changed>()
  return differences.flatMap((difference) => {
    const move = moves.get(difference)
    if (move === undefined) return difference
    return done.size === done.add(move).size ? [] : move
  })
}

/** By each of the two differences that it stands for. */
function movesIn(
  differences: readonly Difference[],
  { services }: BalancerSnapshot,
): ReadonlyMap<Difference, Changed> {
  const held = services.flatMap(({ listeners }) => listeners)
  const left = new Set(differences.flatMap((difference) => closedBy(difference, held)))
  const moves = new Map<Difference, Changed>()
  for (const opened of differences) {
    if (opened.action !== 'add' || opened.kind !== 'listener') continue
    const { to: listener, path } = opened
    const clashing = held.filter(({ address }) => addressesClash(address, listener.address))
    const same = [...left].filter(({ difference, was }) => {
      // It moves only to where nobody else listens.
      const isFree = clashing.every((other) => other === was)
      return isFree && serviceOf(difference.path) === serviceOf(path) && isSame(was, listener)
    })
    const source = nearest(same, listener)
    if (source === undefined) continue
    left.delete(source)
    const { difference, was } = source
    const values = { field: 'address', from: was.address, to: listener.address }
    const move: Changed = { action: 'set', kind: 'listener', path: difference.path, ...values }
    moves.set(opened, move).set(difference, move)
  }
  return moves
}

interface Closed {
  readonly difference: Difference
  readonly was: ListenerSnapshot
}

/** Nothing where the address does not tell which listener it was: port 0 may be asked for by several. */
function closedBy(difference: Difference, held: readonly ListenerSnapshot[]): readonly Closed[] {
  const { action, kind, path } = difference
  if (action !== 'remove' || kind !== 'listener') return []
  const [was, another] = held.filter(({ address }) => path.endsWith(`/listen/${address}`))
  return was === undefined || another !== undefined ? [] : [{ difference, was }]
}

function serviceOf(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

function isSame(one: ListenerSnapshot, other: ListenerSnapshot): boolean {
  return differing(one, LISTENER_FIELDS, other).length === 0
}

/** The one with the same port, or else at the same interface, or else any. */
function nearest(from: readonly Closed[], { address }: ListenerSnapshot): Closed | undefined {
  const wanted = placeOf(address)
  return (
    from.find(({ was }) => placeOf(was.address).port === wanted.port) ??
    from.find(({ was }) => placeOf(was.address).host === wanted.host) ??
    from[0]
  )
}

function placeOf(address: string): { readonly host: string; readonly port: number } {
  const parsed = parseAddress(address)
  return parsed?.kind === 'tcp' ? parsed : { host: '', port: 0 }
}
