// What happens, as it happens: one event stream for the whole page. Who listens to an event subscribes to its topic with
// that; the stream is opened anew when the topics are others. After a connection was lost, and when the server says
// that events were dropped, `reset` tells everybody to read again.
import { createStore, type Store } from '../state/store.ts'
import { get } from './call.ts'
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
const RETRY_FIRST_MS = 1_000
const RETRY_MOST_MS = 15_000

export type Connection = 'closed' | 'connecting' | 'open' | 'lost'

/** Is what the page shows still true? */
export const connection: Store<Connection> = createStore<Connection>('closed')

const listeners = new Map<EventName, Set<Listener<never>>>()
let service: string | undefined
let started = false
let source: EventSource | undefined
let wantedNow = ''
let gathering: ReturnType<typeof setTimeout> | undefined
let retryMs = RETRY_FIRST_MS
let wasLost = false

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
  open()
}

export function stopEvents(): void {
  started = false
  wantedNow = ''
  source?.close()
  source = undefined
  connection.set('closed')
}

function isWanted(name: EventName): boolean {
  return (listeners.get(name)?.size ?? 0) > 0
}

function gather(delayMs: number): void {
  if (!started) return
  clearTimeout(gathering)
  gathering = setTimeout(() => {
    if (started && queryOf() !== wantedNow) open()
  }, delayMs)
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
  clearTimeout(gathering)
  wantedNow = queryOf()
  const [next, before] = [new EventSource(`/api/v1/events${wantedNow}`), source]
  source = next
  if (connection.get() !== 'open') connection.set(wasLost ? 'lost' : 'connecting')
  next.addEventListener('open', () => {
    before?.close()
    opened(next)
  })
  next.addEventListener('error', () => {
    before?.close()
    failed(next)
  })
  for (const name of NAMES) {
    next.addEventListener(name, (event) => received(name, event as MessageEvent<string>))
  }
}

function opened(now: EventSource): void {
  if (now !== source) return
  connection.set('open')
  retryMs = RETRY_FIRST_MS
  if (wasLost) emit('reset', { reason: 'the connection was lost' })
  wasLost = false
}

// A browser tries again by itself unless it was refused.
function failed(now: EventSource): void {
  if (now !== source || !started) return
  wasLost = true
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
  if (started && from === source) open()
}

function received(name: EventName, { data }: MessageEvent<string>): void {
  if (typeof data !== 'string') return
  emit(name, JSON.parse(data) as never)
}

function emit<Name extends EventName>(name: Name, event: EventMap[Name]): void {
  for (const listener of Array.from(listeners.get(name) ?? [])) (listener as Listener<Name>)(event)
}
