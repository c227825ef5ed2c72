// The files of the audit log: `audit.jsonl`, earlier ones with the number of their first line behind the name
// (`audit.jsonl-8312`), and `audit.head`, which says what was written last. Reads and writes them, and takes no line
// for right or wrong.
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Link } from './chain.ts'

/** The last line that was written, kept beside the lines, so that an end that was cut off shows. */
export interface Head extends Link {
  /** Number of the oldest line that is kept. */
  readonly first: number
}

export interface EarlierFile {
  readonly file: string
  /** Number of its first line. */
  readonly first: number
}

/** Bytes at the end of a file in which the last lines are looked for. */
const TAIL_BYTES = 2 * LIMITS.auditLineBytesMax
const LINE_FEED = 10
/** Bytes of `audit.head`, blanks included, and how often it is read until both halves say the same. */
const HEAD_BYTES = 320
const HEAD_LOOKS = 10

/** Append only, for this user only, neither through a symbolic link nor to a pipe that nobody reads. */
export function openToAppend(file: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  return openSync(file, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
}

/** Oldest first. */
export function earlierFiles(file: string): readonly EarlierFile[] {
  const [folder, prefix] = [dirname(file), `${basename(file)}-`]
  const found = readdirSync(folder).flatMap((name) => {
    const first = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    return /^\d{1,15}$/.test(first) ? [{ file: join(folder, name), first: Number(first) }] : []
  })
  return found.toSorted((a, b) => a.first - b.first)
}

/** Give a full file its other name. Never over another one that is there. */
export function putAside(file: string, first: number): void {
  const earlier = `${file}-${first}`
  // A crash in the middle of this leaves one file with both names.
  if (!isSameFile(file, earlier)) linkSync(file, earlier)
  unlinkSync(file)
}

function isSameFile(one: string, other: string): boolean {
  const found = statSync(other, { throwIfNoEntry: false })
  return found !== undefined && isStillThere(one, found)
}

/** Those beyond the number that is kept, and with which line the others begin; undefined where none are. */
export function oldestOf(
  file: string,
  kept: number,
): { readonly files: readonly string[]; readonly firstLeft: number } | undefined {
  const earlier = earlierFiles(file)
  const surplus = earlier.slice(0, -kept)
  const left = earlier[surplus.length]
  if (surplus.length === 0 || left === undefined) return undefined
  return { files: surplus.map(({ file: path }) => path), firstLeft: left.first }
}

function headFileOf(file: string): string {
  return join(dirname(file), 'audit.head')
}

/** Undefined where there is none, or one that says nothing. */
export function readHead(file: string): Head | undefined {
  try {
    // Read while it was written, its two halves may differ; the next look finds them alike.
    for (let look = 0; look < HEAD_LOOKS; look++) {
      const [first = '', second] = readFileSync(headFileOf(file), 'utf8').split('\n')
      if (first === second) return headIn(first)
    }
    return undefined
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** @throws SyntaxError */
function headIn(text: string): Head | undefined {
  const { number = 0, hash = '', first = 0 } = (JSON.parse(text) ?? {}) as Partial<Head>
  const valid = [number, first].every((each) => Number.isSafeInteger(each) && each > 0)
  return valid && /^[0-9a-f]{64}$/.test(hash) ? { number, hash, first } : undefined
}

/** What tells a file from another one of the same name. */
interface Identity {
  readonly dev: number
  readonly ino: number
}

export interface Opened extends Identity {
  readonly fd: number
}

/** Moved away or removed, it would take what nobody finds. */
export function isStillThere(file: string, { dev, ino }: Identity): boolean {
  const found = statSync(file, { throwIfNoEntry: false })
  return found !== undefined && found.dev === dev && found.ino === ino
}

/** `audit.head`, written over in place: to replace it for each line would cost thirty times as much. */
export class HeadFile {
  readonly #path: string
  #opened: Opened | undefined

  constructor(file: string) {
    this.#path = headFileOf(file)
  }

  write({ number, hash, first }: Head): void {
    if (this.#opened !== undefined && !isStillThere(this.#path, this.#opened)) this.close()
    this.#opened ??= openHead(this.#path)
    const text = JSON.stringify({ number, hash, first })
    // Twice, so that whoever reads meanwhile sees that it is whole; always as long, so that a full disk has room.
    writeSync(this.#opened.fd, `${text}\n${text}\n`.padEnd(HEAD_BYTES), 0)
  }

  close(): void {
    const opened = this.#opened
    this.#opened = undefined
    if (opened !== undefined) closeSync(opened.fd)
  }
}

function openHead(path: string): Opened {
  const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants
  const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600)
  const { dev, ino } = fstatSync(fd)
  return { fd, dev, ino }
}

export interface Tail {
  readonly size: number
  /** Number of the first line of the file; 0 where it cannot be read. */
  readonly first: number
  /** The last whole lines, oldest first. */
  readonly lines: readonly string[]
  /** What stands behind the last line end. */
  readonly torn: Buffer
}

export function tailOf(fd: number): Tail {
  const { size } = fstatSync(fd)
  const from = Math.max(0, size - TAIL_BYTES)
  const bytes = bytesOf(fd, from, size - from)
  const end = bytes.lastIndexOf(LINE_FEED) + 1
  const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1)
  // Where the middle of a line was the first that was read, it is none.
  const whole = from === 0 ? lines : lines.slice(1)
  const first = /^\{"number":(\d{1,15}),/.exec(bytesOf(fd, 0, 64).toString('latin1'))?.[1]
  return { size, first: Number(first ?? 0), lines: whole, torn: bytes.subarray(end) }
}

function bytesOf(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const got = readSync(fd, bytes, read, length - read, from + read)
    if (got === 0) break
    read += got
  }
  return bytes.subarray(0, read)
}
