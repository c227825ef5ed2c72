// The real ssh client with a password instead of a key, given as often as it asks for one.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from './programs.ts'
import { resultOf, type SshResult, type SshTarget, sshArgs } from './ssh-client.ts'

export interface PasswordResult extends SshResult {
  /** How often the client was asked for the password. */
  readonly asked: number
}

/** Answers the client, and leaves a mark for each question. */
const SCRIPT = '#!/bin/sh\necho asked >> "$ASKED"\nprintf "%s\\n" "$PASSWORD"\n'

/** @param tries how often the client gives the password before it gives up */
export async function sshWithPassword(
  target: SshTarget,
  password: string,
  { line = 'show version', tries = 1 } = {},
): Promise<PasswordResult> {
  const { folder } = target
  const [script, asked] = [join(folder, 'give-password'), join(folder, 'asked')]
  writeFileSync(script, SCRIPT, { mode: 0o700 })
  rmSync(asked, { force: true })
  const mine = ['BatchMode=no', 'PreferredAuthentications=password']
  const options = [...mine, `NumberOfPasswordPrompts=${tries}`, ...(target.options ?? [])]
  const { port, user } = target
  const child = spawn(pathOf('ssh'), [...sshArgs({ folder, port, user, options }), line], {
    env: {
      PATH: process.env.PATH,
      SSH_ASKPASS: script,
      SSH_ASKPASS_REQUIRE: 'force',
      ASKED: asked,
      PASSWORD: password,
    },
  })
  child.stdin.end()
  const result = await resultOf(child)
  const marks = existsSync(asked) ? readFileSync(asked, 'utf8') : ''
  return { ...result, asked: marks.split('\n').length - 1 }
}
