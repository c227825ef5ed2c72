// A conflict for people: what it was, and what became of it on each side.
import { valueText } from '../text/difference.ts'
import { visibleLine } from '../text/visible.ts'

interface Sided {
  readonly path: string
  readonly field: string | null
  readonly base: unknown
}

/** `5`, or what became of a whole thing. */
export function sideText({ field, base }: Sided, value: unknown): string {
  if (field !== null) return valueText(field, value)
  if (value === null) return 'removed it'
  return base === null ? 'added it' : 'changed it'
}

export function baseText({ field, base }: Sided): string {
  if (field !== null) return base === null ? 'nothing' : valueText(field, base)
  return base === null ? 'not there' : 'there'
}

/** What settling it for one side does, in a sentence. */
export function settleText(
  conflict: Sided & { readonly beside: readonly string[] },
  side: 'file' | 'running',
  value: unknown,
): string {
  const { path, field, beside } = conflict
  const where = side === 'file' ? 'as in the file' : 'as it runs'
  const what =
    field === null
      ? `${visibleLine(path)} is ${value === null ? 'removed' : 'kept'}, ${where}`
      : `${visibleLine(path)} becomes ${valueText(field, value)}, ${where}`
  return beside.length === 0 ? what : `${what}; settled with it: ${visibleLine(beside.join(', '))}`
}
