// The verbs of the command line that need no running balancer: check a file, hash a password, make or show keys.
import { existsSync } from 'node:fs'
import { verifyAudit } from '../audit/verify.ts'
import { messageOf } from '../base/errors.ts'
import { textOfVerdict } from '../commands/verbs/audit.ts'
import { checkFile, exitOf, formatCheckReport } from '../config/read/check.ts'
import { formatHostKey, readHostKeys } from '../ssh/access/host-keys.ts'
import { isComment, parseKeyLine } from '../ssh/access/key-line.ts'
import { makeOperatorKey } from '../ssh/access/keys.ts'
import { hashPassword } from '../base/password-hash.ts'
import { auditFileOf } from './audited.ts'
import { loadDocument } from './run.ts'

/** What a verb prints, and its exit status. */
export interface Told {
  readonly lines: readonly string[]
  readonly exit: number
}

export async function check(file: string, options: { readonly json: boolean }): Promise<Told> {
  const report = await checkFile(file, faultOfKey)
  const lines = options.json ? [JSON.stringify(report)] : formatCheckReport(report)
  return { lines, exit: exitOf(report) }
}

export async function keygen(name: string, folder: string): Promise<Told> {
  const { file, publicFile, fingerprint } = await makeOperatorKey(name, folder)
  const lines = [
    `${file}: the private key; it stays with ${name}`,
    `${publicFile}: the public key; with <user name="${name}" access="full" /> in the configuration it lets ${name} in`,
    fingerprint,
  ]
  return { lines, exit: 0 }
}

/** The host keys that the configuration names, as `ssh-keygen -lf` prints them. Makes none. */
export async function showHostKeys(config: string): Promise<Told> {
  const { snapshot } = await loadDocument(config)
  const keys = await readHostKeys(snapshot.settings.ssh.hostKey)
  return { lines: keys.map(formatHostKey), exit: 0 }
}

/** Recompute the audit log in `file`, or the one beside the configuration file. */
export async function auditVerify(file: string | undefined, config: string): Promise<Told> {
  const path = file ?? auditFileOf(config)
  if (!existsSync(path)) return { lines: [`there is no ${path}`], exit: 1 }
  const verdict = await verifyAudit(path)
  if (verdict.whole) return { lines: textOfVerdict(verdict).map((line) => line.trimEnd()), exit: 0 }
  return { lines: [...verdict.faults, ...verdict.notes.map((note) => `note: ${note}`)], exit: 1 }
}

/** `given` are the two answers of somebody who was asked twice, or the one line of a script. */
export async function passwd(...given: readonly string[]): Promise<Told> {
  const [password = '', again = password] = given
  if (password === '')
    return { lines: ['An empty password lets nobody in; nothing was made.'], exit: 1 }
  if (password !== again) return { lines: ['The two passwords differ; nothing was made.'], exit: 1 }
  return { lines: [await hashPassword(password)], exit: 0 }
}

/** What is wrong with a `<key>`, which does not keep the rest of the file from loading. */
function faultOfKey(line: string): string | undefined {
  const key = isComment(line) ? undefined : parseKeyLine(line)
  return typeof key === 'string' ? key : undefined
}

/** One thrown thing as an operator should read it: a sentence, without a stack. */
export function sentenceOf(error: unknown): string {
  return messageOf(error)
}
