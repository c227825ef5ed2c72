// Something that is read when a view opens and not again by itself: what somebody works on should not change under the hands.
import { useEffect, useState } from 'preact/hooks'
import { type Problem, problemOf } from '../../api/problem.ts'

export interface ReadOnce<Value> {
  /** Undefined until it was read. */
  readonly value: Value | undefined
  readonly problem: Problem | undefined
  again(): void
}

export function useReadOnce<Value>(read: () => Promise<Value>): ReadOnce<Value> {
  const [state, setState] = useState<{ value?: Value; problem?: Problem }>({})
  const [round, setRound] = useState(0)
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
  }, [round])
  return { value: state.value, problem: state.problem, again: () => setRound(round + 1) }
}
