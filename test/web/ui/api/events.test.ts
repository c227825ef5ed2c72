// The one stream of a page: what is listened to, one stream at a time, and none while nobody looks.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  connection,
  listen,
  startEvents,
  stopEvents,
  watchService,
} from '../../../../src/web/ui/api/events.ts'

class Source extends EventTarget {
  static readonly made: Source[] = []
  static readonly CLOSED = 2
  readonly url: string
  readyState = 0

  constructor(url: string) {
    super()
    this.url = url
    Source.made.push(this)
  }

  opens(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  tells(name: string, event: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(event) }))
  }

  close(): void {
    this.readyState = Source.CLOSED
  }
}

const page = Object.assign(new EventTarget(), { hidden: false })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  vi.stubGlobal('document', page)
  vi.stubGlobal('fetch', async () => Response.json({}))
})

afterEach(() => {
  stopEvents()
  watchService(undefined)
  vi.unstubAllGlobals()
  vi.useRealTimers()
  Source.made.length = 0
  page.hidden = false
})

function open(): readonly Source[] {
  return Source.made.filter(({ readyState }) => readyState !== Source.CLOSED)
}

/** The stream is opened a moment later, for all who listen by then. */
function start(): void {
  startEvents()
  vi.advanceTimersByTime(100)
}

function turn(hidden: boolean): void {
  page.hidden = hidden
  page.dispatchEvent(new Event('visibilitychange'))
}

test('of streams that follow each other faster than they open, the last one stays', () => {
  const ends = [listen('hosts', () => {})]
  start()
  Source.made[0]?.opens()
  for (const service of ['one', 'two', 'three']) {
    watchService(service)
    vi.advanceTimersByTime(100)
  }
  expect(open()).toHaveLength(4)
  Source.made[3]?.opens()
  expect(open().map(({ url }) => url)).toEqual(['/api/v1/events?topics=hosts&service=three'])
  for (const end of ends) end()
})

test('a page that nobody sees lets go of its stream, and reads again when somebody looks', () => {
  const resets: unknown[] = []
  const end = listen('reset', (event) => resets.push(event))
  start()
  Source.made[0]?.opens()
  turn(true)
  vi.advanceTimersByTime(3_000)
  expect(open()).toHaveLength(1)
  turn(false)
  turn(true)
  vi.advanceTimersByTime(3_000)
  expect(open()).toHaveLength(1)
  vi.advanceTimersByTime(3_600_000)
  expect(open()).toHaveLength(0)
  expect(resets).toEqual([])
  turn(false)
  Source.made[1]?.opens()
  expect([open().length, connection.get(), resets.length]).toEqual([1, 'open', 1])
  end()
})

test('one that was opened out of sight lets go of it, too', () => {
  page.hidden = true
  start()
  Source.made[0]?.opens()
  vi.advanceTimersByTime(30_000)
  expect(open()).toHaveLength(0)
})

test('what two streams tell while one takes the place of the other counts once', () => {
  const told: number[] = []
  const ends = [listen('change', ({ number }) => told.push(number))]
  start()
  const [first] = Source.made
  first?.opens()
  ends.push(listen('log', () => {}))
  vi.advanceTimersByTime(100)
  const second = Source.made[1]
  first?.tells('change', { number: 1 })
  second?.opens()
  second?.tells('change', { number: 1 })
  second?.tells('change', { number: 2 })
  second?.tells('change', { number: 2 })
  expect(told).toEqual([1, 2, 2])
  for (const end of ends) end()
})

test('who wants something is not made to wait by who wants something no more', () => {
  const ends = [listen('change', () => {}), listen('log', () => {})]
  start()
  Source.made[0]?.opens()
  ends.push(listen('audit', () => {}))
  ends[1]?.()
  vi.advanceTimersByTime(100)
  expect(Source.made[1]?.url).toBe('/api/v1/events?topics=change,audit')
  for (const end of ends) end()
})
