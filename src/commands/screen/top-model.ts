// What `top` knows: counters looked at once a second, and what they say of each second in between. No time of its
// own and no terminal.
import { LIMITS } from '../../base/limits.ts'

/** Tells an object from all others, over its whole life. */
export type MeterKey = string | number

/** What became of the counters since the look before. */
export interface Rates {
  readonly sessionsPerSecond: number
  readonly bytesPerSecond: number
  /** Sessions per second of the last minute, oldest first. */
  readonly history: readonly number[]
}

interface Track {
  total: number
  bytes: number
  /** Number of the look that saw it last. */
  seen: number
  sessionsPerSecond: number
  bytesPerSecond: number
  readonly history: number[]
}

const NOTHING: Rates = { sessionsPerSecond: 0, bytesPerSecond: 0, history: [] }

/** Follows many objects, ten thousand at little cost; one that is not noted any more is forgotten. */
export class Meter {
  readonly #tracks = new Map<MeterKey, Track>()
  #look = 0
  #time = 0
  #seconds = 0
  #noted = 0

  /** A look begins; then come the notes of all objects, then `end`. @param nowMs of a clock that never goes back */
  begin(nowMs: number): void {
    this.#look++
    this.#noted = 0
    this.#seconds = (nowMs - this.#time) / 1_000
    this.#time = nowMs
  }

  /** Counters of one object, once in each look. */
  note(key: MeterKey, total: number, bytes: number): void {
    const track = this.#tracks.get(key)
    this.#noted++
    if (track === undefined) this.#tracks.set(key, this.#newTrack(total, bytes))
    else this.#take(track, total, bytes)
  }

  end(): void {
    if (this.#tracks.size === this.#noted) return
    for (const [key, { seen }] of this.#tracks) if (seen !== this.#look) this.#tracks.delete(key)
  }

  of(key: MeterKey): Rates {
    return this.#tracks.get(key) ?? NOTHING
  }

  #newTrack(total: number, bytes: number): Track {
    return { total, bytes, seen: this.#look, sessionsPerSecond: 0, bytesPerSecond: 0, history: [] }
  }

  #take(track: Track, total: number, bytes: number): void {
    if (this.#seconds > 0) {
      track.sessionsPerSecond = perSecond(total - track.total, this.#seconds)
      track.bytesPerSecond = perSecond(bytes - track.bytes, this.#seconds)
      track.history.push(track.sessionsPerSecond)
      if (track.history.length > LIMITS.topLooksKept) track.history.shift()
    }
    track.total = total
    track.bytes = bytes
    track.seen = this.#look
  }
}

// Bytes of a session are counted in another place once it ended, and may be missing from both for a moment.
function perSecond(difference: number, seconds: number): number {
  return Math.max(0, difference) / seconds
}
