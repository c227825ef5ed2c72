// `drain host`: no new sessions, and with `--wait` stay until the open ones are gone, counting down. What is to come
// of the host afterwards is done by the same command, so that a script need not guess when it is time.
import { formatDuration } from '../../base/duration.ts'
import { BalancerError } from '../../base/errors.ts'
import { pause } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import { duration } from '../../model/field.ts'
import { HOST_FIELDS } from '../../model/fields.ts'
import type { Host } from '../../model/host.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { DONE_JSON, type Done, finishing, removed, textOfDone } from '../answer/done.ts'
import { counted, spanOf } from '../answer/figures.ts'
import { endSessionsOf } from './kill.ts'
import { fieldFlag, oneOf } from '../line/kinds.ts'
import { hostPath } from '../line/paths.ts'
import { setOne } from './set.ts'

const THEN = ['disable', 'remove', 'kill'] as const
type Then = (typeof THEN)[number]

/** Pause between two lines of the count-down. */
const TELL_MS = 1_000

const longestWait = duration({
  attribute: 'timeout',
  summary: 'how long to wait at most; 10m where it is left out',
  effect: 'at once',
  standard: 10 * 60_000,
})

export const drainHost = command({
  words: ['drain', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  flags: {
    wait: { summary: 'stay until its open sessions are gone; progress goes to standard error' },
    timeout: fieldFlag('TIME', longestWait),
    // oxlint-disable-next-line unicorn/no-thenable -- Flags are named as they are typed; nothing here is called.
    then: {
      kind: oneOf('THEN', THEN),
      summary: 'what to do when it is empty; kill also ends what is left at the timeout',
    },
  },
  edits: true,
  role: 'operate',
  summary: 'give a host no new sessions, because it is about to go; open ones finish',
  examples: ['drain host web/main/a', 'drain host web/main/a --wait --timeout 10m --then disable'],
  json: DONE_JSON,
  async run({ host, wait, timeout, then }, context): Promise<Done> {
    if (wait && context.onCandidate) throw nothingToWaitFor(host)
    if (!wait) refuseWithoutWait({ '--timeout': timeout, '--then': then })
    const done = setOne(host, HOST_FIELDS, 'intent', 'draining')
    if (!wait) return { ...done, message: done.message + finishing(host.counters.open) }
    const timeoutMs = timeout ?? longestWait.standard
    const startedAt = performance.now()
    const wasEmpty = host.counters.open === 0
    const left = await saying(`${host.path} goes on draining\n`, context, () => {
      return waitUntilEmpty(host, startedAt + timeoutMs, context)
    })
    if (left > 0 && then !== 'kill') throw tooLate(host, left, timeoutMs, then)
    const empty = wasEmpty ? 'it is empty' : `empty after ${spanOf(performance.now() - startedAt)}`
    return finished(host, done, `${done.message}; ${empty}`, then, context)
  },
  text: textOfDone,
})

/** @throws BalancerError NOT_UNDERSTOOD */
function refuseWithoutWait(flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).find((flag) => flags[flag] !== undefined)
  if (given === undefined) return
  throw new BalancerError('NOT_UNDERSTOOD', `${given} is for a drain that waits: add --wait`)
}

function nothingToWaitFor({ path }: Host): BalancerError {
  const next = 'leave out --wait, or commit or discard first'
  return new BalancerError('REFUSED', `${path}: no session ends because of a candidate; ${next}`)
}

/** Whoever interrupts is told at once what stays as it is: nobody waits for the rest of the command. */
async function saying<Result>(
  lastWords: string,
  { signal, note }: CommandContext,
  wait: () => Promise<Result>,
): Promise<Result> {
  // Does not reject: a reader that has left is no fault.
  const say = () => void note(lastWords)
  signal.addEventListener('abort', say, { once: true })
  try {
    return await wait()
  } finally {
    signal.removeEventListener('abort', say)
  }
}

/** @returns the sessions that are left at the deadline. @throws BalancerError REFUSED where waiting makes no sense any more */
async function waitUntilEmpty(
  host: Host,
  deadline: number,
  context: CommandContext,
): Promise<number> {
  const { process, signal, note } = context
  let told = 0
  let toldAt = Number.NEGATIVE_INFINITY
  for (;;) {
    const { open } = host.counters
    if (open === 0) return 0
    const now = performance.now()
    if (now >= deadline) return open
    if (open !== told && now - toldAt >= TELL_MS) {
      await note(`${host.path}: ${counted(open, 'session')} left, ${secondsOf(deadline - now)}\n`)
      ;[told, toldAt] = [open, now]
    }
    await pause(Math.min(LIMITS.waitLookMs, deadline - now), signal)
    if (signal.aborted)
      throw new BalancerError('REFUSED', `${host.path}: interrupted; it goes on draining`)
    requireStillDraining(host, process.balancer.hostList)
  }
}

/** @throws BalancerError REFUSED */
function requireStillDraining(host: Host, hosts: readonly Host[]): void {
  const { path, intent, counters } = host
  if (!hosts.includes(host)) {
    throw new BalancerError(
      'REFUSED',
      `${path} was removed meanwhile${finishing(counters.open)}; no more to wait for`,
    )
  }
  if (intent === 'enabled') {
    throw new BalancerError('REFUSED', `${path} was enabled meanwhile, so it will not become empty`)
  }
}

async function finished(
  host: Host,
  done: Done,
  message: string,
  then: Then | undefined,
  context: CommandContext,
): Promise<Done> {
  switch (then) {
    case undefined:
      return { ...done, message }
    case 'kill':
      return killed(host, done, message, context)
    case 'disable':
      host.disable()
      return { ...done, after: host.intent, message: `${message}; disabled` }
    case 'remove':
      return taken(host, message, context)
    default:
      return then satisfies never
  }
}

async function killed(
  host: Host,
  done: Done,
  message: string,
  context: CommandContext,
): Promise<Done> {
  if (host.counters.open === 0) return { ...done, message }
  const ended = await endSessionsOf(host.path, context)
  return {
    ...done,
    message: `${done.message}; not empty in time, ${counted(ended, 'session')} ended`,
  }
}

function taken(host: Host, message: string, { process }: CommandContext): Done {
  const { path, name } = host
  const before = host.describe()
  process.balancer.service(before.service).group(before.group).removeHost(name)
  return removed(path, before, `${message}; removed`)
}

function tooLate(
  { path }: Host,
  left: number,
  timeoutMs: number,
  then: Then | undefined,
): BalancerError {
  const undone = then === undefined ? '' : `, so it was not ${then}d`
  const what = `${counted(left, 'session')} left after ${formatDuration(timeoutMs)}`
  const next = `it goes on draining; end them with: kill host ${path}`
  return new BalancerError('TIMED_OUT', `${path}: ${what}${undone}; ${next}`)
}

/** `9m40s`, `12s`: whole seconds, for people. */
function secondsOf(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  if (minutes === 0) return `${rest}s`
  return rest === 0 ? `${minutes}m` : `${minutes}m${rest}s`
}
