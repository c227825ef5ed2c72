// How an event is written in a stream of server-sent events (HTML Living Standard, 9.2).

/** Milliseconds after which a page whose stream broke comes again. */
const RETRY_MS = 2_000

/** The first lines of a stream. */
export const GREETING = `retry: ${RETRY_MS}\n\n`

/** A comment, which only keeps whoever is in between from thinking that nobody is there. */
export const HEART_BEAT = ':\n\n'

/** JSON has no line ends, so that one line holds all of it. */
export function eventText(event: string, value: unknown, id?: string): string {
  const named = id === undefined ? '' : `id: ${id}\n`
  return `event: ${event}\n${named}data: ${JSON.stringify(value)}\n\n`
}
