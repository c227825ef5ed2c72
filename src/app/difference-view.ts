// A difference between two configurations as an operator is shown it: the same facts, without secrets.
import type { DifferenceView } from '../commands/context.ts'
import type { Difference } from '../config/compare/difference.ts'

export function viewOf(difference: Difference): DifferenceView {
  const { action, kind, path } = difference
  switch (action) {
    case 'add':
      return { action, kind, path, field: null, before: null, after: withoutSecret(difference.to) }
    case 'remove':
      return { action, kind, path, field: null, before: null, after: null }
    case 'set': {
      const { field, from, to } = difference
      const [before, after] = field === SECRET ? [masked(from), masked(to)] : [from, to]
      return { action, kind, path, field, before, after }
    }
    default:
      return action satisfies never
  }
}

/** The hash of a password. */
const SECRET = 'password'

function withoutSecret(value: object): object {
  return SECRET in value ? { ...value, [SECRET]: masked(value[SECRET]) } : value
}

function masked(secret: unknown): unknown {
  return secret === '' ? '' : '***'
}
