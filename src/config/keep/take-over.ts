// Edits of the file onto the running system, in place. One that is refused is not tried again and again: it may close a
// port and open it again before it fails, and the clients of a port that works must not pay for that.
import type { Log } from '../../base/log.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { applySnapshot } from '../compare/apply.ts'
import { diffSnapshots } from '../compare/diff.ts'
import type { Difference } from '../compare/difference.ts'
import { sameSnapshot } from '../compare/same.ts'
import { isOfAudit } from './sync-faults.ts'

export interface TakeOverOptions {
  readonly balancer: Balancer
  readonly file: string
  readonly log: Log
  /** Told before anything is applied; where it throws, the file has to wait. */
  readonly onTakeOver: () => void
}

export interface Taken {
  /** What was different and is not any more. */
  readonly applied: readonly Difference[]
  /** Why it was refused; undefined where it was not. Then nothing is applied. */
  readonly refused: unknown
}

interface Refusal {
  readonly running: BalancerSnapshot
  readonly wanted: BalancerSnapshot
  readonly error: unknown
}

export class TakeOver {
  readonly #options: TakeOverOptions
  #refusal: Refusal | undefined

  constructor(options: TakeOverOptions) {
    this.#options = options
  }

  /**
   * Make the running system what is wanted of it, all or nothing. Never throws.
   *
   * @param again also where the same was refused before
   */
  async run(wanted: BalancerSnapshot, again: boolean): Promise<Taken> {
    const { balancer, file, log, onTakeOver } = this.#options
    const running = balancer.snapshot()
    if (diffSnapshots(running, wanted).length === 0) return this.#end({ applied: [] })
    if (!again && this.#wasRefused(running, wanted)) return this.#end({ refusal: this.#refusal })
    try {
      onTakeOver()
      const applied = await applySnapshot(balancer, wanted)
      log.info('config read', { file, differences: applied.length })
      return this.#end({ applied })
    } catch (error) {
      return this.#end({ refusal: { running, wanted, error } })
    }
  }

  #end({
    applied = [],
    refusal,
  }: {
    readonly applied?: readonly Difference[]
    readonly refusal?: Refusal | undefined
  }): Taken {
    // The file is not to blame where the audit log cannot be written.
    this.#refusal = isOfAudit(refusal?.error) ? undefined : refusal
    return { applied, refused: refusal?.error }
  }

  #wasRefused(running: BalancerSnapshot, wanted: BalancerSnapshot): boolean {
    const refusal = this.#refusal
    if (refusal === undefined) return false
    return sameSnapshot(refusal.wanted, wanted) && sameSnapshot(refusal.running, running)
  }
}
