// The configuration file on disk. A save is atomic: a temporary file in the same directory, flushed, then
// renamed; whoever reads sees the old text or the new one. What the text means is nobody's business here.
import { constants, renameSync, type Stats, statSync } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { ignoreMissing, nextAfter, OWNER_ONLY, syncFolder, writeFlushed } from './disk.ts'

const PERMISSIONS = 0o7777
const ANYBODY_WRITES = 0o222

export class ConfigFile {
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  /**
   * The bytes of the file; undefined where there is no file.
   *
   * @param pipes is one read to its end, too? Whoever does has to wait for who writes to it. Default: no
   * @throws BalancerError FILE_UNREADABLE
   */
  async read({ pipes = false } = {}): Promise<Buffer | undefined> {
    try {
      return await this.#readStart(pipes)
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined
      throw error instanceof BalancerError ? error : unreadable(this.file, error)
    }
  }

  /**
   * Put `text` in place of `expected`, which is what the caller believes to be there (undefined: no file).
   *
   * @throws BalancerError FILE_UNWRITABLE; CONFIG_CONFLICT where something else is there
   */
  async write(text: string, expected: Uint8Array | string | undefined): Promise<void> {
    try {
      const file = await endOfLinks(this.file)
      const before = await stat(file).catch(ignoreMissing)
      if (before !== undefined) await requireWritable(file, before)
      // Always the same name, so that one left behind by a crash is not kept for ever.
      const temporary = join(dirname(file), `.${basename(file)}.tmp`)
      await writeFlushed(temporary, text, (handle) => keepOwnerAndMode(handle, before))
      await this.#swap(file, temporary, expected)
    } catch (error) {
      throw error instanceof BalancerError ? error : unwritable(this.file, error)
    }
  }

  async #readStart(pipes: boolean): Promise<Buffer> {
    const { O_RDONLY, O_NONBLOCK } = constants
    const handle = await open(this.file, O_RDONLY | (pipes ? 0 : O_NONBLOCK))
    try {
      return await readStart(handle, this.file, pipes)
    } finally {
      await handle.close()
    }
  }

  async #swap(
    file: string,
    temporary: string,
    expected: Uint8Array | string | undefined,
  ): Promise<void> {
    try {
      const looked = await stat(file).catch(ignoreMissing)
      if (!sameBytes(await this.read(), expected)) throw changedMeanwhile(this.file)
      // At once, and nothing in between: what somebody else puts there between the two is lost.
      if (!isUntouched(looked, statSync(file, { throwIfNoEntry: false })))
        throw changedMeanwhile(this.file)
      renameSync(temporary, file)
    } catch (error) {
      await unlink(temporary).catch(ignoreMissing)
      throw error
    }
    await syncFolder(dirname(file))
  }
}

// One byte more than is accepted is enough to refuse it, and bounds the memory.
async function readStart(handle: FileHandle, file: string, pipes: boolean): Promise<Buffer> {
  const found = await handle.stat()
  if (!found.isFile() && !(pipes && found.isFIFO()))
    throw new BalancerError('FILE_UNREADABLE', `${file} is not a regular file; name one`)
  const most = LIMITS.configBytesMax + 1
  let start = Buffer.alloc(found.isFile() ? Math.min(found.size + 1, most) : most)
  let length = 0
  while (length < most) {
    // It grew since it was looked at.
    if (length === start.length) start = Buffer.concat([start], most)
    const { bytesRead } = await handle.read(start, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return start.subarray(0, length)
}

/** Where the text is, or would be where a link leads to a file that is not there. */
async function endOfLinks(file: string): Promise<string> {
  const end = await realpath(file).catch(ignoreMissing)
  if (end !== undefined) return end
  const place = join(await realpath(dirname(file)), basename(file))
  const next = await readlink(place).catch(ignoreMissing)
  return next === undefined ? place : endOfLinks(resolve(dirname(place), next))
}

// Root may write whatever its mode says; somebody who took the right away from everybody meant root as well. And a
// rename would put a file in the place of a device.
async function requireWritable(file: string, before: Stats): Promise<void> {
  if (!before.isFile())
    throw new BalancerError('FILE_UNWRITABLE', `${file} is not a regular file; name another`)
  if ((before.mode & ANYBODY_WRITES) === 0) {
    const next = `allow it with chmod u+w, or say sync="off" or --read-only-config`
    throw new BalancerError('FILE_UNWRITABLE', `${file}: its mode lets nobody write it; ${next}`)
  }
  await (await open(file, 'r+')).close()
}

async function keepOwnerAndMode(handle: FileHandle, before: Stats | undefined): Promise<void> {
  if (before === undefined) return handle.chmod(OWNER_ONLY)
  // Only root may give files away; for everybody else the file keeps being their own.
  await handle.chown(before.uid, before.gid).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EPERM') throw error
  })
  await handle.chmod(before.mode & PERMISSIONS)
}

function isUntouched(before: Stats | undefined, now: Stats | undefined): boolean {
  const stateOf = ({ ino, size, mtimeMs, ctimeMs }: Stats) => [ino, size, mtimeMs, ctimeMs].join()
  return (before && stateOf(before)) === (now && stateOf(now))
}

function sameBytes(found: Buffer | undefined, expected: Uint8Array | string | undefined): boolean {
  if (found === undefined || expected === undefined) return found === expected
  return found.equals(typeof expected === 'string' ? Buffer.from(expected) : expected)
}

function changedMeanwhile(file: string): BalancerError {
  return new BalancerError('CONFIG_CONFLICT', `${file} was changed while it was being saved`)
}

function unreadable(file: string, cause: unknown): BalancerError {
  const next =
    systemCodeOf(cause) === 'EACCES'
      ? 'give this user the right to read it'
      : 'see that it is a file'
  return new BalancerError('FILE_UNREADABLE', `${file}: ${messageOf(cause)}; ${next}`, { cause })
}

function unwritable(file: string, cause: unknown): BalancerError {
  const detail = `${file}: ${messageOf(cause)}; ${nextAfter(cause)}, it is tried again`
  return new BalancerError('FILE_UNWRITABLE', detail, { cause })
}
