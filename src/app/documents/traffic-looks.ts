// Looks at the traffic again and again, from the start of the process, so that a commit can be compared with what was
// before it.
import type { Clock } from '../../base/clock.ts'
import { every } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Balancer } from '../../model/balancer.ts'
import { changedServices } from './commit-undo.ts'
import type { KeptCommit } from './confirm-file.ts'
import { TrafficHistory } from './traffic-history.ts'
import { type Mark, markOf, TrafficWatch } from './traffic-watch.ts'

export interface TrafficLooksOptions {
  readonly balancer: Balancer
  readonly clock: Clock
  /** Called after each look. */
  readonly onLook: () => void
  readonly onError: (error: unknown) => void
}

export class TrafficLooks {
  readonly #options: TrafficLooksOptions
  readonly #history: TrafficHistory

  constructor(options: TrafficLooksOptions) {
    this.#options = options
    this.#history = new TrafficHistory(options.balancer)
  }

  /** Resolves when the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void> {
    const { clock, onLook, onError } = this.#options
    this.#history.look()
    const look = async () => {
      this.#history.look()
      onLook()
    }
    const intervalMs = () => LIMITS.trafficLookMs
    const wait: Clock['pause'] = (ms, until) => clock.pause(ms, until)
    return every(look, { intervalMs, signal, onError, wait })
  }

  /** How traffic is right now, and was before. */
  mark(): Mark {
    this.#history.look()
    return markOf(this.#options.balancer, this.#history)
  }

  /** Compare with that what comes from now on, of the services that a commit changed. */
  watch(commit: Pick<KeptCommit, 'before' | 'after'>, mark: Mark): TrafficWatch {
    const { balancer } = this.#options
    const changed = changedServices(commit)
    // What the commit added is counted from its first session on.
    this.#history.look()
    return new TrafficWatch({ balancer, history: this.#history, changed, mark })
  }
}
