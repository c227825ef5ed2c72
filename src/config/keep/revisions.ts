// Every document that was saved or taken over, numbered, in a folder beside the file: `N.xml` is its text, `N.json` what
// is known of it. A revision is there once its text has its name; what a crash leaves before that is taken away with the
// next one. The list is read once and then kept in memory, texts are on the disk alone. The oldest are forgotten first,
// by count and by total size.
import { lstat, mkdir, readdir, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import {
  ignoreMissing,
  nextAfter,
  readRegular,
  syncFolder,
  writeNew,
  writeFlushed,
} from './disk.ts'
import { formatFacts, parseFacts, type RevisionFacts } from './revision-facts.ts'

export interface Revision extends RevisionFacts {
  /** Counts up from 1 and is never given twice. */
  readonly number: number
  /** Of the text, in bytes. */
  readonly size: number
}

export type NewRevision = Omit<RevisionFacts, 'time'> & { readonly text: string }

/** Twelve digits: numbers that count on safely for longer than anybody saves. */
const NUMBER_MAX = 999_999_999_999
const NAME = /^([1-9]\d{0,11})\.(xml|json)$/
/** What was being written when a process ended. */
const HALF = /^\.(last|[1-9]\d{0,11}\.xml)\.tmp$/
/** Holds the highest number that was given, which counts also where that revision is gone. */
const LAST = 'last'
const HALF_LAST = `.${LAST}.tmp`
/** Of a revision whose facts cannot be read. */
const UNKNOWN = { origins: ['?'], comment: '', changes: undefined } as const
/** Files of half and forgotten revisions that are taken away with one new one. */
const CLEANED_AT_ONCE = 4 * LIMITS.revisionsKept

export class Revisions {
  readonly #folder: string
  /** Newest first. */
  #list: readonly Revision[] = []
  #highest = 0
  #leftovers: string[] = []
  #read: Promise<void> | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Keep one. When this resolves it is on the disk.
   *
   * @returns its number
   * @throws BalancerError FILE_UNWRITABLE; then there is none
   */
  async add({ text, ...said }: NewRevision): Promise<number> {
    try {
      await this.#known()
      await this.#makeFolder()
      await this.#cleanUp()
      const number = this.#nextNumber()
      const json = formatFacts({ time: Date.now(), ...said })
      await this.#keep(number, text, json)
      const facts = parseFacts(json) ?? { time: Date.now(), ...UNKNOWN }
      this.#list = [{ number, ...facts, size: Buffer.byteLength(text) }, ...this.#list]
      await this.#forgetOldest()
      return number
    } catch (error) {
      throw error instanceof BalancerError ? error : this.#unkeepable(error)
    }
  }

  /** Newest first. @throws BalancerError FILE_UNREADABLE */
  async list(): Promise<readonly Revision[]> {
    await this.#known()
    return this.#list
  }

  /** @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  async get(number: number): Promise<Revision> {
    const list = await this.list()
    const found = list.find((each) => each.number === number)
    if (found === undefined) throw notThere(number, list)
    return found
  }

  /** @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  async text(number: number): Promise<string> {
    await this.get(number)
    const file = this.#path(`${number}.xml`)
    try {
      return (await readRegular(file, { bytesMax: LIMITS.configBytesMax, links: false })).toString()
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') {
        this.#list = this.#list.filter((each) => each.number !== number)
        throw notThere(number, this.#list)
      }
      throw error instanceof BalancerError ? error : unreadable(file, error)
    }
  }

  // Whoever makes the facts has the number: two processes may be given one folder by mistake.
  async #keep(number: number, text: string, json: string): Promise<void> {
    try {
      await writeNew(this.#path(`${number}.json`), json)
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') this.#read = undefined
      throw error
    }
    this.#highest = number
    try {
      await this.#name(number, text)
    } catch (error) {
      this.#leave(number, halfOf(number), HALF_LAST)
      throw error
    }
  }

  // The name of the text comes last and makes it a revision.
  async #name(number: number, text: string): Promise<void> {
    const [half, last] = [this.#path(halfOf(number)), this.#path(HALF_LAST)]
    await allOf([writeFlushed(half, text), writeFlushed(last, `${number}\n`)])
    await rename(last, this.#path(LAST))
    await rename(half, this.#path(`${number}.xml`))
    await syncFolder(this.#folder)
  }

  async #makeFolder(): Promise<void> {
    try {
      await mkdir(this.#folder, { mode: 0o700 })
      await syncFolder(dirname(this.#folder))
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error
    }
  }

  #nextNumber(): number {
    if (this.#highest < NUMBER_MAX) return this.#highest + 1
    const next = 'take the file with that number away and start again'
    throw new BalancerError(
      'FILE_UNWRITABLE',
      `${this.#folder}: no number is left after ${this.#highest}; ${next}`,
    )
  }

  async #forgetOldest(): Promise<void> {
    let bytes = 0
    const kept = this.#list.filter(({ size }, index) => {
      bytes += size
      return index === 0 || (index < LIMITS.revisionsKept && bytes <= LIMITS.revisionsBytesMax)
    })
    for (const { number } of this.#list.slice(kept.length)) this.#leave(number)
    this.#list = kept
    await this.#cleanUp()
  }

  /** To be taken away: the text first, because facts alone are no revision. */
  #leave(number: number, ...others: readonly string[]): void {
    this.#leftovers.push(`${number}.xml`, `${number}.json`, ...others)
  }

  // What cannot be taken away is in nobody's way, and is tried again after the next start.
  async #cleanUp(): Promise<void> {
    for (const name of this.#leftovers.splice(0, CLEANED_AT_ONCE)) {
      await unlink(this.#path(name)).catch(() => {})
    }
  }

  /** Read once; what fails is tried again. @throws BalancerError FILE_UNREADABLE */
  async #known(): Promise<void> {
    this.#read ??= this.#readFolder()
    try {
      await this.#read
    } catch (error) {
      this.#read = undefined
      throw unreadable(this.#folder, error)
    }
  }

  async #readFolder(): Promise<void> {
    const names = (await readdir(this.#folder).catch(ignoreMissing)) ?? []
    const numbersOf = (kind: string) =>
      names.flatMap((name) => {
        const [, digits, found] = NAME.exec(name) ?? []
        return found === kind ? Number(digits) : []
      })
    const texts = numbersOf('xml').toSorted((a, b) => b - a)
    const facts = numbersOf('json')
    const newest = texts.slice(0, LIMITS.revisionsKept)
    const found = await Promise.all(newest.map((number) => this.#look(number)))
    const given = await this.#lastGiven()
    this.#list = found.filter((each) => each !== undefined)
    const known = Math.max(this.#highest, given, ...newest)
    this.#highest = facts.reduce((most, each) => Math.max(most, each), known)
    const whole = new Set(texts)
    const halves = facts.filter((number) => !whole.has(number)).map((number) => `${number}.json`)
    this.#leftovers = [...names.filter((name) => HALF.test(name)), ...halves]
    for (const number of texts.slice(newest.length)) this.#leave(number)
  }

  /** Undefined for what has the name of a revision and is none: a folder, a link, something huge. */
  async #look(number: number): Promise<Revision | undefined> {
    const file = await lstat(this.#path(`${number}.xml`)).catch(ignoreMissing)
    if (file === undefined || !file.isFile() || file.size > LIMITS.configBytesMax) return undefined
    const json = await this.#small(`${number}.json`, LIMITS.revisionFactsBytesMax)
    const facts = parseFacts(json) ?? { time: Math.floor(file.mtimeMs), ...UNKNOWN }
    return { number, ...facts, size: file.size }
  }

  async #lastGiven(): Promise<number> {
    const text = await this.#small(LAST, 32)
    return /^\d{1,12}\n?$/.test(text) ? Number(text) : 0
  }

  /** '' for whatever cannot be read: it only says more of what is there without it. */
  async #small(name: string, bytesMax: number): Promise<string> {
    try {
      return (await readRegular(this.#path(name), { bytesMax, links: false })).toString()
    } catch {
      return ''
    }
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }

  #unkeepable(cause: unknown): BalancerError {
    const detail = `${this.#folder}: ${messageOf(cause)}; ${nextAfter(cause)}`
    return new BalancerError('FILE_UNWRITABLE', detail, { cause })
  }
}

function halfOf(number: number): string {
  return `.${number}.xml.tmp`
}

/** All are over when this is, also where one fails. @throws what the first one threw */
async function allOf(parts: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(parts)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

function notThere(number: number, list: readonly Revision[]): BalancerError {
  const [newest, oldest] = [list[0]?.number, list.at(-1)?.number]
  const known = newest === undefined ? 'none is kept' : `there are ${oldest} to ${newest}`
  return new BalancerError('NOT_FOUND', `no revision ${number}; ${known}, see: history`)
}

function unreadable(place: string, cause: unknown): BalancerError {
  const detail = `${place}: ${messageOf(cause)}; ${nextAfter(cause)}`
  return new BalancerError('FILE_UNREADABLE', detail, { cause })
}
