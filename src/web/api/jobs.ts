// What takes longer than a call waits for. Each goes on whether or not its caller is still there, can be asked for and
// interrupted by its number, and is kept for a while when it is over. Bounded in number, notes and age.
import { setTimeout as after } from 'node:timers/promises'
import { masked, showsToken } from '../../audit/secrets.ts'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { type LineParts, writeLine } from '../../commands/line/write-line.ts'
import type { Origin } from '../../base/origin.ts'
import type { Caller } from '../caller.ts'
import { type Problem, problemFrom } from '../problem.ts'
import { withMember } from './answers.ts'

/** How it ended: the answer as JSON text, or why there is none. */
export type Ended = { readonly result: string } | { readonly problem: Problem }

export interface JobWays {
  /** Aborted when somebody interrupts it, or the process stops. */
  readonly signal: AbortSignal
  readonly note: (text: string) => void
}

export interface Job {
  /** Counts up from 1 in each process. */
  readonly id: string
  /** As it would be typed, without secrets. */
  readonly line: string
  readonly operator: string
  /** Whose it is: a token may have the name of an operator, and is somebody else. */
  readonly origin: Origin
  /** Milliseconds since 1970. */
  readonly since: number
  /** Undefined while it goes on. */
  readonly ended: Ended | undefined
}

interface Kept extends Job {
  ended: Ended | undefined
  /** Milliseconds since 1970; 0 while it goes on. */
  endedAt: number
  readonly notes: string[]
  readonly controller: AbortController
  /** Never rejects. */
  done: Promise<void>
}

export class Jobs {
  readonly #now: () => number
  /** Those that can be asked for, oldest first. */
  readonly #kept = new Map<string, Kept>()
  /** All that go on, also those whose caller waits. */
  readonly #running = new Set<Kept>()
  #last = 0
  #stopped = false

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /**
   * Begin something, and wait for it as long as a call waits.
   *
   * @param isPatient the caller waits at all
   * @returns how it ended, or the job that it is from now on
   * @throws BalancerError TOO_MANY
   */
  async run(
    line: LineParts,
    caller: Caller,
    isPatient: boolean,
    task: (ways: JobWays) => Promise<string>,
  ): Promise<Ended | Job> {
    const job = this.#begin(line, caller, task)
    if (isPatient) await endOrTime(job.done)
    if (isPatient && job.ended !== undefined) return job.ended
    this.#forgetOld()
    this.#kept.set(job.id, job)
    return job
  }

  /** Those that a caller may see: the own ones, and all with role full. */
  list(caller: Caller): readonly Job[] {
    this.#forgetOld()
    return [...this.#kept.values()].filter((job) => mayBeSeenBy(job, caller))
  }

  /** One of them, with its answer for whoever began it; a token is told once. @throws BalancerError NOT_FOUND */
  tell(id: string, caller: Caller): string {
    const job = this.#require(id, caller)
    const text = jobText(job, caller)
    if (isOwn(job, caller) && holdsToken(job)) this.#kept.delete(id)
    return text
  }

  /** One that is over is forgotten. @throws BalancerError NOT_FOUND */
  interrupt(id: string, caller: Caller): void {
    const job = this.#require(id, caller)
    job.controller.abort()
    if (job.ended !== undefined) this.#kept.delete(id)
  }

  /** Interrupt all of them, and let nothing begin any more. */
  stop(): void {
    this.#stopped = true
    for (const { controller } of this.#running) controller.abort()
  }

  #begin(
    line: LineParts,
    { operator, origin }: Caller,
    task: (ways: JobWays) => Promise<string>,
  ): Kept {
    if (this.#stopped) throw new BalancerError('REFUSED', 'the process stops')
    if (this.#running.size >= LIMITS.webJobsMax)
      throw new BalancerError(
        'TOO_MANY',
        `${LIMITS.webJobsMax} calls are under way, the most there may be`,
      )
    const controller = new AbortController()
    const notes: string[] = []
    const note = (text: string) => {
      notes.push(text)
      if (notes.length > LIMITS.webJobNotesMax) notes.shift()
    }
    const job: Kept = {
      id: String(++this.#last),
      line: masked(writeLine(line)),
      operator,
      origin,
      since: this.#now(),
      ended: undefined,
      endedAt: 0,
      notes,
      controller,
      done: Promise.resolve(),
    }
    this.#running.add(job)
    job.done = this.#follow(job, task({ signal: controller.signal, note }))
    return job
  }

  async #follow(job: Kept, task: Promise<string>): Promise<void> {
    try {
      job.ended = { result: await task }
    } catch (error) {
      job.ended = { problem: problemFrom(error) }
    }
    job.endedAt = this.#now()
    this.#running.delete(job)
  }

  #require(id: string, caller: Caller): Kept {
    this.#forgetOld()
    const job = this.#kept.get(id)
    if (job !== undefined && mayBeSeenBy(job, caller)) return job
    throw new BalancerError(
      'NOT_FOUND',
      `no job ${id.slice(0, 20)} of yours; they are kept for some minutes`,
    )
  }

  #forgetOld(): void {
    const before = this.#now() - LIMITS.webJobKeptMs
    const over = [...this.#kept.values()].filter(({ ended }) => ended !== undefined)
    const most = LIMITS.webJobsKept
    for (const [index, { id, endedAt }] of over.entries()) {
      if (endedAt < before || index < over.length - most) this.#kept.delete(id)
    }
  }
}

/** A job as JSON: what came of it is for whoever began it, and a token is not told in passing. */
export function jobLine(job: Job, caller: Caller): string {
  return jobText(holdsToken(job) ? { ...job, ended: { result: '' } } : job, caller)
}

function jobText(job: Job, caller: Caller): string {
  const { id, line, operator, since, ended, notes } = job as Kept
  const state = ended === undefined ? 'running' : 'result' in ended ? 'done' : 'failed'
  const at = new Date(since).toISOString()
  const text = JSON.stringify({ job: id, state, line, operator, since: at, notes })
  if (ended === undefined) return text
  if (!isOwn(job, caller)) return text
  if ('problem' in ended) return withMember(text, 'problem', JSON.stringify(ended.problem))
  return withMember(text, 'result', ended.result === '' ? 'null' : ended.result)
}

function mayBeSeenBy(job: Job, caller: Caller): boolean {
  return isOwn(job, caller) || caller.role === 'full'
}

function isOwn({ origin }: Job, caller: Caller): boolean {
  return origin === caller.origin
}

function holdsToken({ ended }: Job): boolean {
  return ended !== undefined && 'result' in ended && showsToken(ended.result)
}

async function endOrTime(done: Promise<void>): Promise<void> {
  const timer = new AbortController()
  const late = after(LIMITS.webAnswerMs, undefined, { signal: timer.signal, ref: false })
  // Whichever comes first; the timer that is not needed any more ends with its own error.
  await Promise.race([done, late.catch(() => {})])
  timer.abort()
}
