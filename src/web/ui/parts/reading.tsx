// Above what was read from the server: that it is still being read, or why it could not be.
import type { Problem } from '../api/problem.ts'
import { ProblemText } from './action.tsx'
import { Loading } from './progress.tsx'

interface ReadingProps {
  readonly of: { readonly value: unknown; readonly problem: Problem | undefined }
  /** `the keys` */
  readonly what: string
}

export function Reading({ of: { value, problem }, what }: ReadingProps) {
  if (value === undefined && problem === undefined) return <Loading what={what} />
  return <ProblemText problem={problem} />
}
