// The verbs of the command line that need no running balancer: check a file, hash a password, make a key.
import { messageOf } from '../base/errors.ts'
import { checkFile, exitOf, formatCheckReport } from '../config/check.ts'
import { makeOperatorKey } from '../ssh/keys.ts'
import { hashPassword } from '../ssh/passwords.ts'

/** What a verb prints, and its exit status. */
export interface Told {
  readonly lines: readonly string[]
  readonly exit: number
}

export async function check(file: string, options: { readonly json: boolean }): Promise<Told> {
  const report = await checkFile(file)
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

/** `given` are the two answers of somebody who was asked twice, or the one line of a script. */
export async function passwd(...given: readonly string[]): Promise<Told> {
  const [password = '', again = password] = given
  if (password === '')
    return { lines: ['An empty password lets nobody in; nothing was made.'], exit: 1 }
  if (password !== again) return { lines: ['The two passwords differ; nothing was made.'], exit: 1 }
  return { lines: [await hashPassword(password)], exit: 0 }
}

/** One thrown thing as an operator should read it: a sentence, without a stack. */
export function sentenceOf(error: unknown): string {
  return messageOf(error)
}
