// What the configuration file and its revisions ask of a disk: files that are there whole or not at all, also after
// the power was cut, and reading what somebody else may have put there.
import { constants } from 'node:fs'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { BalancerError, systemCodeOf } from '../../base/errors.ts'

/** Documents may hold password hashes. */
export const OWNER_ONLY = 0o600

type Finish = (handle: FileHandle) => Promise<void>

/** As `writeNew`, in place of one that a crash left behind. */
export async function writeFlushed(file: string, text: string, finish?: Finish): Promise<void> {
  await unlink(file).catch(ignoreMissing)
  await writeNew(file, text, finish)
}

/**
 * Make a file with this text, which is on the disk when this resolves. Where it fails there is none, and the disk has
 * its room back.
 *
 * @param finish what else belongs to it
 * @throws the system's error: EEXIST where there is one
 */
export async function writeNew(
  file: string,
  text: string,
  finish: Finish = async () => {},
): Promise<void> {
  const handle = await open(file, 'wx', OWNER_ONLY)
  try {
    await handle.writeFile(text)
    await finish(handle)
    await handle.sync()
  } catch (error) {
    // What is told is why it failed, not that its remains cannot be taken away either.
    await unlink(file).catch(() => {})
    throw error
  } finally {
    await handle.close()
  }
}

/** What was renamed or removed in a folder is so on the disk, too. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * The bytes of a regular file. Neither a device, nor a pipe that nobody writes to, nor anything large is read.
 *
 * @param links are they followed?
 * @throws BalancerError FILE_UNREADABLE for what is no such file; the system's error
 */
export async function readRegular(
  file: string,
  { bytesMax, links }: { readonly bytesMax: number; readonly links: boolean },
): Promise<Buffer> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  const handle = await open(file, O_RDONLY | O_NONBLOCK | (links ? 0 : O_NOFOLLOW))
  try {
    const found = await handle.stat()
    if (!found.isFile())
      throw new BalancerError('FILE_UNREADABLE', `${file} is not a regular file; name one`)
    const bytes = Buffer.alloc(Math.min(found.size, bytesMax + 1))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
    if (bytesRead <= bytesMax) return bytes.subarray(0, bytesRead)
    const most = `at most ${bytesMax} are accepted`
    throw new BalancerError('FILE_UNREADABLE', `${file} has ${found.size} bytes, ${most}`)
  } finally {
    await handle.close()
  }
}

export function ignoreMissing(error: unknown): undefined {
  if (systemCodeOf(error) !== 'ENOENT') throw error
}

const WHAT_NEXT: Readonly<Record<string, string>> = {
  EACCES: 'give this user the right to write it and its directory',
  EPERM: 'give this user the right to write it and its directory',
  EROFS: 'it is on a file system mounted read-only, mount it for writing or use another --config',
  ENOSPC: 'the disk is full, make room',
  EFBIG: 'the limit for the size of files is too low for this process, raise it',
  EDQUOT: 'the quota is used up, make room',
  ENOENT: 'make its directory',
  ENOTDIR: 'a part of its path is a file, move that',
  EISDIR: 'a directory is in the way, move it',
  ELOOP: 'its symbolic links lead nowhere, mend them',
  EEXIST: 'another process keeps its files there, give each configuration a directory of its own',
  EBUSY: 'it is mounted by itself and cannot be replaced, mount its directory instead',
  EMFILE: 'this process has no descriptor left, raise its limit',
}

/** What whoever reads of a system error on the way to a file can do. */
export function nextAfter(error: unknown): string {
  return WHAT_NEXT[systemCodeOf(error)] ?? 'see what is wrong with it'
}
