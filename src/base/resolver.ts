// The memory of host names: which address each one has now. Names are looked up again and again beside the
// traffic, so that whoever needs an address gets it at once and nobody waits for a name server.
//
// An address stays in use while the answer still contains it; a look-up that fails keeps the last answer.
import { lookup as systemLookup } from 'node:dns/promises'
import { factsOf, messageOf } from './errors.ts'
import { every } from './every.ts'
import { Gate } from './gate.ts'
import { LIMITS } from './limits.ts'
import type { Log } from './log.ts'

/** All addresses of a name, in the order of preference; rejects where there is none. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string }[]>

export interface NameCacheOptions {
  readonly log: Log
  /** Told when a name has another address than before, its first one included. */
  readonly onChange: (name: string, address: string) => void
  /** Told whenever a name that never had an address cannot be looked up. */
  readonly onUnknown?: (name: string) => void
  /** How names are looked up. Default: as the system does, /etc/hosts included and in its order. */
  readonly lookup?: Lookup
  /** Pause between two rounds of look-ups, in milliseconds. Default LIMITS.resolvedNameMs. */
  readonly refreshMs?: number
}

export class NameCache {
  readonly #options: Required<NameCacheOptions>
  readonly #entries = new Map<string, Entry>()
  readonly #gate = new Gate(LIMITS.lookupsAtOnceMax)
  readonly #stopped = new AbortController()
  #loop: Promise<void> | undefined

  constructor(options: NameCacheOptions) {
    this.#options = {
      lookup: lookupAll,
      refreshMs: LIMITS.resolvedNameMs,
      onUnknown: () => {},
      ...options,
    }
  }

  /** The address of a watched name; undefined until its first answer came. */
  addressOf(name: string): string | undefined {
    return this.#entries.get(name)?.address
  }

  /** Know these names from now on and forget all others. New ones are looked up at once. */
  watch(names: Iterable<string>): void {
    const wanted = this.#withinLimit(new Set(names))
    for (const name of this.#entries.keys()) if (!wanted.has(name)) this.#entries.delete(name)
    for (const name of wanted) if (!this.#entries.has(name)) this.#add(name)
  }

  /** Look every watched name up now. Resolves when all answered; what failed is logged. */
  async refresh(): Promise<void> {
    await Promise.all(Array.from(this.#entries.values(), (entry) => this.#refresh(entry)))
  }

  /** Keep the addresses fresh until `stop`. */
  start(): void {
    const { refreshMs, log } = this.#options
    this.#loop ??= every(
      // Not awaited: a name server that hangs for one name does not make the others old.
      async () => void this.refresh(),
      {
        intervalMs: () => refreshMs,
        signal: this.#stopped.signal,
        onError: (error) => log.error('name round failed', factsOf(error)),
      },
    )
  }

  /**
   * Look nothing up any more; what is known stays known. A look-up cannot be called back from the system:
   * one under way is left to end by itself, and its answer is dropped.
   */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
  }

  #withinLimit(names: ReadonlySet<string>): ReadonlySet<string> {
    const limit = LIMITS.resolvedNamesMax
    if (names.size <= limit) return names
    this.#options.log.error('too many names to resolve', { names: names.size, limit })
    return new Set([...names].slice(0, limit))
  }

  #add(name: string): void {
    const entry: Entry = { name, address: undefined, failing: false, underWay: undefined }
    this.#entries.set(name, entry)
    void this.#refresh(entry)
  }

  // Never rejects, and never twice at the same time for one name.
  #refresh(entry: Entry): Promise<void> {
    entry.underWay ??= this.#gate
      .run(() => this.#lookUp(entry))
      .catch((error) => this.#options.log.error('name round failed', factsOf(error)))
      .finally(() => {
        entry.underWay = undefined
      })
    return entry.underWay
  }

  async #lookUp(entry: Entry): Promise<void> {
    if (!this.#current(entry)) return
    const answer = await this.#options.lookup(entry.name).then(
      (found) => ({ addresses: found.map(({ address }) => address), reason: 'it has no address' }),
      (error: unknown) => ({ addresses: [], reason: messageOf(error) }),
    )
    if (!this.#current(entry)) return
    const [first] = answer.addresses
    if (first === undefined) this.#failed(entry, answer.reason)
    else this.#answered(entry, answer.addresses, first)
  }

  /** Is it still asked for? */
  #current(entry: Entry): boolean {
    return !this.#stopped.signal.aborted && this.#entries.get(entry.name) === entry
  }

  #failed(entry: Entry, reason: string): void {
    if (entry.address === undefined) this.#options.onUnknown(entry.name)
    if (entry.failing) return
    entry.failing = true
    this.#options.log.warn('name not resolved', {
      name: entry.name,
      reason,
      kept: entry.address ?? '',
    })
  }

  #answered(entry: Entry, addresses: readonly string[], first: string): void {
    const before = entry.address
    // Name servers turn their answers round; sessions and checks should not move along.
    const address = before !== undefined && addresses.includes(before) ? before : first
    if (entry.failing || address !== before) {
      this.#options.log.info('name resolved', { name: entry.name, address, before: before ?? '' })
    }
    entry.failing = false
    entry.address = address
    if (address !== before) this.#options.onChange(entry.name, address)
  }
}

interface Entry {
  readonly name: string
  address: string | undefined
  /** Did the last look-up fail? Its beginning and its end are logged. */
  failing: boolean
  underWay: Promise<void> | undefined
}

async function lookupAll(name: string): Promise<readonly { readonly address: string }[]> {
  return await systemLookup(name, { all: true })
}
