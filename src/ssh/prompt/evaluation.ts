// One piece of code on its way through Node's evaluator, and its end: a value, an error, or a wish for more
// lines. Forgotten by the evaluator as soon as it ended or was given up.
import { isUnfinished } from './repl-private.ts'

export type Evaluated =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: unknown }
  /** The code may go on in the next line. */
  | { readonly kind: 'unfinished'; readonly error: unknown }

export interface Evaluation {
  readonly result: Promise<Evaluated>
  /** Nobody waits any more. */
  forget(): void
}

type Callback = (error: unknown, value?: unknown) => void

/** @param start hands the code and this callback to the evaluator; what it throws is the result */
export function evaluation(start: (callback: Callback) => void): Evaluation {
  const slot: Slot = { settle: undefined }
  const result = new Promise<Evaluated>((resolve) => {
    slot.settle = resolve
  })
  try {
    start(callbackInto(slot))
  } catch (error) {
    slot.settle?.({ kind: 'error', error })
  }
  return {
    result,
    forget() {
      slot.settle = undefined
    },
  }
}

interface Slot {
  settle: ((result: Evaluated) => void) | undefined
}

// V8 keeps compiled scripts in a cache for longer than anybody wants, each script keeps the evaluator's
// closures, and those keep the callback. So the callback must lead nowhere afterwards: with a closure over
// the context in its place, every login that evaluated a line would keep all its variables.
function callbackInto(slot: Slot): Callback {
  return (error, value) => {
    const { settle } = slot
    slot.settle = undefined
    settle?.(evaluatedOf(error, value))
  }
}

function evaluatedOf(error: unknown, value: unknown): Evaluated {
  if (isUnfinished(error)) return { kind: 'unfinished', error }
  return error === null || error === undefined ? { kind: 'value', value } : { kind: 'error', error }
}
