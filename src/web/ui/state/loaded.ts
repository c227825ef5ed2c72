// Something that was read from the server and is read again when it is old, as long as anybody looks at it.
import { useMemo } from 'preact/hooks'
import { get } from '../api/call.ts'
import { type Problem, problemOf } from '../api/problem.ts'
import { oneByOne } from './one-by-one.ts'
import { onStale } from './stale.ts'
import { createStore, type Store, useStore } from './store.ts'

export interface Loaded<Value> {
  /** Undefined until it was read; what was read last where reading it again failed. */
  readonly value: Value | undefined
  readonly problem: Problem | undefined
}

export interface LoadedStore<Value> extends Store<Loaded<Value>> {
  /** Read it again now. */
  readonly refresh: () => Promise<void>
}

/** @param read asks the server @throws nothing: what it throws is the `problem` */
export function createLoaded<Value>(read: () => Promise<Value>): LoadedStore<Value> {
  const store = createStore<Loaded<Value>>({ value: undefined, problem: undefined }, () => {
    // Why it failed the last time that somebody looked is no news.
    const { value, problem } = store.get()
    if (problem !== undefined) store.set({ value, problem: undefined })
    void refresh()
    return onStale(() => void refresh())
  })
  // What changed while it was read may not be in the answer.
  const refresh = oneByOne(async () => {
    try {
      store.set({ value: await read(), problem: undefined })
    } catch (error) {
      store.update(({ value }) => ({ value, problem: problemOf(error) }))
    }
  })
  return { ...store, refresh }
}

/** Read `path` for as long as the component is shown; read again when it is stale. */
export function useLoaded<Value>(
  path: string,
): Loaded<Value> & { readonly refresh: () => Promise<void> } {
  return useLoadedBy(() => get<Value>(path), path)
}

/** The same for whatever is read otherwise. @param about what it is about: the next one forgets what was read */
export function useLoadedBy<Value>(
  read: () => Promise<Value>,
  about: string | number,
): Loaded<Value> & { readonly refresh: () => Promise<void> } {
  const store = useMemo(() => createLoaded(read), [about])
  return { ...useStore(store), refresh: store.refresh }
}
