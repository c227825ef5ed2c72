// One value that many parts of the page show: whoever subscribes is told when it is another one. `useStore` makes a
// component one of them.
import { useEffect, useRef, useState } from 'preact/hooks'

export interface Store<Value> {
  get(): Value
  /** The same value (as `Object.is` has it) tells nobody. */
  set(next: Value): void
  update(change: (now: Value) => Value): void
  /** @returns ends it */
  subscribe(listener: () => void): () => void
}

/**
 * @param whileUsed called when the first subscribes; what it returns is called when the last has left
 */
export function createStore<Value>(initial: Value, whileUsed?: () => () => void): Store<Value> {
  const listeners = new Set<() => void>()
  let value = initial
  let release: (() => void) | undefined
  const set = (next: Value): void => {
    if (Object.is(next, value)) return
    value = next
    // Who subscribes because of it is not told of it.
    for (const listener of Array.from(listeners)) listener()
  }
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) release = whileUsed?.()
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        release?.()
        release = undefined
      }
    },
  }
}

/**
 * What a store holds, or a part of it: the component is drawn again only when that part is another one.
 *
 * @param select must return the same object for the same value; pick, do not make
 */
export function useStore<Value>(store: Store<Value>): Value
export function useStore<Value, Part>(store: Store<Value>, select: (value: Value) => Part): Part
export function useStore<Value, Part>(
  store: Store<Value>,
  select?: (value: Value) => Part,
): Value | Part {
  const [, redraw] = useState(0)
  const partOf = () => (select === undefined ? store.get() : select(store.get()))
  const shown = useRef<Value | Part>(undefined as Part)
  const pick = useRef(partOf)
  pick.current = partOf
  shown.current = partOf()
  useEffect(() => {
    const look = () => {
      if (!Object.is(pick.current(), shown.current)) redraw((count) => count + 1)
    }
    // It may have changed between the drawing and now.
    look()
    return store.subscribe(look)
  }, [store])
  return shown.current
}
