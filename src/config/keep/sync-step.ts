// One step of the sync: look at the file, take over what it alone changed, write what was changed live alone. What both
// changed stays as it is on both sides. Nothing that goes wrong here is thrown: each half is done as far as it can be, and
// what is left is told. Who asks for a step, and that steps never overlap, is not known here.
import { LIMITS } from '../../base/limits.ts'
import { currentOrigin, type Origin } from '../../base/origin.ts'
import type { BalancerSnapshot, PermitUsers } from '../../model/snapshot.ts'
import { diffSnapshots } from '../compare/diff.ts'
import type { Difference } from '../compare/difference.ts'
import type { Merged } from '../compare/merge.ts'
import { sameSnapshot } from '../compare/same.ts'
import type { Document } from '../read/read.ts'
import type { Agreement, OpenConflict, Side } from './agreement.ts'
import type { Reading, StoredDocument } from './stored-document.ts'
import { isEditedMeanwhile, isOfAudit, missing } from './sync-faults.ts'
import type { SyncState, Troubles } from './sync-state.ts'
import { type Taken, TakeOver, type TakeOverOptions } from './take-over.ts'

export interface SyncStepOptions extends Omit<TakeOverOptions, 'file'> {
  readonly agreement: Agreement
  readonly stored: StoredDocument
  readonly state: SyncState
}

/** How a step is asked for. */
export interface Asked {
  /** Nobody waits for it: what was refused is not tried again, and a missing file not written while it has all. */
  readonly timer?: boolean
  /** The file is to say what runs, whatever it says. */
  readonly force?: boolean
  /** Of the revision that it makes. */
  readonly comment?: string
}

/** What a step came to. */
export interface Stepped extends Omit<Troubles, 'conflicts'> {
  /** Did the file have another text than the one that is known? */
  readonly edited: boolean
  readonly applied: readonly Difference[]
  readonly written: boolean
}

export interface Ended extends Stepped {
  readonly conflicts: number
  /** What to tell an operator of first; undefined where file and running system agree. */
  readonly trouble: unknown
}

export interface SettledStep extends Ended {
  readonly settled: readonly OpenConflict[]
}

const NOTHING = { edited: false, applied: [], written: false } as const
const AGREED = { refused: undefined, unwritten: undefined, conflicts: 0, trouble: undefined }

/** Of the revision of a text that is written over as a whole. */
const REPLACED = 'as it was before save --force'

export class SyncStep {
  readonly #options: SyncStepOptions
  readonly #takeOver: TakeOver
  #last: Ended = { ...NOTHING, ...AGREED }
  /** Number of the last change when nothing was left to be tried again; -1 where something was. */
  #doneAt = -1

  constructor(options: SyncStepOptions) {
    const { balancer, stored, log, onTakeOver } = options
    this.#options = options
    this.#takeOver = new TakeOver({ balancer, log, onTakeOver, file: stored.file })
  }

  async run(asked: Asked): Promise<Ended> {
    const applied: Difference[] = []
    for (let attempts = 1; ; attempts++) {
      const stepped = await this.#once(asked)
      if (stepped === undefined) return { ...this.#last, ...NOTHING }
      applied.push(...stepped.applied)
      const again = isEditedMeanwhile(stepped.unwritten) && attempts < LIMITS.syncAttemptsMax
      if (!again) return this.#end({ ...stepped, applied })
    }
  }

  /** Put a document that runs already in the file. @returns whether it was written */
  async put(document: Document, reading: Reading): Promise<boolean> {
    const { agreement } = this.#options
    const { unwritten, written } = await this.#written(async () => {
      const wrote = await this.#write(reading, document, [currentOrigin()], '')
      agreement.begin(document.snapshot)
      return wrote
    })
    this.#doneAt = -1
    return this.#end({ ...NOTHING, refused: undefined, unwritten, written }).written
  }

  /** @throws BalancerError NOT_FOUND, CONFIG_BAD, FILE_UNREADABLE; what `permit` throws */
  async settle(paths: readonly string[], side: Side, permit: PermitUsers): Promise<SettledStep> {
    const { agreement, stored } = this.#options
    const { document: theirs, state, fault } = await stored.read()
    if (state === 'missing') throw missing(stored.file)
    if (state === 'broken') throw fault
    const { conflicts, reopen } = agreement.settle(theirs.snapshot, paths, side)
    try {
      if (side === 'file') permit(agreement.merge(theirs.snapshot).ours.users)
    } catch (error) {
      reopen()
      throw error
    }
    const ended = await this.run({})
    if (ended.refused !== undefined) {
      reopen()
      this.#doneAt = -1
      // Whatever else is agreed on by now stays so.
      await this.run({ timer: true })
    }
    return { ...ended, settled: conflicts }
  }

  /** Undefined where nothing happened since the last step that is worth a look. */
  async #once(asked: Asked): Promise<Stepped | undefined> {
    const { agreement, stored, balancer } = this.#options
    const reading = await stored.read().catch((error: unknown) => ({ error }))
    if ('error' in reading) return this.#stuck(reading.error)
    const { document: theirs, state, fault } = reading
    if (this.#isQuiet(reading, asked)) return undefined
    if (state === 'broken' && asked.force !== true) return this.#stuck(fault)
    const merged = loads(reading) ? agreement.merge(theirs.snapshot) : undefined
    const { applied, refused } = await this.#takeOverFrom(merged, asked)
    stored.take(reading)
    // What is changed from here on is for the next step.
    const { changeNumber } = balancer
    const running = balancer.snapshot()
    if (state === 'missing' && asked.timer === true && sameSnapshot(running, theirs.snapshot))
      return this.#stuck(missing(stored.file))
    const wanted = this.#wantedInFile(reading, running, asked.force === true ? undefined : merged)
    const { unwritten, written } = await this.#edit(reading, running, wanted, asked)
    // What was taken over is agreed on also where nothing could be written.
    if (loads(reading) && unwritten !== undefined) agreement.agree(theirs.snapshot, running)
    const isOver = unwritten === undefined && !isOfAudit(refused)
    this.#doneAt = isOver ? changeNumber : -1
    const over = asked.force === true && unwritten === undefined
    return {
      edited: state === 'edited',
      applied,
      written,
      refused: over ? undefined : refused,
      unwritten,
    }
  }

  #isQuiet({ state }: Reading, { timer = false }: Asked): boolean {
    return timer && state === 'known' && this.#doneAt === this.#options.balancer.changeNumber
  }

  #takeOverFrom(merged: Merged | undefined, { timer = false }: Asked): Promise<Taken> | Taken {
    if (merged === undefined) return { applied: [], refused: undefined }
    return this.#takeOver.run(merged.ours, !timer)
  }

  /** @param merged undefined where the file is to say what runs, whatever it says */
  #wantedInFile(
    { document: { snapshot: theirs } }: Reading,
    running: BalancerSnapshot,
    merged: Merged | undefined,
  ): BalancerSnapshot {
    const { agreement } = this.#options
    if (merged === undefined) return running
    // Merged once where it can be: what came and what went meanwhile could pass for something that was renamed.
    if (sameSnapshot(merged.ours, running)) return merged.theirs
    agreement.agree(theirs, running)
    return agreement.merge(theirs, running).theirs
  }

  #edit(
    reading: Reading,
    running: BalancerSnapshot,
    wanted: BalancerSnapshot,
    { force = false, comment = '' }: Asked,
  ) {
    const { agreement, stored } = this.#options
    const { document: theirs, state } = reading
    return this.#written(async () => {
      if (force && state === 'edited') await stored.keepRevision([], REPLACED)
      const document = await stored.editInTurns(theirs, wanted)
      const origins = agreement.authorsOf(diffSnapshots(theirs.snapshot, document.snapshot))
      const written = await this.#write(reading, document, origins, comment)
      agreement.agree(document.snapshot, running)
      return written
    })
  }

  async #write(
    reading: Reading,
    document: Document,
    origins: readonly Origin[],
    comment: string,
  ): Promise<boolean> {
    const { stored } = this.#options
    const written = await stored.write(document, reading)
    if (written || reading.state === 'edited') await stored.keepRevision(origins, comment)
    return written
  }

  async #written(write: () => Promise<boolean>): Promise<Pick<Stepped, 'unwritten' | 'written'>> {
    try {
      return { written: await write(), unwritten: undefined }
    } catch (unwritten) {
      return { written: false, unwritten }
    }
  }

  /** Nothing can be done in either direction. */
  #stuck(refused: unknown): Stepped {
    this.#doneAt = -1
    return { ...NOTHING, refused, unwritten: undefined }
  }

  #end(stepped: Stepped): Ended {
    const { agreement, stored, state } = this.#options
    const { refused, unwritten } = stepped
    const theirs = stored.document?.snapshot
    const conflicts = theirs === undefined ? [] : agreement.conflicts(theirs)
    const trouble = state.note({ refused, unwritten, conflicts })
    this.#last = { ...stepped, conflicts: conflicts.length, trouble }
    return this.#last
  }
}

/** Does the file say anything? */
function loads({ state }: Reading): boolean {
  return state === 'known' || state === 'edited'
}
