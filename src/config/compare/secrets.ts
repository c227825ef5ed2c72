// Hashes of passwords stand in documents and nowhere else: what is told or kept of changes is without them.
import type { Difference } from './difference.ts'

/** The field of operators that holds one. */
const SECRET = 'password'

/** The value of a field, or a whole thing where the field is null. */
export function withoutSecrets(field: string | null, value: unknown): unknown {
  if (value === null) return null
  if (field === SECRET) return value === '' ? '' : '***'
  if (typeof value !== 'object' || !(SECRET in value)) return value
  return { ...value, [SECRET]: withoutSecrets(SECRET, value[SECRET]) }
}

/** The same difference. */
export function withoutSecretsIn(difference: Difference): Difference {
  switch (difference.action) {
    case 'add':
      return { ...difference, to: withoutSecrets(null, difference.to) } as Difference
    case 'remove':
      return difference
    case 'set': {
      const { field, from, to } = difference
      const [before, after] = [from, to].map((value) => withoutSecrets(field, value))
      return { ...difference, from: before, to: after }
    }
    default:
      return difference satisfies never
  }
}
