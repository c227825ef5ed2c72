// Who is behind what happens now. The origin travels with a call through every await
// (AsyncLocalStorage), so that a change made five functions deep still knows its author.
import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * `file`, `health`, `start`, `embedding`, `ssh:alice`, `login:alice`, `web:bob`, `api:deploy`, `discovery:etcd`; and
 * `confirm:alice`, which takes back a commit of alice that nobody confirmed.
 */
export type Origin = string

/** One thing that somebody does: a typed line, an evaluation, one reading of the file. Told apart by identity. */
export interface Act {
  readonly origin: Origin
  /** Of an act that is in the audit log; its parts share it. */
  noted?: Noted | undefined
}

interface Noted {
  underWay: boolean
}

const storage = new AsyncLocalStorage<Act>()

/** Run `task` as one act, with `origin` as the author of everything it changes. */
export function withOrigin<Result>(origin: Origin, task: () => Result): Result {
  // A part of something that is noted is noted with it.
  return storage.run({ origin, noted: currentAct()?.noted }, task)
}

/** Run `task` as an act of its own, by whoever is behind what happens now. */
export function asOneAct<Result>(task: () => Result): Result {
  return withOrigin(currentOrigin(), task)
}

/** Run what was just noted in the audit log: to its end, whatever becomes of the log meanwhile. */
export async function whileNoted<Result>(task: () => Promise<Result>): Promise<Result> {
  const act: Act = currentAct() ?? { origin: currentOrigin() }
  const before = act.noted
  const noted = { underWay: true }
  act.noted = noted
  try {
    return await task()
  } finally {
    noted.underWay = false
    act.noted = before
  }
}

/** Is what happens now part of something that is in the audit log, and not done yet? */
export function isNoted(): boolean {
  return currentAct()?.noted?.underWay === true
}

/** The author of what happens now; `embedding` where nobody said. */
export function currentOrigin(): Origin {
  return currentAct()?.origin ?? 'embedding'
}

/** The act that is under way; undefined where nobody said who does what. */
export function currentAct(): Act | undefined {
  return storage.getStore()
}
