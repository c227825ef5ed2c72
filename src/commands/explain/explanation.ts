// The shape of every `explain`: a verdict, and the reasons for it in order, each with the figures that were used.
import { printable } from '../answer/columns.ts'
import type { JsonShape } from '../command.ts'

type Figure = string | number | boolean | null

export interface Reason {
  /** What was looked at: `intent`, `weight`, `queue`. */
  readonly what: string
  /** What it is now; null where there is no figure. */
  readonly value: Figure
  /** What it is held against; null where it is against nothing. */
  readonly limit: Figure
  /** Does the verdict follow from it? */
  readonly decides: boolean
  /** The same for people. */
  readonly text: string
}

export interface Explanation {
  /** What was asked about. */
  readonly path: string
  /** In one sentence. */
  readonly verdict: string
  /** In the order in which they were looked at. */
  readonly reasons: readonly Reason[]
}

export const EXPLANATION_JSON: JsonShape = {
  list: false,
  fields: ['path', 'verdict', 'reasons'],
}

/** One reason; without a value or a limit where there is none. */
export function reason(
  what: string,
  text: string,
  given: { readonly value?: Figure; readonly limit?: Figure; readonly decides?: boolean } = {},
): Reason {
  const { value = null, limit = null, decides = false } = given
  return { what, value, limit, decides, text }
}

/** The verdict, and a line for each reason; `>` stands before those that decide. */
export function textOfExplanation({ path, verdict, reasons }: Explanation): string {
  const width = Math.max(0, ...reasons.map(({ what }) => what.length))
  const lines = reasons.map(({ what, text, decides }) => {
    return `${decides ? '>' : ' '} ${what.padEnd(width)}  ${printable(text)}\n`
  })
  return `${path}: ${printable(verdict)}\n${lines.join('')}`
}
