// Something that is read when a view opens and not again by itself: what somebody works on should not change under the hands.
import { useEffect, useState } from 'preact/hooks'
import { type Problem, problemOf } from '../../api/problem.ts'

export interface ReadOnce<Value> {
  /** Undefined until it was read. */
  readonly value: Value | undefined
  readonly problem: Problem | undefined
  /** It is this by now. */
  put(value: Value): void
}

export function useReadOnce<Value>(read: () => Promise<Value>): ReadOnce<Value> {
  const [state, setState] = useState<{ value?: Value; problem?: Problem }>({})
  useEffect(() => {
    let isShown = true
    const show = (next: typeof state) => {
      if (isShown) setState(next)
    }
    read().then(
      (value) => show({ value }),
      (error: unknown) => show({ problem: problemOf(error) }),
    )
    return () => {
      isShown = false
    }
  }, [])
  const { value, problem } = state
  return { value, problem, put: (next) => setState({ value: next }) }
}
