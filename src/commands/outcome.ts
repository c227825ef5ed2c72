// How one typed line ended, for whoever ran it.

export interface Outcome {
  /** 0 done, 1 refused or failed, 2 not understood, 3 not allowed, 4 no such object, 5 not done in time. */
  readonly exit: number
  /** What is left for standard output when the command is done. Ends with a line end unless it is empty. */
  readonly out: string
  /** For standard error: one sentence, or JSON, that says what is wrong. Ends with a line end unless it is empty. */
  readonly err: string
  /** What was thrown although nobody expected it, for the log of the caller; absent otherwise. */
  readonly fault?: unknown
}

/** What an outcome in JSON holds; null where there is none, and text where it is no JSON. */
export function valuesIn({ out, err }: Pick<Outcome, 'out' | 'err'>): {
  readonly result: unknown
  readonly error: unknown
} {
  const error = valueIn(err)
  const isWrapped = typeof error === 'object' && error !== null && 'error' in error
  return { result: valueIn(out), error: isWrapped ? error.error : error }
}

/** One JSON value, or the text as it is. */
export function valueIn(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
