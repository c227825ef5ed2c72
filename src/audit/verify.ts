// `audit verify`: reads the files from the oldest line to the newest, computes the chain anew and holds its end
// against the head. Reads in pieces, so that a running process goes on meanwhile; writes nothing.
import { open, type FileHandle } from 'node:fs/promises'
import { messageOf, systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { sha256 } from './bounded.ts'
import { Checker } from './checker.ts'
import { earlierFiles, type Head, readHead } from './files.ts'
import type { AuditVerdict } from './line.ts'

/** Of a process that runs or has crashed the last line may be written, and the head not yet. */
const AHEAD_OF_FILE = 1

/** What was written last, for whoever knows it better than the file beside the lines. */
export interface KnownHead {
  /** Asked for at the beginning and at the end. */
  readonly now: () => Head | undefined
  /** Lines that may stand behind it. */
  readonly ahead: number
}

export async function verifyAudit(
  file: string,
  { now: headNow, ahead }: KnownHead = { now: () => readHead(file), ahead: AHEAD_OF_FILE },
): Promise<AuditVerdict> {
  const before = headNow()
  const files = await openAll(file)
  const checker = new Checker(before)
  try {
    for (const { path, handle } of files) await checkFile(path, handle, checker)
  } catch (error) {
    checker.fault(`${file}: cannot be read: ${messageOf(error)}`)
  } finally {
    for (const { handle } of files) await handle.close()
  }
  checker.end(file, headNow(), ahead)
  return { ...checker.verdict(), files: files.map(({ path }) => path) }
}

interface OpenedFile {
  readonly path: string
  readonly handle: FileHandle
}

// The newest first: one that is put aside meanwhile is then found under both names, and read once.
async function openAll(file: string): Promise<readonly OpenedFile[]> {
  const newest = await openOne(file)
  const inode = (await newest?.handle.stat())?.ino
  const all: OpenedFile[] = []
  for (const { file: path } of earlierOf(file)) {
    const earlier = await openOne(path)
    if (earlier === undefined) continue
    if ((await earlier.handle.stat()).ino === inode) await earlier.handle.close()
    else all.push(earlier)
  }
  return newest === undefined ? all : [...all, newest]
}

function earlierOf(file: string) {
  try {
    return earlierFiles(file)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function openOne(path: string): Promise<OpenedFile | undefined> {
  try {
    return { path, handle: await open(path) }
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function checkFile(path: string, handle: FileHandle, checker: Checker): Promise<void> {
  let number = 0
  for await (const bytes of linesOf(handle)) {
    number += 1
    const text = bytes.toString('utf8')
    checker.take({ text, where: `${path}:${number}`, sha256: () => sha256(bytes) })
  }
}

const LINE_FEED = 10

// Of a line that is too long the first part is enough to say so.
async function* linesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of handle.createReadStream({
    autoClose: false,
  }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      yield bytes.subarray(from, at)
      from = at + 1
    }
    rest = bytes.subarray(from)
    if (rest.length <= LIMITS.auditLineBytesMax) continue
    yield rest
    rest = Buffer.alloc(0)
  }
  if (rest.length > 0) yield rest
}
