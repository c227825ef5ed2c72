// Hashes of passwords and tokens stand in documents and nowhere else: what is told or kept of changes is without them.
import type { Difference } from './difference.ts'

/** The fields of operators and of tokens that hold one. */
const SECRETS = ['password', 'hash']

/** The value of a field, or a whole thing where the field is null. */
export function withoutSecrets(field: string | null, value: unknown): unknown {
  if (value === null) return null
  if (field !== null && SECRETS.includes(field)) return value === '' ? '' : '***'
  if (typeof value !== 'object' || !SECRETS.some((secret) => secret in value)) return value
  const fields = Object.entries(value).map(([name, each]) => {
    return [name, SECRETS.includes(name) ? withoutSecrets(name, each) : each]
  })
  return Object.fromEntries(fields)
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
