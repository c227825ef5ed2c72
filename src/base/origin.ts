// Who is behind what happens now. The origin travels with a call through every await
// (AsyncLocalStorage), so that a change made five functions deep still knows its author.
import { AsyncLocalStorage } from 'node:async_hooks'

/** `file`, `health`, `start`, `embedding`, `ssh:alice`, `web:bob`, `api:deploy`, `discovery:etcd`. */
export type Origin = string

const storage = new AsyncLocalStorage<Origin>()

/** Run `task` with `origin` as the author of everything it changes. */
export function withOrigin<Result>(origin: Origin, task: () => Result): Result {
  return storage.run(origin, task)
}

/** The author of what happens now; `embedding` where nobody said. */
export function currentOrigin(): Origin {
  return storage.getStore() ?? 'embedding'
}
