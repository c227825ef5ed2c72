// The keys of an operator, from the configuration and from keys/NAME.pub. A line that cannot be taken is told
// of with its number, and the others count nevertheless.
import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { readKeyFile } from '../../access/key-files.ts'
import { messageOf, systemCodeOf } from '../../base/errors.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import { type AuthorizedKey, isComment, parseKeyLine } from './key-line.ts'

/** Told what is wrong with a line or a file, and where. */
export type OnFault = (where: string, reason: string) => void

/** Every key that lets this user in. Read anew at each login, so that an edit counts at once. */
export async function keysOfUser(
  user: Pick<UserSnapshot, 'name' | 'keys'>,
  keysFolder: string,
  onFault: OnFault,
): Promise<readonly AuthorizedKey[]> {
  const inConfig = parseLines(user.keys, `<key> of user ${user.name}`, onFault)
  const file = join(keysFolder, `${user.name}.pub`)
  return [...inConfig, ...parseLines(await readLines(file, onFault), file, onFault)]
}

function parseLines(lines: readonly string[], where: string, onFault: OnFault): AuthorizedKey[] {
  return lines.flatMap((line, index) => {
    if (isComment(line)) return []
    const parsed = parseKeyLine(line)
    if (typeof parsed !== 'string') return [parsed]
    onFault(`${where}, line ${index + 1}`, parsed)
    return []
  })
}

async function readLines(file: string, onFault: OnFault): Promise<readonly string[]> {
  try {
    return (await readKeyFile(file, faultOfFile)).split(/\r?\n/)
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') onFault(file, messageOf(error))
    return []
  }
}

/** Who can write this file can log in, so that must be nobody but its owner, root or us. */
function faultOfFile({ mode, uid }: Stats): string | undefined {
  if ((mode & 0o022) !== 0) return 'others may write to it; run chmod go-w on it'
  const trusted = uid === 0 || uid === process.getuid?.()
  return trusted ? undefined : `it belongs to another account (uid ${uid})`
}
