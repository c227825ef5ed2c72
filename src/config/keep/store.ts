// The configuration file on disk. A save is atomic: a temporary file in the same directory, flushed, then
// renamed; whoever reads sees the old text or the new one. The previous file stays beside it under its
// name and a time stamp. What the text means is nobody's business here.
import { constants, type Stats } from 'node:fs'
import {
  type FileHandle,
  access,
  copyFile,
  link,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BalancerError, messageOf, systemCodeOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'

export interface StoreOptions {
  /** Milliseconds since 1970, for the names of earlier versions; `Date.now` unless a test owns the clock. */
  readonly now?: () => number
}

/** An earlier version of the file. */
export interface Revision {
  /** `config.xml-20260314150926`: the time is that of the save which put another one in its place. */
  readonly name: string
  /** When it was written, in milliseconds since 1970. */
  readonly time: number
  /** In bytes. */
  readonly size: number
}

export interface Saved {
  /** Where the text went, with symbolic links followed. */
  readonly file: string
  /** Where the previous version is; '' where there was none. */
  readonly backup: string
}

/** Mode of a file that did not exist: it may hold password hashes. */
const NEW_FILE_MODE = 0o600

export class ConfigStore {
  readonly file: string
  readonly #now: () => number

  constructor(file: string, { now = Date.now }: StoreOptions = {}) {
    this.file = file
    this.#now = now
  }

  /** The bytes of the file; undefined where there is no file. @throws BalancerError FILE_UNREADABLE */
  async read(): Promise<Buffer | undefined> {
    try {
      const { size } = await stat(this.file)
      // One byte more than is accepted is enough to refuse it, and bounds the memory.
      return size > LIMITS.configBytesMax ? await this.#readStart() : await readFile(this.file)
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return undefined
      throw unreadable(this.file, error)
    }
  }

  /**
   * Put `text` in place of `expected`, which is what the caller believes to be there (undefined: no file).
   *
   * @throws BalancerError FILE_UNWRITABLE; CONFIG_CONFLICT where something else is there
   */
  async write(text: string, expected: Uint8Array | string | undefined): Promise<Saved> {
    try {
      const file = await followed(this.file)
      const before = await stat(file).catch(ignoreMissing)
      if (before !== undefined) await access(file, constants.W_OK)
      const temporary = await this.#writeTemporary(file, text, before)
      try {
        return await this.#swap(file, temporary, expected)
      } catch (error) {
        await unlink(temporary).catch(ignoreMissing)
        throw error
      }
    } catch (error) {
      throw error instanceof BalancerError ? error : unwritable(this.file, error)
    }
  }

  /** The earlier versions beside the file, newest first. @throws BalancerError FILE_UNREADABLE */
  async revisions(): Promise<readonly Revision[]> {
    try {
      const file = await followed(this.file)
      const found = (await earlierNames(file)).map(async (name) => {
        const stats = await stat(join(dirname(file), name)).catch(ignoreMissing)
        return stats === undefined ? [] : [{ name, time: stats.mtimeMs, size: stats.size }]
      })
      return (await Promise.all(found)).flat()
    } catch (error) {
      throw unreadable(this.file, error)
    }
  }

  /** The bytes of an earlier version. @throws BalancerError NOT_FOUND, FILE_UNREADABLE */
  async revision(name: string): Promise<Buffer> {
    const file = await followed(this.file)
    // Looked up in the list, so that a name can be no path to anything else.
    const isThere = (await earlierNames(file)).includes(name)
    const bytes = isThere ? await new ConfigStore(join(dirname(file), name)).read() : undefined
    if (bytes !== undefined) return bytes
    throw new BalancerError('NOT_FOUND', `no earlier version ${JSON.stringify(name)}`)
  }

  async #readStart(): Promise<Buffer> {
    const handle = await open(this.file)
    try {
      const start = Buffer.alloc(LIMITS.configBytesMax + 1)
      await handle.read(start)
      return start
    } finally {
      await handle.close()
    }
  }

  async #writeTemporary(file: string, text: string, before: Stats | undefined): Promise<string> {
    // Always the same name, so that one left behind by a crash is not kept for ever.
    const temporary = join(dirname(file), `.${basename(file)}.tmp`)
    const mode = before === undefined ? NEW_FILE_MODE : before.mode & 0o7777
    await unlink(temporary).catch(ignoreMissing)
    const handle = await open(temporary, 'wx', NEW_FILE_MODE)
    try {
      await handle.writeFile(text)
      if (before !== undefined) await keepOwner(handle, before)
      await handle.chmod(mode)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return temporary
  }

  async #swap(
    file: string,
    temporary: string,
    expected: Uint8Array | string | undefined,
  ): Promise<Saved> {
    const found = await readFile(file).catch(ignoreMissing)
    if (!sameBytes(found, expected)) {
      throw new BalancerError(
        'CONFIG_CONFLICT',
        `${this.file} was changed while it was being saved`,
      )
    }
    const backup = found === undefined ? '' : await this.#keep(file)
    await rename(temporary, file)
    await syncDirectory(dirname(file))
    await forgetOldest(file)
    return { file, backup }
  }

  // Give the present file a second name. The rename then takes the first one from it.
  async #keep(file: string): Promise<string> {
    const stamp = new Date(this.#now()).toISOString().replace(/\D/g, '').slice(0, 14)
    for (let count = 1; ; count++) {
      const backup = `${file}-${stamp}${count === 1 ? '' : `-${count}`}`
      try {
        await link(file, backup).catch(async (error: unknown) => {
          if (systemCodeOf(error) === 'EEXIST') throw error
          // Some file systems have no links.
          await copyFile(file, backup, constants.COPYFILE_EXCL)
        })
        return backup
      } catch (error) {
        if (systemCodeOf(error) !== 'EEXIST' || count > LIMITS.configBackupsMax) throw error
      }
    }
  }
}

async function followed(file: string): Promise<string> {
  return (await realpath(file).catch(ignoreMissing)) ?? file
}

// Only root may give files away; for everybody else the file keeps being their own.
async function keepOwner(handle: FileHandle, { uid, gid }: Stats): Promise<void> {
  await handle.chown(uid, gid).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EPERM') throw error
  })
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function forgetOldest(file: string): Promise<void> {
  for (const name of (await earlierNames(file)).slice(LIMITS.configBackupsMax)) {
    await unlink(join(dirname(file), name)).catch(ignoreMissing)
  }
}

/** Names of the earlier versions beside a file, newest first. */
async function earlierNames(file: string): Promise<readonly string[]> {
  const prefix = `${basename(file)}-`
  const names = (await readdir(dirname(file))).filter((name) => {
    return name.startsWith(prefix) && /^\d{14}(-\d+)?$/.test(name.slice(prefix.length))
  })
  return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

function sameBytes(found: Buffer | undefined, expected: Uint8Array | string | undefined): boolean {
  if (found === undefined || expected === undefined) return found === expected
  return found.equals(typeof expected === 'string' ? Buffer.from(expected) : expected)
}

function ignoreMissing(error: unknown): undefined {
  if (systemCodeOf(error) !== 'ENOENT') throw error
}

function unreadable(file: string, cause: unknown): BalancerError {
  const next =
    systemCodeOf(cause) === 'EACCES'
      ? 'give this user the right to read it'
      : 'see that it is a file'
  return new BalancerError('FILE_UNREADABLE', `${file}: ${messageOf(cause)}; ${next}`, { cause })
}

const WHAT_NEXT: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to write it and its directory',
  EPERM: 'give this user the right to write it and its directory',
  EROFS: 'it is on a file system mounted read-only, mount it for writing or use another --config',
  ENOSPC: 'the disk is full, make room',
  EDQUOT: 'the quota is used up, make room',
  ENOENT: 'make its directory',
}

function unwritable(file: string, cause: unknown): BalancerError {
  const next = WHAT_NEXT[systemCodeOf(cause)] ?? 'see what is wrong with it'
  const detail = `${file}: ${messageOf(cause)}; ${next}, it is tried again`
  return new BalancerError('FILE_UNWRITABLE', detail, { cause })
}
