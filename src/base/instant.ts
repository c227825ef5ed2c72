// Instants as operators write them: RFC 3339 in UTC, to the second. Milliseconds since 1970 inside, text outside.

/** What is accepted, in the words every refusal uses. */
export const INSTANT_FORM = 'an instant of UTC: 2026-12-21T10:00:00Z'

/** What the text of one looks like, or no text at all; which days there are only `parseInstant` knows. */
export const INSTANT_OR_NONE = /^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$/

/** The last instant of the year 9999, in milliseconds: beyond it there is no text of four digits. */
export const INSTANT_MAX = 253_402_300_799_000

/** Milliseconds since 1970; undefined where the text is no instant, the 30th of February for one. */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT_OR_NONE.test(text)) return undefined
  const time = Date.parse(text)
  return !Number.isNaN(time) && formatInstant(time) === text ? time : undefined
}

/** @param time milliseconds since 1970, up to INSTANT_MAX; a part of a second is left out */
export function formatInstant(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z')
}
