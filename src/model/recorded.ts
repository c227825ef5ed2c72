// A change together with what it must not say, because logs and pages read changes: functions, and the secrets of
// those who get in. Nothing of it leaves the process.
import { type AccessList, type AccessLists, accessListOf, accessListsOf } from './access-lists.ts'
import type { AskFunction } from './ask.ts'
import type { Balancer } from './balancer.ts'
import type { Change } from './change.ts'
import { isAtOrBelow } from './place.ts'

export interface Recorded {
  readonly change: Change
  /** As in the change; for `users` and `tokens` the lists as they were, for `ask` the function. */
  readonly from: unknown
  readonly to: unknown
  /** Functions that went with what was removed, by the path of their group. */
  readonly asks: readonly (readonly [path: string, ask: AskFunction])[]
}

/** Sees every change of one balancer, in order, from the moment it was made. */
export class Recorder {
  readonly #balancer: Balancer
  #asks: Map<string, AskFunction>
  #lists: AccessLists

  constructor(balancer: Balancer) {
    this.#balancer = balancer
    this.#lists = accessListsOf(balancer)
    this.#asks = asksIn(balancer)
  }

  record(change: Change): Recorded {
    const { action, path, field, from, to } = change
    const list = accessListOf(change)
    if (list !== undefined) return this.#recordList(list, change)
    if (field === 'ask') return this.#recordAsk(change)
    // Paths are others from now on.
    if (field === 'name') this.#asks = asksIn(this.#balancer)
    return { change, from, to, asks: action === 'remove' ? this.#forgetBelow(path) : [] }
  }

  #recordList(name: AccessList, change: Change): Recorded {
    const from = this.#lists[name]
    this.#lists = accessListsOf(this.#balancer)
    return { change, from, to: this.#lists[name], asks: [] }
  }

  #recordAsk(change: Change): Recorded {
    const from = this.#asks.get(change.path)
    const group = this.#balancer.groupList.find(({ path }) => path === change.path)
    const to = group?.ask
    if (to === undefined) this.#asks.delete(change.path)
    else this.#asks.set(change.path, to)
    return { change, from, to, asks: [] }
  }

  #forgetBelow(removed: string): Recorded['asks'] {
    const below = [...this.#asks].filter(([path]) => isAtOrBelow(path, removed))
    for (const [path] of below) this.#asks.delete(path)
    return below
  }
}

function asksIn({ groupList }: Balancer): Map<string, AskFunction> {
  return new Map(groupList.flatMap(({ path, ask }) => (ask ? [[path, ask] as const] : [])))
}
