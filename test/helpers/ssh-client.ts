// The real OpenSSH client, without the configuration, keys and known hosts of whoever runs the tests.
// Makes keys with ssh-keygen; runs one ssh to its end, with input, status and both outputs apart.
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ClientKey {
  readonly file: string
  /** The line for an authorized_keys file. */
  readonly line: string
}

export interface SshTarget {
  readonly folder: string
  readonly port: number
  readonly user: string
  /** File of the private key; without one no key is offered. */
  readonly key?: string
  /** More `-o` options, as `Name=value`. */
  readonly options?: readonly string[]
}

export interface SshResult {
  /** 255 is ssh's own: no login, or the connection broke. */
  readonly status: number
  readonly out: string
  readonly err: string
}

/** A key pair made by ssh-keygen, for a client. */
export function makeClientKey(folder: string, name: string, ...how: string[]): ClientKey {
  const file = join(folder, name)
  const type = how.length === 0 ? ['-t', 'ed25519'] : how
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', name, '-f', file, ...type])
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() }
}

/** The arguments of ssh up to and with the host. */
export function sshArgs({ folder, port, user, key, options = [] }: SshTarget): string[] {
  const standard = [
    `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
    'StrictHostKeyChecking=accept-new',
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    'LogLevel=ERROR',
    'ConnectTimeout=10',
  ]
  // The first value of an option counts, so those of the test stand in front.
  const named = [...options, ...standard].flatMap((option) => ['-o', option])
  const identity = key === undefined ? ['-o', 'IdentityFile=none'] : ['-i', key]
  return ['-F', 'none', ...named, ...identity, '-p', String(port), `${user}@127.0.0.1`]
}

export function spawnSsh(
  target: SshTarget,
  args: readonly string[],
): ChildProcessWithoutNullStreams {
  const all = sshArgs(target)
  const host = all.pop() ?? ''
  const flags = args.filter((arg) => arg.startsWith('-'))
  return spawn('ssh', [...all, ...flags, host, ...args.filter((arg) => !arg.startsWith('-'))], {
    env: { PATH: process.env.PATH, TERM: 'xterm-256color' },
  })
}

/** Run ssh to its end. Arguments that start with a dash go in front of the host. */
export async function ssh(
  target: SshTarget,
  args: readonly string[],
  input: string | Buffer = '',
): Promise<SshResult> {
  const child = spawnSsh(target, args)
  // The other side may leave before it read everything.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return resultOf(child)
}

export async function resultOf(child: ChildProcessWithoutNullStreams): Promise<SshResult> {
  const [out, err, status] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1))),
  ])
  return { status, out, err }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
