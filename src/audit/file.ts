// The audit log in its file: a line is with the system before `note` returns, hung on the one before. Where that
// cannot be done it says so, refuses, and tries anew with every line. Who may do what meanwhile is not decided here.
import { closeSync, fstatSync, unlinkSync, writeSync } from 'node:fs'
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { linked, START } from './chain.ts'
import {
  type Head,
  HeadFile,
  isStillThere,
  type Opened,
  oldestOf,
  openToAppend,
  putAside,
  readHead,
  tailOf,
} from './files.ts'
import { type GoingOn, goingOn } from './going-on.ts'
import type { Audit, AuditFacts, AuditLine, AuditVerdict } from './line.ts'
import { RecentLines } from './recent.ts'
import { verifyAudit } from './verify.ts'

export interface FileAuditOptions {
  /** Its folder also gets the earlier files and `audit.head`. */
  readonly file: string
  readonly log: Log
  /** Milliseconds since 1970; `Date.now` unless a test owns the clock. */
  readonly now?: () => number
  /** Default: those of the house. */
  readonly fileBytesMax?: number
  readonly filesKept?: number
}

/** The file that is being written. */
interface OpenFile extends Opened {
  /** Number of its first line. */
  readonly first: number
  size: number
}

/** What could not be written. */
interface Missed {
  readonly since: number
  readonly reason: string
  count: number
}

export class FileAudit implements Audit {
  readonly file: string
  readonly #log: Log
  readonly #now: () => number
  readonly #fileBytesMax: number
  readonly #filesKept: number
  readonly #recent = new RecentLines()
  readonly #headFile: HeadFile
  #open: OpenFile | undefined
  /** The last line that this process wrote, or that the one before said it wrote. */
  #head: Head | undefined
  #headIsRead = false
  #missed: Missed | undefined

  constructor({
    file,
    log,
    now = Date.now,
    fileBytesMax = LIMITS.auditFileBytesMax,
    filesKept = LIMITS.auditFilesKept,
  }: FileAuditOptions) {
    this.file = file
    this.#headFile = new HeadFile(file)
    this.#log = log
    this.#now = now
    this.#fileBytesMax = fileBytesMax
    this.#filesKept = filesKept
  }

  get unwritable(): string | undefined {
    return this.#missed?.reason
  }

  note(facts: AuditFacts): void {
    try {
      this.#makeReady()
      this.#write(facts)
    } catch (error) {
      throw this.#fail(error)
    }
  }

  lines(): readonly AuditLine[] {
    return this.#recent.list
  }

  follow(tell: (line: AuditLine) => void): () => void {
    return this.#recent.follow(tell)
  }

  verify(): Promise<AuditVerdict> {
    // What this process knows counts for more than a file that anybody may have written.
    if (!this.#headIsRead) return verifyAudit(this.file)
    return verifyAudit(this.file, { now: () => this.#head, ahead: 0 })
  }

  /** Let go of the file; the next line opens it, or another one of its name. */
  close(): void {
    const open = this.#open
    this.#open = undefined
    this.#headFile.close()
    if (open !== undefined) closeSync(open.fd)
  }

  #makeReady(): void {
    if (this.#open !== undefined && !isStillThere(this.file, this.#open)) this.close()
    if (this.#open !== undefined && this.#open.size >= this.#fileBytesMax) this.#beginNext()
    this.#open ??= this.#openFile()
    this.#tellMissed()
  }

  #beginNext(): void {
    const { first = 0 } = this.#open ?? {}
    this.close()
    putAside(this.file, first)
    this.#removeOldest()
  }

  // What somebody else removed must go on showing. The head is first: after a crash in between there are files too
  // many, which is no fault.
  #removeOldest(): void {
    const oldest = oldestOf(this.file, this.#filesKept)
    if (oldest === undefined || this.#head === undefined) return
    this.#head = { ...this.#head, first: oldest.firstLeft }
    this.#headFile.write(this.#head)
    for (const file of oldest.files) unlinkSync(file)
  }

  #openFile(): OpenFile {
    if (!this.#headIsRead) this.#head = readHead(this.file)
    this.#headIsRead = true
    const before = this.#head
    const fd = openToAppend(this.file)
    try {
      return this.#goOn(fd)
    } catch (error) {
      // What was found has not been told yet, so it is looked at again.
      this.#head = before
      closeSync(fd)
      throw error
    }
  }

  #goOn(fd: number): OpenFile {
    const { dev, ino } = fstatSync(fd)
    const tail = tailOf(fd)
    const going = goingOn(this.file, tail, this.#head)
    if (this.#recent.list.length === 0) this.#recent.fill(going.lines)
    this.#head = going.from
    const first = tail.size === 0 ? going.from.number + 1 : tail.first
    const open: OpenFile = { fd, dev, ino, first, size: tail.size }
    this.#say(open, going)
    return open
  }

  // Nothing is said of a file that goes on as it should.
  #say(open: OpenFile, { facts, lineEnd }: GoingOn): void {
    if (facts !== undefined) this.#write(facts, open, lineEnd)
    if (facts?.event === 'broken') this.#log.error('audit log broken', { reason: facts.reason })
  }

  #write(facts: AuditFacts, open = this.#open, lineEnd = ''): void {
    if (open === undefined) return
    const { line, text } = linked(this.#head ?? START, facts, this.#now())
    const bytes = Buffer.from(`${lineEnd}${text}\n`)
    const written = writeSync(open.fd, bytes)
    if (written < bytes.length) throw new Error(`only ${written} of ${bytes.length} bytes went in`)
    open.size += bytes.length
    this.#head = { number: line.number, hash: line.hash, first: this.#head?.first || line.number }
    this.#headFile.write(this.#head)
    this.#recent.add(line)
  }

  #tellMissed(): void {
    const missed = this.#missed
    if (missed === undefined) return
    const since = new Date(missed.since).toISOString()
    const reason = `${missed.count} events since ${since} could not be written: ${missed.reason}`
    this.#write({ event: 'recovered', reason })
    this.#missed = undefined
    this.#log.warn('audit log written again', { file: this.file, missed: missed.count })
  }

  // Opened anew for the next line, so that half a line that went in is found.
  #fail(error: unknown): BalancerError {
    this.close()
    const reason = messageOf(error)
    if (this.#missed?.reason !== reason)
      this.#log.error('audit log cannot be written', { file: this.file, reason })
    const { since = this.#now(), count = 0 } = this.#missed ?? {}
    this.#missed = { since, reason, count: count + 1 }
    const next = 'show commands still work; it is tried again with the next change'
    return new BalancerError('AUDIT_UNWRITABLE', `${this.file}: ${reason}; ${next}`, {
      cause: error,
    })
  }
}
