// Ports that are only remembered. One address can be taken once, as with real ones.
import { BalancerError } from '../../src/base/errors.ts'
import type { Listener, Ports } from '../../src/model/listener.ts'

export class FakePorts implements Ports {
  readonly held = new Set<string>()
  /** Addresses that somebody else has. */
  readonly taken = new Set<string>()
  /** What port 0 becomes. */
  chosen = 0
  /** `open 127.0.0.1:80`, `close 127.0.0.1:80` in their order. */
  readonly calls: string[] = []

  async open({ address }: Listener): Promise<string> {
    if (this.taken.has(address) || (this.held.has(address) && !address.endsWith(':0'))) {
      throw new BalancerError('PORT_TAKEN', address)
    }
    this.held.add(address)
    this.calls.push(`open ${address}`)
    return address.endsWith(':0') ? address.replace(/0$/, String(this.chosen)) : address
  }

  async close({ address }: Listener): Promise<void> {
    this.held.delete(address)
    this.calls.push(`close ${address}`)
  }
}
