// What failed logins cost the address they came from: seconds, which add up and run out. Above a threshold the
// address is not listened to until they have. Some addresses never are shut out.

export interface PenaltyLimits {
  /** Above this penalty, in milliseconds, an address is shut out until it has run out. */
  readonly penaltyThresholdMs: number
  /** No penalty gets longer, in milliseconds. */
  readonly penaltyMsMax: number
  /** Networks that are remembered; beyond it the oldest is forgotten. */
  readonly penaltiesMax: number
}

export interface PenaltyOptions {
  readonly limits: PenaltyLimits
  /** May this address fail as often as it likes? */
  readonly isExempt: (address: string) => boolean
  /** Milliseconds that only ever go up. */
  readonly now: () => number
}

interface Penalty {
  /** When it has run out. */
  until: number
  /** Was the threshold crossed, so that the rest must be waited for? */
  shut: boolean
}

export class Penalties {
  readonly #options: PenaltyOptions
  readonly #byNetwork = new Map<string, Penalty>()

  constructor(options: PenaltyOptions) {
    this.#options = options
  }

  /** How many networks are remembered. */
  get size(): number {
    return this.#byNetwork.size
  }

  /** Add to what this client's network has to wait. @returns whether it is shut out from now on */
  add(network: string, address: string, ms: number): boolean {
    const { limits, isExempt, now } = this.#options
    if (isExempt(address)) return false
    const before = this.#running(network)
    const until = Math.min((before?.until ?? now()) + ms, now() + limits.penaltyMsMax)
    const shut = before?.shut === true || until - now() > limits.penaltyThresholdMs
    // Taken out first, so that the order of the map is the order of the last failures.
    this.#byNetwork.delete(network)
    this.#forgetOldest()
    this.#byNetwork.set(network, { until, shut })
    return shut && before?.shut !== true
  }

  /** Must this client wait before it may try again? */
  refuses(network: string, address: string): boolean {
    return this.waitMs(network, address) > 0
  }

  /** How long this client has to wait before it may try again, in milliseconds; 0 where it need not. */
  waitMs(network: string, address: string): number {
    const penalty = this.#running(network)
    if (penalty?.shut !== true || this.#options.isExempt(address)) return 0
    return penalty.until - this.#options.now()
  }

  /**
   * Whoever got in after all does not wait for the tries before. What others of the network failed stays: else anybody
   * with a login of his own could guess the passwords of the others without end.
   */
  forgive(network: string, ms: number): void {
    const penalty = this.#running(network)
    if (penalty === undefined || ms === 0) return
    penalty.until -= ms
    penalty.shut = penalty.until - this.#options.now() > this.#options.limits.penaltyThresholdMs
  }

  #running(network: string): Penalty | undefined {
    const penalty = this.#byNetwork.get(network)
    if (penalty === undefined || penalty.until > this.#options.now()) return penalty
    this.#byNetwork.delete(network)
    return undefined
  }

  #forgetOldest(): void {
    if (this.#byNetwork.size < this.#options.limits.penaltiesMax) return
    const [oldest] = this.#byNetwork.keys()
    if (oldest !== undefined) this.#byNetwork.delete(oldest)
  }
}
