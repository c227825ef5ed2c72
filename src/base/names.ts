// Names of objects: what is accepted, and how paths are made of them.
import { BalancerError } from './errors.ts'
import { LIMITS } from './limits.ts'

/** What is accepted, in the words every refusal uses. */
export const NAME_FORM = `1 to ${LIMITS.nameLengthMax} printable characters without a slash, no blank or dash in front, no blank at the end`

const NAME = /^(?![-\s])[^/\p{C}\p{Zl}\p{Zp}]+(?<!\s)$/u

/** Names that would read as something else in a path, or hide a property of the language. */
const RESERVED: ReadonlySet<string> = new Set(['listen', '__proto__', '.', '..'])

/** Undefined where the name may be used, or the reason why not. */
export function faultOfName(name: string): string | undefined {
  // A prompt checks no types.
  if (typeof name !== 'string') return `a name is ${NAME_FORM}, got ${typeof name}`
  if (RESERVED.has(name)) return `${name} is reserved`
  const fits = name.length <= LIMITS.nameLengthMax && NAME.test(name)
  return fits ? undefined : `a name is ${NAME_FORM}, got ${JSON.stringify(name)}`
}

/** @throws BalancerError NAME_BAD */
export function requireName(name: string): string {
  const fault = faultOfName(name)
  if (fault !== undefined) throw new BalancerError('NAME_BAD', fault)
  return name
}
