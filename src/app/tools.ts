// The verbs of the command line that need no running balancer: check a file, compare two, hash a password, make or show
// keys.
import { existsSync } from 'node:fs'
import { verifyAudit } from '../audit/verify.ts'
import { messageOf } from '../base/errors.ts'
import { textOfVerdict } from '../commands/verbs/audit.ts'
import type { Surroundings } from '../config/read/advice.ts'
import { checkFile, exitOf, formatCheckReport } from '../config/read/check.ts'
import type { Document } from '../config/read/read.ts'
import { keysOfUser } from '../ssh/access/authorized-keys.ts'
import { formatHostKey, readHostKeys } from '../ssh/access/host-keys.ts'
import { isComment, parseKeyLine } from '../ssh/access/key-line.ts'
import { makeOperatorKey } from '../ssh/access/keys.ts'
import { hashPassword } from '../base/password-hash.ts'
import { diffSnapshots } from '../config/compare/diff.ts'
import { auditFileOf } from './audited.ts'
import { viewOf } from './documents/difference-view.ts'
import { editScript, linesOfScript } from './edit-script/script.ts'
import { lowestPort } from './lowest-port.ts'
import { loadDocument } from './load-document.ts'

/** What a verb prints, and its exit status. */
export interface Told {
  readonly lines: readonly string[]
  /** What goes to standard error. */
  readonly troubles?: readonly string[]
  readonly exit: number
}

export interface CheckWords {
  readonly json: boolean
  /** Warnings refuse, too. */
  readonly strict: boolean
}

export async function check(file: string, options: CheckWords): Promise<Told> {
  const { strict } = options
  const report = await checkFile(file, { faultOfKey, surroundingsOf, strict })
  const lines = options.json ? [JSON.stringify(report)] : formatCheckReport(report)
  return { lines, exit: exitOf(report) }
}

/**
 * The commands that turn a running balancer with the first file into one with the second. Exit status as of `diff`: 0 the
 * same, 1 different, 2 where one of them does not load.
 */
export async function diff(
  files: readonly [from: string, to: string],
  options: { readonly json: boolean },
): Promise<Told> {
  const read = await Promise.allSettled(files.map((file) => loadDocument(file)))
  const troubles = read.flatMap((each) => {
    return each.status === 'rejected' ? [`sluice: ${sentenceOf(each.reason)}`] : []
  })
  const [from, to] = read.map((each) =>
    each.status === 'rejected' ? undefined : each.value.snapshot,
  )
  if (from === undefined || to === undefined) return { lines: [], troubles, exit: 2 }
  const edits = editScript(from, to)
  const exit = edits.length === 0 ? 0 : 1
  if (!options.json) return { lines: linesOfScript(edits), exit }
  const differences = diffSnapshots(from, to).map(viewOf)
  return { lines: [JSON.stringify({ same: exit === 0, differences, commands: edits })], exit }
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

// Keys are looked for where the running process would, from this folder.
async function surroundingsOf({ snapshot }: Document): Promise<Surroundings> {
  const { users, settings } = snapshot
  const keyed = new Set<string>()
  for (const user of users) {
    // What is wrong with a key is told by `faultOfKey`, or at the log-in for a key file.
    const keys = await keysOfUser(user, settings.ssh.keys, () => {})
    if (keys.length > 0) keyed.add(user.name)
  }
  return { portsFrom: lowestPort(), hasKey: ({ name }) => keyed.has(name), now: Date.now() }
}

/** One thrown thing as an operator should read it: a sentence, without a stack. */
export function sentenceOf(error: unknown): string {
  return messageOf(error)
}
