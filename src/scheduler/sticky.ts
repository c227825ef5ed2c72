// Sticky: the same client address gets the same host, on every balancer with the same hosts, with nothing to
// remember and nothing to clean up. A Maglev table (Eisenbud et al., "Maglev", NSDI 2016, section 3.4): hosts
// take turns claiming their next preferred slot. When a host leaves, hardly any other client moves.
// A host's preferences depend on its name, so that its place in the file does not matter.
import { LIMITS } from '../base/limits.ts'
import { hashBytes } from '../base/hash.ts'
import type { Weighed } from './contract.ts'
import type { HashRule } from './rule.ts'

export function sticky(hosts: readonly Weighed[]): HashRule {
  const slots = new Uint16Array(LIMITS.hashSlots)
  const claimants = claimantsOf(hosts)
  if (claimants.length > 0) claimAll(slots, claimants)
  return { kind: 'hash', slots: claimants.length === 0 ? new Uint16Array(0) : slots }
}

/** A host on its way through its own permutation of the slots. */
interface Claimant {
  readonly index: number
  readonly skip: number
  /** Claims per round, as a share of the heaviest host's one. */
  readonly share: number
  next: number
  credit: number
}

function claimantsOf(hosts: readonly Weighed[]): Claimant[] {
  const heaviest = Math.max(...hosts.map((host) => host.weight))
  const claimants = hosts.map(({ name, weight }, index) => {
    const bytes = Buffer.from(name)
    const skip = (hashBytes(bytes, 2) % (LIMITS.hashSlots - 1)) + 1
    return {
      index,
      skip,
      share: weight / heaviest,
      next: hashBytes(bytes, 1) % LIMITS.hashSlots,
      credit: 0,
    }
  })
  // Turns go by name and not by file order, so that a host that moves in the file moves no client.
  const byName = (a: Claimant, b: Claimant) =>
    (hosts[a.index]?.name ?? '') < (hosts[b.index]?.name ?? '') ? -1 : 1
  return claimants.filter((claimant) => claimant.share > 0).sort(byName)
}

function claimAll(slots: Uint16Array, claimants: readonly Claimant[]): void {
  const taken = new Uint8Array(slots.length)
  let free = slots.length
  while (free > 0) {
    for (const claimant of claimants) {
      claimant.credit += claimant.share
      if (claimant.credit < 1) continue
      claimant.credit -= 1
      claimNext(slots, taken, claimant)
      if (--free === 0) return
    }
  }
}

// The number of slots is prime, so that every skip visits all of them.
function claimNext(slots: Uint16Array, taken: Uint8Array, claimant: Claimant): void {
  while (taken[claimant.next] === 1) claimant.next = (claimant.next + claimant.skip) % slots.length
  taken[claimant.next] = 1
  slots[claimant.next] = claimant.index
}
