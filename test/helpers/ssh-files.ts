// The real scp, sftp and psftp, as ssh-client.ts has ssh.
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathOf } from './programs.ts'
import { type SshResult, type SshTarget, resultOf, sshArgs } from './ssh-client.ts'

/** Run scp: a path that begins with a colon is on the other side. */
export function scp(
  target: SshTarget,
  paths: readonly string[],
  flags: readonly string[] = [],
): Promise<SshResult> {
  const all = paths.map((path) => (path.startsWith(':') ? `${target.user}@127.0.0.1${path}` : path))
  return run(target, 'scp', [...flags, ...optionsOf(target), ...all])
}

/** Run sftp with a batch of commands; the first that fails ends it, unless a dash stands in front. */
export function sftp(target: SshTarget, commands: readonly string[]): Promise<SshResult> {
  const host = `${target.user}@127.0.0.1`
  return run(target, 'sftp', [...optionsOf(target), '-b', '-', host], `${commands.join('\n')}\n`)
}

/** The same with psftp of PuTTY, which wants to know the host key beforehand. */
export function psftp(
  target: SshTarget,
  fingerprint: string,
  commands: readonly string[],
): Promise<SshResult> {
  const { folder, port, user, key = '' } = target
  const own = join(folder, 'key.ppk')
  execFileSync(pathOf('puttygen'), [key, '-o', own, '-O', 'private'], { env: { HOME: folder } })
  const options = ['-batch', '-hostkey', fingerprint, '-i', own, '-P', String(port), '-l', user]
  const input = `${commands.join('\n')}\n`
  return run(target, 'psftp', [...options, '127.0.0.1'], input)
}

/** As sshArgs, with the capital -P of those who copy files. */
function optionsOf(target: SshTarget): readonly string[] {
  return sshArgs(target)
    .slice(0, -1)
    .map((arg) => (arg === '-p' ? '-P' : arg))
}

function run(
  { folder }: SshTarget,
  program: 'scp' | 'sftp' | 'psftp',
  args: readonly string[],
  input = '',
): Promise<SshResult> {
  const child = spawn(pathOf(program), args, { env: { PATH: process.env.PATH, HOME: folder } })
  // The other side may leave before it read everything.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return resultOf(child)
}
