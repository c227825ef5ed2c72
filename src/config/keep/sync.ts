// Keeps the running balancer and the configuration file saying the same. What changed on one side is taken over to
// the other, value by value; what both changed to something else is a conflict, which is listed and left as it is on
// both sides until somebody settles it. Whoever asks, it is the same step; every step runs alone, one after the other.
import type { Log } from '../../base/log.ts'
import { OneAtATime } from '../../base/one-at-a-time.ts'
import { currentOrigin, type Origin } from '../../base/origin.ts'
import { sharing } from '../../base/share.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { BalancerSnapshot, PermitUsers } from '../../model/snapshot.ts'
import { applySnapshot } from '../compare/apply.ts'
import { diffSnapshots } from '../compare/diff.ts'
import type { Difference } from '../compare/difference.ts'
import { sameSnapshot } from '../compare/same.ts'
import { type Document, requireDocument, requireDocumentInTurns } from '../read/read.ts'
import { Agreement, type OpenConflict, type Side } from './agreement.ts'
import { Aside } from './aside.ts'
import type { Revisions } from './revisions.ts'
import { StoredDocument } from './stored-document.ts'
import { editedMeanwhile } from './sync-faults.ts'
import { SyncState } from './sync-state.ts'
import type { ApplyResult, Note, Reloaded, SaveOptions, SaveResult } from './sync-results.ts'
import { SyncStep } from './sync-step.ts'

export type { ApplyResult, Note, Reloaded, SaveOptions, SaveResult } from './sync-results.ts'

export interface ConfigSyncOptions {
  readonly balancer: Balancer
  /** Path of the configuration file. */
  readonly file: string
  readonly log: Log
  /** Never write the file: changes live until the stop. Default false; `configCheck sync="off"` says the same. */
  readonly readOnly?: boolean
  /** Told before edits of the file are taken over; where it throws, the file has to wait. */
  readonly onTakeOver?: () => void
  /** Told of conflicts that were not there after the step before. */
  readonly onConflicts?: (conflicts: readonly OpenConflict[]) => void
  /** Told of anything else that keeps the two apart and did not before, in one line. */
  readonly onTrouble?: (reason: string) => void
}

export interface StartOptions {
  /** What is to run, made of what the file says; the difference counts as changed live. Default: what it says. */
  readonly from?: (stored: BalancerSnapshot) => BalancerSnapshot
  /** Who made it that. Default `file`. */
  readonly origin?: Origin
}

/** What a document is called in messages that came from nowhere on disk. */
const GIVEN = 'document'

export class ConfigSync {
  readonly #balancer: Balancer
  readonly #readOnly: boolean
  readonly #agreement: Agreement
  readonly #stored: StoredDocument
  readonly #state: SyncState
  readonly #step: SyncStep
  readonly #aside: Aside
  readonly #log: Log
  readonly #steps = new OneAtATime()

  constructor(options: ConfigSyncOptions) {
    const { balancer, file, log, readOnly = false } = options
    const { onTakeOver = () => {}, onConflicts = () => {}, onTrouble = () => {} } = options
    this.#balancer = balancer
    this.#readOnly = readOnly
    this.#log = log
    this.#agreement = new Agreement(balancer)
    this.#stored = new StoredDocument({ file, log, mayWrite: () => this.mayWrite })
    this.#aside = new Aside({ balancer, stored: this.#stored, log })
    this.#state = new SyncState({
      file,
      log,
      onConflicts,
      onTrouble,
      conflicts: () => this.conflicts,
    })
    this.#step = new SyncStep({
      balancer,
      agreement: this.#agreement,
      stored: this.#stored,
      state: this.#state,
      log,
      onTakeOver,
    })
  }

  get file(): string {
    return this.#stored.file
  }

  get revisions(): Revisions {
    return this.#stored.revisions
  }

  /** Number of the newest revision; 0 where none is kept. */
  get revision(): number {
    return this.#stored.lastRevision
  }

  /** The document as it was last read or written; undefined before the start. */
  get document(): Document | undefined {
    return this.#stored.document
  }

  /**
   * Why the file and the running system go on saying different things: a conflict, a file that does not
   * load, a disk that is full. Undefined where they agree or will at the next check.
   */
  get unsaved(): string | undefined {
    return this.#state.unsaved
  }

  /** What both sides changed to something else, and nobody settled yet. */
  get conflicts(): readonly OpenConflict[] {
    const { document } = this
    return document === undefined ? [] : this.#agreement.conflicts(document.snapshot)
  }

  /** May the file be written at all? */
  get mayWrite(): boolean {
    return !this.#readOnly && this.#balancer.settings.configCheck.sync === 'on'
  }

  /** The document as it would be if it said what runs, conflicts or not. @throws BalancerError INTERNAL */
  get running(): Document {
    return this.documentOf(this.#balancer.snapshot())
  }

  /** The document as it would be if it said this. @throws BalancerError INTERNAL */
  documentOf(snapshot: BalancerSnapshot): Document {
    return this.#stored.edit(this.document, snapshot)
  }

  /**
   * Read the file for the first time and make the balancer what it says.
   *
   * @throws BalancerError FILE_UNREADABLE, CONFIG_BAD with every fault, PORT_TAKEN, PORT_DENIED
   */
  start({ from = (stored) => stored, origin = 'file' }: StartOptions = {}): Promise<void> {
    return this.#steps.run(async () => {
      const read = await this.#stored.readFirst()
      await applySnapshot(this.#balancer, from(read.snapshot), origin)
      const document = { ...read, snapshot: sharing(read.snapshot, this.#balancer.snapshot()) }
      this.#stored.take({ document, state: 'edited' })
      this.#agreement.begin(document.snapshot)
      await this.#stored.keepRevision([], '')
      for (const { line, message } of document.warnings) {
        this.#log.warn('config warning', { file: this.file, line, message })
      }
      await this.#aside.tellOfOld()
    })
  }

  /** One run of the sync timer, both ways. Trouble is logged once and kept in `unsaved`; nothing is thrown. */
  check(): Promise<void> {
    return this.#looking(async () => {
      await this.#step.run({ timer: true })
    })
  }

  /**
   * Take edits of the file over now. Where running changes cannot be written, `unsaved` says so.
   *
   * @throws BalancerError CONFIG_BAD, FILE_UNREADABLE, PORT_TAKEN; what else keeps them from being taken over
   */
  reload(): Promise<Reloaded> {
    return this.#looking(async () => {
      const { edited, applied, refused, conflicts, written } = await this.#step.run({})
      if (refused !== undefined) throw refused
      return { edited, applied: applied.length, conflicts, written }
    })
  }

  /**
   * Write running changes to the file now; when this resolves they are on the disk.
   *
   * @throws BalancerError CONFIG_BAD, PORT_TAKEN, FILE_UNWRITABLE; CONFIG_CONFLICT, when all else is written
   */
  save({ force = false, comment = '' }: SaveOptions = {}): Promise<SaveResult> {
    return this.#looking(async () => {
      const { written, trouble } = await this.#step.run({ force, comment })
      if (trouble !== undefined) throw trouble
      return this.#saved(written)
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
    return this.#looking(async () => {
      const document = { ...(await requireDocumentInTurns(source, GIVEN)), file: this.file }
      const reading = await this.#stored.read()
      if (['edited', 'broken'].includes(reading.state)) throw editedMeanwhile(this.file)
      permit(document.snapshot.users)
      const differences = await applySnapshot(this.#balancer, document.snapshot, currentOrigin())
      return { differences, ...this.#saved(await this.#step.put(document, reading)) }
    })
  }

  /**
   * Change the running system by the smallest set of edits, in place, all or nothing, then save. A file that cannot be
   * written does not take the change back: `unsaved` says so, and the timer tries again.
   *
   * @param wanted what is to run, made of what runs at that moment
   * @throws BalancerError PORT_TAKEN, PORT_DENIED, VALUE_BAD; what `wanted` throws
   */
  change(
    wanted: (running: BalancerSnapshot) => BalancerSnapshot,
    { comment = '' }: Note = {},
  ): Promise<ApplyResult> {
    return this.#looking(async () => {
      const to = wanted(this.#balancer.snapshot())
      const differences = await applySnapshot(this.#balancer, to, currentOrigin())
      const { written } = await this.#step.run({ comment, timer: true })
      return { differences, ...this.#saved(written) }
    })
  }

  /**
   * The same, and afterwards file and running system both say just that: edits of the file are taken over before, so that
   * a revision has them, and conflicts are settled for it.
   *
   * @throws BalancerError PORT_TAKEN, PORT_DENIED, VALUE_BAD; what `wanted` throws. Then conflicts stay as they are
   */
  replace(wanted: () => BalancerSnapshot, { comment = '' }: Note = {}): Promise<ApplyResult> {
    return this.#looking(async () => {
      const to = wanted()
      await this.#step.run({ timer: true })
      const differences = await applySnapshot(this.#balancer, to, currentOrigin())
      this.#agreement.begin(this.document?.snapshot ?? to)
      const { written } = await this.#step.run({ comment, timer: true })
      return { differences, ...this.#saved(written) }
    })
  }

  /**
   * Settle conflicts: the value of one side becomes that of both, and is saved.
   *
   * @param paths those of the conflicts; none settles all
   * @param permit asked before the running system takes over what the file says
   * @returns those that were settled
   * @throws BalancerError NOT_FOUND with those that there are; what a save throws but for the conflicts that are left;
   *   what `permit` throws. Where the running system cannot be what the file says they are open again
   */
  resolve(
    paths: readonly string[],
    side: Side,
    permit: PermitUsers = () => {},
  ): Promise<readonly OpenConflict[]> {
    return this.#looking(async () => {
      const { settled, refused, unwritten } = await this.#step.settle(paths, side, permit)
      const trouble = refused ?? unwritten
      if (trouble !== undefined) throw trouble
      return settled
    })
  }

  /**
   * The last resort of a stop: what runs and the file does not say goes into a file of its own beside the other.
   *
   * @returns its path; undefined where nothing would be lost, or nothing may be written
   */
  saveAside(): Promise<string | undefined> {
    return this.#steps.run(async () => {
      const { document } = this
      if (document === undefined || !this.mayWrite) return undefined
      const isSaid = sameSnapshot(document.snapshot, this.#balancer.snapshot())
      return isSaid && this.unsaved === undefined ? undefined : this.#aside.keep()
    })
  }

  #saved(written: boolean): SaveResult {
    return { written, file: this.file, revision: this.#stored.lastRevision }
  }

  /** What is unsaved after a step is kept aside: also a crash does not lose it. */
  #looking<Result>(step: () => Promise<Result>): Promise<Result> {
    return this.#steps.run(async () => {
      try {
        return await step()
      } finally {
        if (this.mayWrite) await this.#aside.follow(this.unsaved !== undefined)
      }
    })
  }
}
