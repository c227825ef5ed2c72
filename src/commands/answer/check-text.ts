// A check in a few words, for sentences about it.
import { CHECK_FIELDS, type CheckValues } from '../../model/fields.ts'

/** `http every 2s`. */
export function textOfCheck({ type, intervalMs }: CheckValues): string {
  return `${type} every ${CHECK_FIELDS.intervalMs.format(intervalMs)}`
}

/** Is it one, where a change may hold anything? */
export function isCheck(value: unknown): value is CheckValues {
  return typeof value === 'object' && value !== null && 'type' in value && 'intervalMs' in value
}
