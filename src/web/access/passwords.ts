// The throttle in front of passwords over the web: who failed too often has to wait, and nobody makes others wait by
// trying many at once. What a password is worth is decided where ssh decides it.
import { networkOf } from '../../access/network.ts'
import { judgePasswordAlone, type PasswordTry } from '../../access/password-login.ts'
import { Penalties } from '../../access/penalties.ts'
import { renewPassword } from '../../access/renew-password.ts'
import type { LoginNotes } from '../../access/login-notes.ts'
import { isLoopback } from '../../base/address.ts'
import type { Log } from '../../base/log.ts'
import { Networks } from '../../base/networks.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { WebAccessLimits } from './limits.ts'

export interface PasswordsOptions {
  readonly balancer: Balancer
  readonly log: Log
  readonly notes: LoginNotes
  readonly limits: WebAccessLimits
}

export type PasswordAnswer =
  | { readonly kind: 'right'; readonly user: UserSnapshot }
  | { readonly kind: 'refused' }
  /** It was not looked at. */
  | { readonly kind: 'later'; readonly seconds: number }

export class Passwords {
  readonly #options: PasswordsOptions
  readonly #penalties: Penalties
  #underWay = 0
  readonly #underWayByNetwork = new Map<string, number>()

  constructor(options: PasswordsOptions) {
    this.#options = options
    this.#penalties = new Penalties({
      limits: options.limits,
      isExempt: (address) => this.#isExempt(address),
      now: () => performance.now(),
    })
  }

  /** Refusals are noted; to whoever tries they look the same. */
  async judge(tried: PasswordTry, address: string): Promise<PasswordAnswer> {
    const network = networkOf(address)
    const waitMs = this.#penalties.waitMs(network, address)
    if (waitMs > 0) return { kind: 'later', seconds: Math.ceil(waitMs / 1_000) }
    if (!this.#hasRoom(network)) return { kind: 'later', seconds: 1 }
    this.#count(network, 1)
    try {
      return await this.#judge(tried, address, network)
    } finally {
      this.#count(network, -1)
    }
  }

  async #judge(tried: PasswordTry, address: string, network: string): Promise<PasswordAnswer> {
    const { balancer, log, notes } = this.#options
    const verdict = await judgePasswordAlone(tried, () => balancer.users)
    if (verdict.kind === 'refused') {
      const { reason } = verdict
      notes.refused({ name: tried.name, address, method: 'password', reason })
      this.#blame(network, address)
      return { kind: 'refused' }
    }
    const { user, oldHash } = verdict
    const { name: operator, password } = tried
    // It never rejects, and the log-in does not wait for it.
    if (oldHash !== undefined) void renewPassword({ operator, password, oldHash }, balancer, log)
    return { kind: 'right', user }
  }

  // Through a tunnel or a proxy everybody is on loopback, the guesser as well: what ssh leaves open to accounts of this
  // machine would leave the page open to all.
  #isExempt(address: string): boolean {
    const { penaltyExempt } = this.#options.balancer.settings.ssh
    return !isLoopback(address) && new Networks(penaltyExempt).has(address)
  }

  #blame(network: string, address: string): void {
    if (!this.#penalties.add(network, address, this.#options.limits.penaltyFailureMs)) return
    this.#options.log.warn('web address shut out', {
      address,
      reason: 'too many failed logins',
      cure: 'it may try again when its penalty has run out; ssh … web link lets in meanwhile',
    })
  }

  #hasRoom(network: string): boolean {
    const { passwordsMax, passwordsPerAddressMax } = this.#options.limits
    const fromThere = this.#underWayByNetwork.get(network) ?? 0
    return this.#underWay < passwordsMax && fromThere < passwordsPerAddressMax
  }

  #count(network: string, more: 1 | -1): void {
    this.#underWay += more
    const count = (this.#underWayByNetwork.get(network) ?? 0) + more
    if (count === 0) this.#underWayByNetwork.delete(network)
    else this.#underWayByNetwork.set(network, count)
  }
}
