// What the running system and a candidate, or the file, both changed, in the words of an operator.
import type { CandidateConflictView } from '../documents.ts'
import { textOfValue } from './change-text.ts'

/** `web/main/a/weight: candidate 5, running 3, was 1` */
export function textOfConflict(conflict: CandidateConflictView): string {
  const { path, base, candidate, running } = conflict
  const of = (value: unknown) => textOfSide(conflict, value)
  const was = base === null ? '' : `, was ${of(base)}`
  return conflict.field === null
    ? `${path}: candidate ${of(candidate)}, running ${of(running)}`
    : `${path}: candidate ${of(candidate)}, running ${of(running)}${was}`
}

/** The value of one side: `5`, or what became of a whole thing. */
export function textOfSide(
  { path, field, base }: Pick<CandidateConflictView, 'path' | 'field' | 'base'>,
  value: unknown,
): string {
  if (field !== null) return textOfValue(path.slice(0, path.lastIndexOf('/')), field, value)
  if (value === null) return 'removed it'
  return base === null ? 'added it' : 'changed it'
}
