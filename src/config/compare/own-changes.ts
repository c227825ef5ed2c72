// What one act has changed so far, so that it can be taken back. What others change meanwhile is not part of it.
import type { Balancer } from '../../model/balancer.ts'
import { withoutPassing } from '../../model/net-effect.ts'
import { type Recorded, Recorder } from '../../model/recorded.ts'

export class OwnChanges {
  /** Ends the following. */
  readonly stop: () => void
  readonly #balancer: Balancer
  readonly #seen: Recorded[] = []

  /** Begin to look on. */
  constructor(balancer: Balancer) {
    this.#balancer = balancer
    const recorder = new Recorder(balancer)
    this.stop = balancer.follow((change) => this.#seen.push(recorder.record(change)))
  }

  /** Those of the act that is under way, oldest first, without what came and went again within it. */
  take(): readonly Recorded[] {
    // To take a passing service back would open its ports for nothing.
    return withoutPassing(this.#seen.filter(({ change }) => change.act === this.#balancer.act))
  }
}
