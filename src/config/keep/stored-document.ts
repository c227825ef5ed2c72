// The configuration file as a document: what it says, whether somebody else edited it, and what it is to say from now
// on, with a revision for each text that it had. Everything that reads a document from the file or writes one passes
// here. What runs is not known here.
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { factsOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import type { Origin } from '../../base/origin.ts'
import { sharing } from '../../base/share.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { sameSnapshot } from '../compare/same.ts'
import { type Document, requireDocumentInTurns } from '../read/read.ts'
import {
  formatDocument,
  formatDocumentInTurns,
  writeDocument,
  writeDocumentInTurns,
} from '../write/write.ts'
import { ConfigFile } from './file.ts'
import { NewestRevision } from './newest-revision.ts'
import { Revisions } from './revisions.ts'
import { missing, readOnly } from './sync-faults.ts'

/** The file as it was found. */
export interface Reading {
  /** Its bytes; undefined where there is no file. */
  readonly stored: Buffer | undefined
  /** What it says. Where it says nothing, what it said last. */
  readonly document: Document
  /** `edited`: by somebody else, and it loads. `broken`: it does not load. */
  readonly state: 'known' | 'edited' | 'missing' | 'broken'
  /** Why a broken one does not load. */
  readonly fault?: unknown
}

/** What a document would be if it said what is wanted. Neither ever changes; another document, or other wishes, are others. */
interface Unwritten {
  readonly document: Document
  readonly wanted: BalancerSnapshot
  readonly edited: Document
}

export interface StoredDocumentOptions {
  readonly file: string
  readonly log: Log
  /** Asked before each save. */
  readonly mayWrite: () => boolean
}

export class StoredDocument {
  readonly revisions: Revisions
  readonly #newest: NewestRevision
  readonly #disk: ConfigFile
  readonly #log: Log
  readonly #mayWrite: () => boolean
  #document: Document | undefined
  /** The last text that would say something else: pages ask for it again and again while nothing changes. */
  #unwritten: Unwritten | undefined
  /** An edited text that does not load, which need not be read again to know that. */
  #broken: { readonly stored: Buffer; readonly fault: unknown } | undefined
  /** Edits by somebody else since the last revision. */
  #edited = false

  constructor({ file, log, mayWrite }: StoredDocumentOptions) {
    this.#disk = new ConfigFile(file)
    this.#log = log
    this.#mayWrite = mayWrite
    this.revisions = new Revisions(join(dirname(file), 'revisions'))
    this.#newest = new NewestRevision(this.revisions)
  }

  get file(): string {
    return this.#disk.file
  }

  /** As it was last read or written; undefined before the start. */
  get document(): Document | undefined {
    return this.#document
  }

  /** Number of the newest revision; 0 where none is kept. */
  get lastRevision(): number {
    return this.#newest.number
  }

  /** @throws BalancerError FILE_UNREADABLE, CONFIG_BAD with every fault */
  async readFirst(): Promise<Document> {
    const stored = await this.#disk.read()
    if (stored === undefined) throw missing(this.file)
    return requireDocumentInTurns(stored, this.file)
  }

  /** @throws BalancerError FILE_UNREADABLE; before the start */
  async read(): Promise<Reading> {
    const stored = await this.#readWhole()
    const document = this.#document
    if (document === undefined) throw missing(this.file)
    if (stored === undefined) return { stored, document, state: 'missing' }
    if (isSame(stored, document)) return { stored, document, state: 'known' }
    if (this.#broken?.stored.equals(stored) === true)
      return { stored, document, state: 'broken', fault: this.#broken.fault }
    try {
      const edited = await requireDocumentInTurns(stored, this.file)
      const snapshot = sharing(edited.snapshot, document.snapshot)
      return { stored, document: { ...edited, snapshot }, state: 'edited' }
    } catch (fault) {
      this.#broken = { stored, fault }
      return { stored, document, state: 'broken', fault }
    }
  }

  /** From now on this is the document, as somebody else wrote it or as it was at the start. */
  take({ document, state }: Pick<Reading, 'document' | 'state'>): void {
    this.#document = document
    this.#unwritten = undefined
    this.#edited ||= state === 'edited'
  }

  /** The text that would say `wanted`, made of the document by the smallest edits. @throws BalancerError INTERNAL */
  edit(document: Document | undefined, wanted: BalancerSnapshot): Document {
    if (document === undefined) return formatDocument(wanted, this.file)
    if (sameSnapshot(document.snapshot, wanted)) return document
    const known = this.#unwritten
    if (known?.document === document && known.wanted === wanted) return known.edited
    const edited = writeDocument(document, wanted)
    this.#unwritten = { document, wanted, edited }
    return edited
  }

  /** The same, while traffic goes on. @throws BalancerError INTERNAL */
  async editInTurns(document: Document | undefined, wanted: BalancerSnapshot): Promise<Document> {
    if (document === undefined) return formatDocumentInTurns(wanted, this.file)
    const isSaid = sameSnapshot(document.snapshot, wanted)
    return isSaid ? document : writeDocumentInTurns(document, wanted)
  }

  /**
   * Put a document in the file, where another one was found; when this resolves it is on the disk.
   *
   * @returns false where the file had this text already
   * @throws BalancerError FILE_UNWRITABLE, also where it is never written; CONFIG_CONFLICT where it was edited since
   */
  async write(document: Document, { stored, state }: Reading): Promise<boolean> {
    const isThere = stored !== undefined && isSame(stored, document)
    if (!isThere) {
      if (!this.#mayWrite()) throw readOnly(this.file)
      if (state === 'broken') await this.#keepBroken()
      await this.#disk.write(document.text, stored)
      this.#log.info('config saved', { file: this.file })
    }
    this.#document = document
    this.#unwritten = undefined
    this.#broken = undefined
    return !isThere
  }

  /** Keep the document as a revision, if its text is new and it can be: a save does not fail for that. */
  async keepRevision(origins: readonly Origin[], comment: string): Promise<void> {
    if (this.#document === undefined || !this.#mayWrite()) return
    const all = [...new Set([...(this.#edited ? ['file'] : []), ...origins])]
    try {
      await this.#newest.keep(this.#document, { origins: all, comment })
      this.#edited = false
    } catch (error) {
      this.#log.error('revision not kept', { file: this.file, ...factsOf(error) })
    }
  }

  // Whoever writes it in place empties it first, and has it whole again a moment later.
  async #readWhole(): Promise<Buffer | undefined> {
    const stored = await this.#disk.read()
    if (stored === undefined || stored.length > 0) return stored
    await pause(LIMITS.configEmptyMs)
    return this.#disk.read()
  }

  // Somebody typed it, and only forgot a quote perhaps.
  async #keepBroken(): Promise<void> {
    const kept = `${this.file}-replaced`
    await copyFile(this.file, kept)
    this.#log.warn('config replaced', { file: this.file, kept })
  }
}

function isSame(stored: Buffer, { text }: Document): boolean {
  return stored.equals(Buffer.from(text))
}
