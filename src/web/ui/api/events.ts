// What happens, as it happens: one event stream for the whole page. Who listens to an event subscribes to its topic with
// that; the stream is opened anew when the topics are others. After a connection was lost, and when the server says
// that events were dropped, `reset` tells everybody to read again.
import { createStore, type Store } from '../state/store.ts'
import { get } from './call.ts'
import { createOverlap } from './overlap.ts'
import type { EventMap } from './types.ts'

export type EventName = keyof EventMap
type Listener<Name extends EventName> = (event: EventMap[Name]) => void

const NAMES: readonly EventName[] = [
  'hello',
  'change',
  'traffic',
  'hosts',
  'log',
  'audit',
  'say',
  'config',
  'bye',
  'reset',
]
/** Those that are sent only to who asks for them. */
const TOPICS: readonly EventName[] = ['change', 'traffic', 'hosts', 'log', 'audit']

/** Views come and go in one turn; the stream is opened once for all of them. */
const GATHER_MS = 30
/** A topic that nobody wants any more costs little, and going back to a view is frequent. */
const LINGER_MS = 5_000
/** A page that nobody sees lets go of its stream: a browser has six connections for all pages of one host. */
const UNSEEN_MS = 5_000
/** Pause between two requests of such a page, by which its log-in goes on. */
const STAY_MS = 600_000
const RETRY_FIRST_MS = 1_000
const RETRY_MOST_MS = 15_000

export type Connection = 'closed' | 'connecting' | 'open' | 'lost'

/** Is what the page shows still true? */
export const connection: Store<Connection> = createStore<Connection>('closed')

const listeners = new Map<EventName, Set<Listener<never>>>()
let service: string | undefined
let started = false
/** The one that counts; those before it go on until it is there. */
let source: EventSource | undefined
const older: EventSource[] = []
let wantedNow = ''
let gathering: ReturnType<typeof setTimeout> | undefined
/** When it ends, by the clock of `performance`. */
let gatheredAtMs = 0
const overlap = createOverlap()
let retryMs = RETRY_FIRST_MS
let wasLost = false
/** There was a time without a stream. */
let missed = false
/** The stream was let go of, and is opened when somebody looks. */
let resting = false
let unseen: ReturnType<typeof setTimeout> | undefined

/** @returns ends it */
export function listen<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
  const known = listeners.get(name) ?? new Set()
  listeners.set(name, known)
  known.add(listener as Listener<never>)
  gather(GATHER_MS)
  return () => {
    known.delete(listener as Listener<never>)
    gather(LINGER_MS)
  }
}

/** Whose hosts the event `hosts` is about; undefined for none. */
export function watchService(name: string | undefined): void {
  if (service === name) return
  service = name
  gather(name === undefined ? LINGER_MS : GATHER_MS)
}

/** Called when somebody is logged in. */
export function startEvents(): void {
  if (started) return
  started = true
  retryMs = RETRY_FIRST_MS
  document.addEventListener('visibilitychange', sightChanged)
  connection.set('connecting')
  gather(GATHER_MS)
  sightChanged()
}

export function stopEvents(): void {
  started = false
  resting = false
  document.removeEventListener('visibilitychange', sightChanged)
  clearTimeout(unseen)
  close()
}

function sightChanged(): void {
  clearTimeout(unseen)
  if (document.hidden) unseen = setTimeout(rest, UNSEEN_MS)
  else if (resting) wake()
}

function rest(): void {
  resting = true
  missed = true
  close()
  stay()
}

function stay(): void {
  unseen = setTimeout(() => {
    // Whatever is wrong is told when somebody looks again.
    get('/me').catch(() => {})
    stay()
  }, STAY_MS)
}

function wake(): void {
  resting = false
  open()
}

function close(): void {
  stopGathering()
  wantedNow = ''
  closeOlder()
  source?.close()
  source = undefined
  connection.set('closed')
}

function isWanted(name: EventName): boolean {
  return (listeners.get(name)?.size ?? 0) > 0
}

function gather(delayMs: number): void {
  if (!started || resting) return
  const atMs = performance.now() + delayMs
  // Who wants something soon is not made to wait by who wants something no more.
  if (gathering !== undefined && gatheredAtMs <= atMs) return
  clearTimeout(gathering)
  gatheredAtMs = atMs
  gathering = setTimeout(() => {
    gathering = undefined
    if (started && queryOf() !== wantedNow) open()
  }, delayMs)
}

function stopGathering(): void {
  clearTimeout(gathering)
  gathering = undefined
}

function queryOf(): string {
  const topics = TOPICS.filter(isWanted).filter((name) => name !== 'hosts' || service !== undefined)
  // The server takes no empty list: then it sends what it sends everybody.
  const wanted = topics.length === 0 ? [] : [`topics=${topics.join(',')}`]
  const of = topics.includes('hosts') ? [`service=${encodeURIComponent(service ?? '')}`] : []
  return `?${[...wanted, ...of].join('&')}`
}

// The old stream goes on until the new one is there, so that nothing is missed in between.
function open(): void {
  stopGathering()
  wantedNow = queryOf()
  const next = new EventSource(`/api/v1/events${wantedNow}`)
  if (source !== undefined) older.push(source)
  source = next
  if (connection.get() !== 'open') connection.set(wasLost ? 'lost' : 'connecting')
  next.addEventListener('open', () => opened(next))
  next.addEventListener('error', () => failed(next))
  for (const name of NAMES) {
    next.addEventListener(name, (event) => received(next, name, event as MessageEvent<string>))
  }
}

function opened(now: EventSource): void {
  if (now !== source) return
  closeOlder()
  connection.set('open')
  retryMs = RETRY_FIRST_MS
  wasLost = false
  if (!missed) return
  missed = false
  emit('reset', { reason: 'the connection was lost' })
}

/** Also those that never got as far as being open: another one may have come so soon. */
function closeOlder(): void {
  for (const each of older.splice(0)) each.close()
}

// A browser tries again by itself unless it was refused.
function failed(now: EventSource): void {
  if (now !== source || !started) return
  closeOlder()
  wasLost = true
  missed = true
  connection.set('lost')
  if (now.readyState !== EventSource.CLOSED) return
  now.close()
  void tryAgain(now)
}

async function tryAgain(from: EventSource): Promise<void> {
  // A log-in that has ended is found out here: the answer 401 leads to the log-in view.
  await get('/me').catch(() => {})
  await new Promise((resolve) => {
    setTimeout(resolve, retryMs)
  })
  retryMs = Math.min(retryMs * 2, RETRY_MOST_MS)
  if (started && !resting && from === source) open()
}

/** Those that each stream tells of itself are no news of the other. */
const OWN: readonly EventName[] = ['hello', 'config', 'reset', 'hosts']

function received(from: EventSource, name: EventName, { data }: MessageEvent<string>): void {
  if (typeof data !== 'string') return
  const text = `${name} ${data}`
  if (from !== source) overlap.note(text)
  else if (!OWN.includes(name) && overlap.wasTold(text)) return
  emit(name, JSON.parse(data) as never)
}

function emit<Name extends EventName>(name: Name, event: EventMap[Name]): void {
  for (const listener of Array.from(listeners.get(name) ?? [])) (listener as Listener<Name>)(event)
}
