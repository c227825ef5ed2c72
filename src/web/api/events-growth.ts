// Counters that only grow, looked at again and again: how fast each one grows.

export interface Grown {
  readonly total: number
  readonly failed: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}

/** Sessions with two digits behind the point, bytes without any. */
export interface PerSecond {
  readonly sessionsPerSecond: number
  readonly bytesFromClientPerSecond: number
  readonly bytesFromHostPerSecond: number
  readonly failedPerSecond: number
}

interface Track {
  before: Grown
  rates: PerSecond
  /** Number of the look that saw it last. */
  look: number
}

const NOTHING: PerSecond = {
  sessionsPerSecond: 0,
  bytesFromClientPerSecond: 0,
  bytesFromHostPerSecond: 0,
  failedPerSecond: 0,
}

/** Of many things, told apart by keys. One that a look has no note of is forgotten. */
export class Growth<Key> {
  readonly #tracks = new Map<Key, Track>()
  #look = 0
  #time = 0
  #seconds = 0
  #bytesCompare = true

  /**
   * A look begins; then come the notes of all things, then `end`.
   *
   * @param nowMs of a clock that never goes back
   * @param bytesCompare false where bytes are counted in another way than at the look before
   */
  begin(nowMs: number, bytesCompare: boolean): void {
    this.#look++
    this.#seconds = (nowMs - this.#time) / 1_000
    this.#time = nowMs
    this.#bytesCompare = bytesCompare
  }

  note(key: Key, now: Grown): void {
    const track = this.#tracks.get(key)
    if (track === undefined) {
      this.#tracks.set(key, { before: now, rates: NOTHING, look: this.#look })
      return
    }
    track.rates = this.#ratesOf(track.before, now)
    track.before = now
    track.look = this.#look
  }

  end(): void {
    for (const [key, { look }] of this.#tracks) if (look !== this.#look) this.#tracks.delete(key)
  }

  of(key: Key): PerSecond {
    return this.#tracks.get(key)?.rates ?? NOTHING
  }

  #ratesOf(before: Grown, now: Grown): PerSecond {
    const seconds = this.#seconds
    if (seconds <= 0) return NOTHING
    const bytes = this.#bytesCompare ? 1 / seconds : 0
    return {
      sessionsPerSecond: rounded(grown(before.total, now.total) / seconds),
      bytesFromClientPerSecond: Math.round(
        grown(before.bytesFromClient, now.bytesFromClient) * bytes,
      ),
      bytesFromHostPerSecond: Math.round(grown(before.bytesFromHost, now.bytesFromHost) * bytes),
      failedPerSecond: rounded(grown(before.failed, now.failed) / seconds),
    }
  }
}

// Bytes of a session are counted in another place once it ended, and may be missing from both for a moment.
function grown(before: number, now: number): number {
  return Math.max(0, now - before)
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100
}
