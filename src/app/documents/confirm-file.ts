// What waits to be confirmed, on disk beside the configuration file, so that its deadline survives the process. Only
// remembers: who reads it decides what is still to be done.
import { rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { nextAfter, readRegular, syncFolder, writeFlushed } from '../../config/keep/disk.ts'
import { requireDocumentInTurns } from '../../config/read/read.ts'
import { sameSnapshot } from '../../config/compare/same.ts'
import { formatDocumentInTurns } from '../../config/write/write.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import type { ServiceBefore } from './traffic-rule.ts'

/** A commit that has to be confirmed. */
export interface KeptCommit {
  readonly operator: string
  /** Who made it: `ssh:alice`. */
  readonly origin: string
  readonly comment: string
  /** When it was made, and when it is undone, in milliseconds since 1970. */
  readonly time: number
  readonly confirmBefore: number
  readonly watchTraffic: boolean
  /** What ran right before and right after it. */
  readonly before: BalancerSnapshot
  readonly after: BalancerSnapshot
  /** How traffic was before it, of the services that it changed. */
  readonly traffic: readonly ServiceBefore[]
}

/** Of what is in the file; another number was written by another version. */
const FORMAT = 1

/** Documents, because they say the same to any version that reads them. */
type Texts = Readonly<Record<'before' | 'after', string>>
type InFile = Omit<KeptCommit, 'before' | 'after'> & Texts & { readonly format: typeof FORMAT }

export class ConfirmFile {
  readonly file: string
  /** Texts that were made, to be used again: it costs a walk over the whole document. */
  #made: readonly (readonly [snapshot: BalancerSnapshot, text: string])[] = []

  /** @param config path of the configuration file */
  constructor(config: string) {
    this.file = join(dirname(config), 'confirm.json')
  }

  /**
   * What was written last; undefined where there is none.
   *
   * @throws BalancerError FILE_UNREADABLE also where it holds anything else than was written
   */
  async read(): Promise<KeptCommit | undefined> {
    try {
      const bytesMax = LIMITS.confirmFileBytesMax
      const bytes = await readRegular(this.file, { bytesMax, links: false })
      return await keptOf(JSON.parse(bytes.toString()))
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined
      const next = 'what it remembers is not undone; look at it, then remove it'
      const detail = `${this.file}: ${messageOf(error)}; ${next}`
      throw new BalancerError('FILE_UNREADABLE', detail, { cause: error })
    }
  }

  /** Durably, in place of what was there. @throws BalancerError FILE_UNWRITABLE */
  async write(kept: KeptCommit): Promise<void> {
    const before = await this.#textOf(kept.before)
    const after = await this.#textOf(kept.after)
    this.#made = [
      [kept.before, before],
      [kept.after, after],
    ]
    const inFile: InFile = { format: FORMAT, ...kept, before, after }
    const temporary = join(dirname(this.file), `.${basename(this.file)}.tmp`)
    try {
      await writeFlushed(temporary, `${JSON.stringify(inFile)}\n`)
      await rename(temporary, this.file)
      await syncFolder(dirname(this.file))
    } catch (error) {
      // What is told is why it failed, not that its remains cannot be taken away either.
      await unlink(temporary).catch(() => {})
      throw this.#unwritable('cannot be written', error)
    }
  }

  /** Durably. @throws BalancerError FILE_UNWRITABLE where it is still there */
  async remove(): Promise<void> {
    this.#made = []
    try {
      await unlink(this.file)
      await syncFolder(dirname(this.file))
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return
      throw this.#unwritable('cannot be removed', error)
    }
  }

  #unwritable(what: string, cause: unknown): BalancerError {
    const detail = `${this.file} ${what}: ${messageOf(cause)}; ${nextAfter(cause)}`
    return new BalancerError('FILE_UNWRITABLE', detail, { cause })
  }

  async #textOf(snapshot: BalancerSnapshot): Promise<string> {
    const made = this.#made.find(([each]) => each === snapshot || sameSnapshot(each, snapshot))
    return made?.[1] ?? (await formatDocumentInTurns(snapshot, this.file)).text
  }
}

/** @throws Error that says what is wrong; BalancerError CONFIG_BAD */
async function keptOf(value: unknown): Promise<KeptCommit> {
  if (!isInFile(value)) throw new Error('it is not what this version of Sluice writes')
  const { format: _, ...facts } = value
  const before = await snapshotOf(value, 'before')
  const after = await snapshotOf(value, 'after')
  return { ...facts, before, after }
}

async function snapshotOf(texts: Texts, name: keyof Texts): Promise<BalancerSnapshot> {
  return (await requireDocumentInTurns(texts[name], `document "${name}"`)).snapshot
}

const TYPES = {
  operator: 'string',
  origin: 'string',
  comment: 'string',
  time: 'number',
  confirmBefore: 'number',
  watchTraffic: 'boolean',
  before: 'string',
  after: 'string',
} as const

function isInFile(value: unknown): value is InFile {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Readonly<Record<string, unknown>>
  const isTyped = Object.entries(TYPES).every(([name, type]) => typeof fields[name] === type)
  const traffic = fields['traffic']
  return fields['format'] === FORMAT && isTyped && Array.isArray(traffic) && traffic.every(isBefore)
}

function isBefore(value: unknown): value is ServiceBefore {
  if (typeof value !== 'object' || value === null) return false
  const { service, ...figures } = value as Readonly<Record<string, unknown>>
  const names = ['came', 'failed', 'downMost', 'left']
  return typeof service === 'string' && names.every((name) => Number.isFinite(figures[name]))
}
