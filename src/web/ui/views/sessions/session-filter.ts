// Which sessions are looked at: by an object and by a client, as they stand in the address of the view and in a request;
// and what ending some of them says and does.
import type { SessionRow } from '../../api/types.ts'
import { counted } from '../../text/format.ts'

export interface SessionFilter {
  /** Path of a service, group, host or listener; '' for all. */
  readonly scope: string
  /** What the address of a client contains; '' for all. */
  readonly client: string
}

export const NO_FILTER: SessionFilter = { scope: '', client: '' }

/** Sessions of one page. */
export const PAGE_SIZE = 100

/** @param after number of the last session of the page before; 0 for the first page */
export function queryOf({ scope, client }: SessionFilter, after: number): string {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) })
  if (scope !== '') query.set('scope', scope)
  if (client !== '') query.set('client', client)
  if (after > 0) query.set('after', String(after))
  return query.toString()
}

/** As it was typed, without what nobody means. */
export function filterOf({ scope, client }: SessionFilter): SessionFilter {
  return { scope: scope.trim().replace(/^\/+|\/+$/g, ''), client: client.trim() }
}

export function isFiltered({ scope, client }: SessionFilter): boolean {
  return scope !== '' || client !== ''
}

/** `of web/main/a from 192.0.2.7`; '' where all are looked at. */
export function filterText({ scope, client }: SessionFilter): string {
  return [scope === '' ? '' : ` of ${scope}`, client === '' ? '' : ` from ${client}`].join('')
}

export interface SessionsPage {
  readonly sessions: readonly SessionRow[]
  /** All that are open, also those that do not match. */
  readonly total: number
  /** After which the next page begins; null where this is the last. */
  readonly next: number | null
}

export function hostPathOf({ service, group, host }: SessionRow): string {
  return host === '' ? '' : `${service}/${group}/${host}`
}

/** The address of a client without its port: what `kill client` takes for all its connections. */
export function clientIp(client: string): string {
  const bracketed = /^\[([^\]]+)\]:\d+$/.exec(client)
  if (bracketed !== null) return bracketed[1] ?? ''
  return client.replace(/:\d+$/, '')
}

/** How a lot of sessions is ended, and which those are. */
export type KillAim =
  | { readonly kind: 'session'; readonly id: number }
  | { readonly kind: 'shown'; readonly ids: readonly number[] }
  | { readonly kind: 'host'; readonly path: string }
  | { readonly kind: 'client'; readonly client: string }

export interface AskedCommand {
  readonly name: string
  readonly values: Readonly<Record<string, unknown>>
}

/** The command of the table that does it. Those that are shown are ended in one go, and those that are gone passed over. */
export function commandOf(aim: KillAim): AskedCommand {
  switch (aim.kind) {
    case 'session':
      return { name: 'kill-session', values: { id: aim.id } }
    case 'shown':
      return { name: 'batch', values: { keepGoing: true, input: linesOf(aim.ids) } }
    case 'host':
      return { name: 'kill-host', values: { host: aim.path } }
    case 'client':
      return { name: 'kill-client', values: { clients: aim.client } }
    default:
      return aim satisfies never
  }
}

/**
 * What a confirm says of it.
 *
 * @param count of sessions that are open now
 * @param isMore there are more than those that were counted
 */
export function consequenceOf(aim: KillAim, count: number, isMore = false): string {
  const many = `${isMore ? 'more than ' : ''}${counted(count, 'open session')}`
  const end = count === 1 ? 'ends' : 'end'
  switch (aim.kind) {
    case 'session':
      return `Session ${aim.id} ends at once: its client and its host are cut off.`
    case 'shown':
      return `${many} of this page ${end} at once: clients and hosts are cut off.`
    case 'host':
      return `${many} of ${aim.path} ${end} at once. New ones come unless the host is drained or disabled.`
    case 'client':
      return `${many} from ${aim.client} ${end} at once. Nothing keeps the client from coming back.`
    default:
      return aim satisfies never
  }
}

/** Ids that are numbers, one line each: they come from a server, and become lines that are run. */
function linesOf(ids: readonly number[]): string {
  return ids
    .filter((id) => Number.isSafeInteger(id) && id >= 0)
    .map((id) => `kill session ${id}\n`)
    .join('')
}

/** What is a whole address of clients and not only a part of one, and so can be ended as a whole. */
export function isAddress(client: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(client) || /^[\da-f:]*:[\da-f:.]*:[\da-f:.]*$/i.test(client)
  )
}

/** What the answer to any of them says was ended; of those that were shown, some may have been gone. */
export function endedIn(answer: unknown): number {
  if (Array.isArray(answer)) return answer.filter((piece) => exitOf(piece) === 0).length
  if (typeof answer !== 'object' || answer === null || !('after' in answer)) return 0
  const { after } = answer
  if (typeof after !== 'object' || after === null || !('ended' in after)) return 0
  return typeof after.ended === 'number' ? after.ended : 0
}

/** Exit status of a command that named what is not there. */
const EXIT_GONE = 4

/** Did nothing else go wrong than that some had ended by themselves? @param pieces of a batch */
export function onlyGone(pieces: unknown): pieces is readonly unknown[] {
  if (!Array.isArray(pieces) || pieces.length === 0) return false
  return pieces.every((piece) => [0, EXIT_GONE].includes(Number(exitOf(piece))))
}

function exitOf(piece: unknown): unknown {
  return typeof piece === 'object' && piece !== null && 'exit' in piece ? piece.exit : 1
}
