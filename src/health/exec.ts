// The check that runs a program: exit status 0 is good. No shell, next to no environment, and nothing outlives the
// look: the program leads a process group of its own, which is killed when it ends or its time is over.
import { spawn } from 'node:child_process'
import { BalancerError, messageOf, systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { type Check, type CheckSettings, failed, type Subject } from './check.ts'
import { wordsOf } from './words.ts'

export function execCheck({ command }: CheckSettings): Check {
  const [program, ...args] = wordsOf(command) ?? []
  if (program === undefined || program === '') {
    throw new BalancerError(
      'VALUE_BAD',
      `a command is a program and its arguments, got ${JSON.stringify(command)}`,
    )
  }
  return async (subject, signal) => {
    const child = start(program, args, subject)
    const stop = () => stopGroup(child)
    signal.addEventListener('abort', stop)
    try {
      await requireSuccess(child, signal)
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  }
}

type Program = ReturnType<typeof start>

function start(program: string, args: readonly string[], subject: Subject) {
  const env = environmentOf(subject)
  return spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function requireSuccess(child: Program, signal: AbortSignal): Promise<void> {
  const ending = endOf(child)
  // What did not start has no output to listen to, and says why before anything else happens.
  if (child.pid === undefined) await ending
  const output = keepOutput(child)
  const allRead = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = await ending
  signal.throwIfAborted()
  if (end === 'exit status 0') return
  // What the program left running would hold its output open.
  killGroup(child)
  await allRead
  throw failed([end, ...output.lastLine()].join(': '))
}

/** How it ended, as `exit status 1` or `killed by SIGKILL`. @throws BalancerError where it did not start */
function endOf(child: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(startFault(error)))
    child.once('exit', (status, by) =>
      resolve(status === null ? `killed by ${by}` : `exit status ${status}`),
    )
  })
}

// None of these is a fault of the host, which is not taken out because a script was moved.
function startFault(error: Error): BalancerError {
  const why = CANNOT_RUN[systemCodeOf(error)]
  if (why === undefined) return new BalancerError('LOCAL_LIMIT', messageOf(error), { cause: error })
  return new BalancerError('VALUE_BAD', `the command of a check cannot run: ${why}`, {
    cause: error,
  })
}

const CANNOT_RUN: Readonly<Record<string, string>> = {
  ENOENT: 'no such program',
  EACCES: 'not executable',
}

/** Reads all that is written, so that nobody blocks on a full pipe, and keeps the end of it. */
function keepOutput(child: Program): { lastLine(): string[] } {
  let kept = Buffer.alloc(0)
  const keep = (chunk: Buffer) => {
    const joined = Buffer.concat([kept, chunk.subarray(-LIMITS.checkOutputBytesMax)])
    kept = joined.subarray(-LIMITS.checkOutputBytesMax)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return {
    lastLine: () =>
      kept
        .toString()
        .trim()
        .split('\n')
        .slice(-1)
        .filter((line) => line !== ''),
  }
}

// Nothing outlives a look: what a check leaves running would pile up, look by look.
function stopGroup(child: Program): void {
  if (child.pid === undefined) return
  killGroup(child)
  child.stdout.destroy()
  child.stderr.destroy()
}

function killGroup(child: Program): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left, which is what was wanted.
  }
}

function environmentOf({ name, target, address }: Subject): Record<string, string> {
  const [ip, port] = 'path' in target ? [address, ''] : [target.host, String(target.port)]
  return { PATH: process.env.PATH ?? '', SLUICE_HOST: name, SLUICE_IP: ip, SLUICE_PORT: port }
}
