// What a document, a candidate or a revision changes, in the words of an operator: one line for each difference.
import type { DifferenceView } from '../documents.ts'
import { textOfField } from './change-text.ts'
import { counted } from './figures.ts'

/** One line for each. */
export function linesOf(differences: readonly DifferenceView[]): string {
  return differences.map((difference) => `${textOfDifference(difference)}\n`).join('')
}

/** `3 differences`, `no differences`. */
export function countOf({ length }: readonly DifferenceView[]): string {
  return length === 0 ? 'no differences' : counted(length, 'difference')
}

/** `~ web/main/a: weight 1 -> 5`, `+ host web/main/d 10.0.0.4:80` */
export function textOfDifference(difference: DifferenceView): string {
  const { action, kind, path, field, before, after } = difference
  switch (action) {
    case 'add':
      return `+ ${kind} ${path}${addressOf(kind, after)}`
    case 'remove':
      return `- ${kind} ${path}`
    case 'set':
      return `~ ${textOfField(path, field ?? '', before, after)}`
    default:
      return action satisfies never
  }
}

function addressOf(kind: string, added: unknown): string {
  return kind === 'host' ? ` ${(added as { readonly address: string }).address}` : ''
}
