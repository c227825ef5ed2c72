// What one act has changed so far, so that it can be taken back. What others change meanwhile is not part of it.
import type { Balancer } from '../../model/balancer.ts'
import { withoutPassing } from '../../model/net-effect.ts'
import { type Recorded, Recorder } from '../../model/recorded.ts'

/** One field of one thing. */
interface Place {
  readonly path: string
  readonly field?: string
}

export class OwnChanges {
  /** Ends the following. */
  readonly stop: () => void
  readonly #balancer: Balancer
  readonly #seen: Recorded[] = []
  /** Acts that set a field, by its place. */
  readonly #setters = new Map<string, Set<number>>()

  /** Begin to look on. */
  constructor(balancer: Balancer) {
    this.#balancer = balancer
    const recorder = new Recorder(balancer)
    this.stop = balancer.follow((change) => {
      this.#seen.push(recorder.record(change))
      const setters = this.#settersOf(change).add(change.act)
      this.#setters.set(keyOf(change), setters)
    })
  }

  /** Those of the act that is under way, oldest first, without what came and went again within it. */
  take(): readonly Recorded[] {
    // To take a passing service back would open its ports for nothing.
    return withoutPassing(this.#seen.filter(({ change }) => change.act === this.#balancer.act))
  }

  /** Did somebody else set this field since it began? */
  wasSetByOthers(place: Place): boolean {
    const { act } = this.#balancer
    return [...this.#settersOf(place)].some((setter) => setter !== act)
  }

  #settersOf(place: Place): Set<number> {
    return this.#setters.get(keyOf(place)) ?? new Set()
  }
}

function keyOf({ path, field = '' }: Place): string {
  return `${path}\n${field}`
}
