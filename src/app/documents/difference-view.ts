// A difference between two configurations as an operator is shown it: the same facts, without secrets.
import type { DifferenceView } from '../../commands/documents.ts'
import type { Difference } from '../../config/compare/difference.ts'
import { withoutSecretsIn } from '../../config/compare/secrets.ts'

export function viewOf(difference: Difference): DifferenceView {
  const shown = withoutSecretsIn(difference)
  const { action, kind, path } = shown
  switch (action) {
    case 'add':
      return { action, kind, path, field: null, before: null, after: shown.to }
    case 'remove':
      return { action, kind, path, field: null, before: null, after: null }
    case 'set':
      return { action, kind, path, field: shown.field, before: shown.from, after: shown.to }
    default:
      return action satisfies never
  }
}
