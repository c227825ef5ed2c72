// Something that is asked of the server: while it is under way, what it says of its progress, and why it was refused,
// beside what was pressed.
import { useEffect, useRef, useState } from 'preact/hooks'
import { type Problem, problemOf } from '../api/problem.ts'
import { Icon } from './icon.tsx'
import './action.css'

export interface Action<Args extends readonly unknown[]> {
  readonly busy: boolean
  readonly problem: Problem | undefined
  /** What was said last of the progress of long work. */
  readonly note: string
  /** Once at a time. @returns whether it was done */
  start(...args: Args): Promise<boolean>
  clear(): void
}

export interface Told {
  readonly onNote: (note: string) => void
  /** Aborted when what was pressed is not shown any more. */
  readonly signal: AbortSignal
}

/** @param run gets where to tell progress, and then what `start` was given */
export function useAction<Args extends readonly unknown[] = []>(
  run: (told: Told, ...args: Args) => unknown,
): Action<Args> {
  const [state, setState] = useState<{ busy: boolean; problem?: Problem; note: string }>(IDLE)
  const shown = useRef<AbortController | undefined>(undefined)
  // Not of the state, which is what was drawn last.
  const isBusy = useRef(false)
  useEffect(() => {
    const controller = new AbortController()
    shown.current = controller
    return () => controller.abort()
  }, [])
  const set = (next: typeof state) => {
    if (!shown.current?.signal.aborted) setState(next)
  }
  return {
    busy: state.busy,
    problem: state.problem,
    note: state.note,
    clear: () => set(isBusy.current ? { busy: true, note: '' } : IDLE),
    async start(...args) {
      if (isBusy.current) return false
      isBusy.current = true
      set({ busy: true, note: '' })
      const signal = shown.current?.signal ?? new AbortController().signal
      const onNote = (note: string) => set({ busy: true, note })
      try {
        await run({ onNote, signal }, ...args)
        set(IDLE)
        return true
      } catch (error) {
        if (!signal.aborted) set({ busy: false, problem: problemOf(error), note: '' })
        return false
      } finally {
        isBusy.current = false
      }
    },
  }
}

const IDLE = { busy: false, note: '' } as const

/** Why something was refused, and what to do about it. */
export function ProblemText({ problem }: { readonly problem: Problem | undefined }) {
  if (problem === undefined) return null
  return (
    <div class="problem" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{problem.title}</strong>
        <p>{problem.detailHere}</p>
        {problem.errors.length > 1 && (
          <ul>
            {problem.errors.map(({ path, detail }) => (
              <li key={path}>
                <code>{path}</code> {detail}
              </li>
            ))}
          </ul>
        )}
        {problem.isChanged && <Changed current={problem.current} />}
      </div>
    </div>
  )
}

function Changed({ current }: { readonly current: string | undefined }) {
  return (
    <>
      <p class="muted">
        Somebody changed it since you began, so nothing was done. Look at what is there now, and do
        it again if you still want to.
      </p>
      {current !== undefined && (
        <details>
          <summary>Show what is there now</summary>
          <pre class="boxed answer">{current}</pre>
        </details>
      )}
    </>
  )
}
