// Keeps the running balancer and the configuration file saying the same. What changed on one side is taken
// over to the other; where both sides changed, nothing is overwritten and `unsaved` says so until somebody
// decides. Every step runs alone, one after the other.
import { factsOf, messageOf } from '../../base/errors.ts'
import type { Log } from '../../base/log.ts'
import { currentOrigin } from '../../base/origin.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { PermitUsers } from '../../model/snapshot.ts'
import { applySnapshot } from '../compare/apply.ts'
import { diffSnapshots } from '../compare/diff.ts'
import type { Difference } from '../compare/difference.ts'
import { type Document, requireDocument } from '../read/read.ts'
import { sameSnapshot } from '../compare/same.ts'
import { ConfigStore, type StoreOptions } from './store.ts'
import { conflict, editedMeanwhile, isOfAudit, missing } from './sync-faults.ts'
import { formatDocument, writeDocument } from '../write/write.ts'

export interface ConfigSyncOptions extends StoreOptions {
  readonly balancer: Balancer
  /** Path of the configuration file. */
  readonly file: string
  readonly log: Log
  /** Told before an edited file is taken over; where it throws, the file has to wait. */
  readonly onTakeOver?: () => void
}

export interface SaveOptions {
  /** Overwrite what is in the file, also where it was edited; its text stays in the backup. Default false. */
  readonly force?: boolean
}

export interface SaveResult {
  /** False where the file already said it all; then not even its time changed. */
  readonly written: boolean
  readonly file: string
  /** Where the previous version is; '' where there is none. */
  readonly backup: string
}

export interface ApplyResult extends SaveResult {
  /** What was different and is not any more. */
  readonly differences: readonly Difference[]
}

/** What a document is called in messages that came from nowhere on disk. */
const GIVEN = 'document'

/** What taking the file over came to. */
export interface Reloaded {
  /** False where the text of the file is the one that is known already. */
  readonly edited: boolean
  /** Differences that were applied. */
  readonly applied: number
}

export class ConfigSync {
  readonly file: string
  /** The file on disk, with its earlier versions. */
  readonly store: ConfigStore
  readonly #balancer: Balancer
  readonly #log: Log
  readonly #onTakeOver: () => void
  #document: Document | undefined
  #unsaved: string | undefined
  /** Change number of the balancer when it was last seen to say what the document says. */
  #sameAt = -1
  /** An edited file that was refused, and what was running then: it is not tried again until either changed. */
  #refused:
    | { readonly stored: Buffer; readonly changeNumber: number; readonly error: unknown }
    | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor({ balancer, file, log, onTakeOver = () => {}, ...options }: ConfigSyncOptions) {
    this.file = file
    this.#balancer = balancer
    this.#log = log
    this.#onTakeOver = onTakeOver
    this.store = new ConfigStore(file, options)
  }

  /** The document as it was last read or written; undefined before the start. */
  get document(): Document | undefined {
    return this.#document
  }

  /**
   * Why the file and the running system go on saying different things: a conflict, a file that does not
   * load, a disk that is full. Undefined where they agree or will at the next check.
   */
  get unsaved(): string | undefined {
    return this.#unsaved
  }

  /** Was something changed live that the document does not say yet? */
  get changed(): boolean {
    const { changeNumber } = this.#balancer
    if (this.#document === undefined) return true
    if (this.#sameAt === changeNumber) return false
    const changed = !sameSnapshot(this.#document.snapshot, this.#balancer.snapshot())
    if (!changed) this.#sameAt = changeNumber
    return changed
  }

  /** The document as a save would write it now. @throws BalancerError INTERNAL */
  get running(): Document {
    if (this.#document === undefined) return formatDocument(this.#balancer.snapshot(), this.file)
    return this.changed ? writeDocument(this.#document, this.#balancer.snapshot()) : this.#document
  }

  /**
   * Read the file for the first time and make the balancer what it says.
   *
   * @throws BalancerError FILE_UNREADABLE, CONFIG_BAD with every fault, PORT_TAKEN, PORT_DENIED
   */
  start(): Promise<void> {
    return this.#alone(async () => {
      const document = requireDocument(await this.#requireStored(), this.file)
      await applySnapshot(this.#balancer, document.snapshot)
      this.#take(document)
      for (const { line, message } of document.warnings) {
        this.#log.warn('config warning', { file: this.file, line, message })
      }
    })
  }

  /** One run of the sync timer, both ways. Trouble is logged once and kept in `unsaved`; nothing is thrown. */
  check(): Promise<void> {
    return this.#alone(async () => {
      try {
        await this.#step()
        this.#unsaved = undefined
      } catch (error) {
        this.#complain(error)
      }
    })
  }

  /** Take edits of the file over now. @throws BalancerError CONFIG_BAD, CONFIG_CONFLICT, FILE_UNREADABLE, PORT_TAKEN */
  reload(): Promise<Reloaded> {
    return this.#noting(async () => {
      const stored = await this.#requireStored()
      if (this.#isKnown(stored)) return { edited: false, applied: 0 }
      return { edited: true, applied: await this.#takeOver(stored) }
    })
  }

  /**
   * The last resort of a stop: what runs and could not be saved goes into a file of its own beside the other.
   *
   * @returns its path; undefined where nothing would be lost
   */
  async saveAside(): Promise<string | undefined> {
    return this.#alone(async () => {
      if (this.#document === undefined || !this.changed) return undefined
      const aside = new ConfigStore(`${this.file}-unsaved`)
      await aside.write(this.running.text, await aside.read())
      return aside.file
    })
  }

  /** Write running changes to the file now. @throws BalancerError CONFIG_BAD, CONFIG_CONFLICT, FILE_UNWRITABLE */
  save({ force = false }: SaveOptions = {}): Promise<SaveResult> {
    return this.#noting(async () => {
      const stored = await this.store.read()
      const edited = stored !== undefined && !this.#isKnown(stored)
      if (!force && edited) await this.#takeOver(stored)
      if (!force && !this.changed && stored !== undefined) return this.#notWritten()
      return this.#write(stored)
    })
  }

  /** What a text would change, and nothing done. @throws BalancerError CONFIG_BAD with every fault */
  compare(source: string | Uint8Array): readonly Difference[] {
    const { snapshot } = requireDocument(source, GIVEN)
    return diffSnapshots(this.#balancer.snapshot(), snapshot)
  }

  /**
   * Make the running system what a text says, all or nothing, and the text the file. A file that cannot be
   * written does not take the change back: `unsaved` says so, and the timer tries again.
   *
   * @throws BalancerError CONFIG_BAD, CONFIG_CONFLICT, FILE_UNREADABLE, PORT_TAKEN, PORT_DENIED; what `permit` throws
   */
  apply(source: string | Uint8Array, permit: PermitUsers = () => {}): Promise<ApplyResult> {
    return this.#alone(async () => {
      const document = { ...requireDocument(source, GIVEN), file: this.file }
      const stored = await this.store.read()
      if (stored !== undefined && !this.#isKnown(stored)) throw editedMeanwhile(this.file)
      permit(document.snapshot.users)
      const differences = await applySnapshot(this.#balancer, document.snapshot, currentOrigin())
      try {
        return { differences, ...(await this.#write(stored, document)) }
      } catch (error) {
        this.#complain(error)
        return { differences, ...this.#notWritten() }
      }
    })
  }

  async #step(): Promise<void> {
    const stored = await this.store.read()
    if (stored !== undefined && !this.#isKnown(stored)) await this.#tryOnce(stored)
    if (this.changed) await this.#write(stored)
    else if (stored === undefined) throw missing(this.file)
  }

  // Taking a file over may close a port and open it again before it fails. The timer must not do that again and
  // again to the clients of a port that works.
  async #tryOnce(stored: Buffer): Promise<void> {
    const refused = this.#refused
    const isSame =
      refused?.stored.equals(stored) && refused.changeNumber === this.#balancer.changeNumber
    if (refused !== undefined && isSame) throw refused.error
    try {
      await this.#takeOver(stored)
    } catch (error) {
      if (isOfAudit(error)) throw error
      this.#refused = { stored, changeNumber: this.#balancer.changeNumber, error }
      throw error
    }
  }

  // The file was edited. Where nothing was changed live, it is the new truth; where both sides changed, it is
  // so only if they do not contradict each other. Returns how many differences were applied.
  async #takeOver(stored: Buffer): Promise<number> {
    const document = requireDocument(stored, this.file)
    if (!this.changed) {
      this.#onTakeOver()
      const differences = await applySnapshot(this.#balancer, document.snapshot)
      this.#log.info('config read', { file: this.file, differences: differences.length })
      this.#take(document)
      return differences.length
    }
    const known = this.#document?.snapshot
    const onlyText = known !== undefined && sameSnapshot(known, document.snapshot)
    if (!onlyText && !sameSnapshot(document.snapshot, this.#balancer.snapshot())) {
      throw conflict(this.file)
    }
    this.#take(document)
    return 0
  }

  async #write(stored: Buffer | undefined, document = this.running): Promise<SaveResult> {
    if (stored?.equals(Buffer.from(document.text)) === true) {
      this.#take(document)
      return this.#notWritten()
    }
    const saved = await this.store.write(document.text, stored)
    this.#take(document)
    this.#log.info('config saved', { ...saved })
    return { written: true, ...saved }
  }

  #notWritten(): SaveResult {
    return { written: false, file: this.file, backup: '' }
  }

  #take(document: Document): void {
    this.#document = document
    this.#sameAt = -1
    this.#unsaved = undefined
    this.#refused = undefined
  }

  #isKnown(stored: Buffer): boolean {
    return this.#document !== undefined && stored.equals(Buffer.from(this.#document.text))
  }

  async #requireStored(): Promise<Buffer> {
    const stored = await this.store.read()
    if (stored === undefined) throw missing(this.file)
    return stored
  }

  #complain(error: unknown): void {
    const reason = messageOf(error)
    if (reason === this.#unsaved) return
    this.#unsaved = reason
    this.#log.error('config out of step', { file: this.file, ...factsOf(error) })
  }

  /** Run a step that an operator asked for: it is told of trouble, and so is everybody who looks at `unsaved`. */
  #noting<Result>(step: () => Promise<Result>): Promise<Result> {
    return this.#alone(async () => {
      try {
        return await step()
      } catch (error) {
        this.#complain(error)
        throw error
      }
    })
  }

  /** Steps never overlap: each begins when the one before has ended, well or not. */
  #alone<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(step)
    this.#last = result.catch(() => {})
    return result
  }
}
