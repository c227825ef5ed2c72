// Files with keys, of ssh and of the page: read so that nobody can have changed or seen what they hold, and written with
// the rights that they have to have, whole or not at all.
import { randomBytes } from 'node:crypto'
import type { Stats } from 'node:fs'
import { link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { BalancerError, messageOf, systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'

/** The text of a small file, looked at through one handle so that it cannot be swapped after the check. */
export async function readKeyFile(
  file: string,
  faultOf: (facts: Stats) => string | undefined,
): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const facts = await handle.stat()
    const tooLarge = facts.size > LIMITS.keyFileBytesMax ? 'it is too large for a key' : undefined
    const fault = faultOf(facts) ?? tooLarge
    if (fault !== undefined) throw new BalancerError('KEY_UNSAFE', `${file}: ${fault}`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

/**
 * The text of a file that only its owner can read; undefined where there is none.
 *
 * @param what it holds, and the setting that names it: `host key`, `<ssh hostKey="…">`
 */
export async function readPrivateFile(
  file: string,
  [what, setting]: readonly [what: string, setting: string],
): Promise<string | undefined> {
  try {
    return await readKeyFile(file, ({ mode }) => {
      if ((mode & 0o077) === 0) return undefined
      return `others may use it (mode ${shownMode(mode)}); run: chmod 600 ${file}`
    })
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    if (error instanceof BalancerError) throw error
    const cure = `let the account that runs Sluice read it, or name another file in ${setting}`
    throw new BalancerError('FILE_UNREADABLE', `${what} ${file}: ${messageOf(error)}; ${cure}`, {
      cause: error,
    })
  }
}

/** `0644`, as `chmod` takes it. */
function shownMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0')
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new BalancerError('FILE_UNWRITABLE', `${folder}: ${messageOf(error)}`, { cause: error })
  })
}

/** Put a whole file in place at once, never over another one: a link fails where a rename would replace. */
export async function writeNewFile(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, text, { flag: 'wx', mode })
    await link(draft, file)
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') {
      const cure = 'it was left as it is; move it away first, or take another name'
      throw new BalancerError('REFUSED', `${file} is already there; ${cure}`, { cause: error })
    }
    throw new BalancerError('FILE_UNWRITABLE', `${file}: ${messageOf(error)}`, { cause: error })
  } finally {
    await rm(draft, { force: true })
  }
}

/** Who may write into the folder can put another key there, however well the file itself is kept. */
export async function requireSafeFolder(folder: string): Promise<void> {
  const facts = await stat(folder).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw new BalancerError('FILE_UNREADABLE', `${folder}: ${messageOf(error)}`, { cause: error })
  })
  if (facts === undefined || (facts.mode & 0o002) === 0) return
  const mode = shownMode(facts.mode)
  const fault = `everybody may write into the folder (mode ${mode}); run: chmod o-w ${folder}`
  throw new BalancerError('KEY_UNSAFE', `${folder}: ${fault}`)
}

/** The same over whatever is there, for what Sluice made itself. */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, text, { flag: 'wx', mode })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw new BalancerError('FILE_UNWRITABLE', `${file}: ${messageOf(error)}`, { cause: error })
  }
}
