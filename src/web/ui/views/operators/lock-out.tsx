// What is refused because somebody could not log in again afterwards, and the box to say that it is meant all the same.
import type { Problem } from '../../api/problem.ts'
import { Checkbox } from '../../parts/field.tsx'

interface LockOutProps {
  readonly force: boolean
  readonly onForce: (force: boolean) => void
}

export function LockOut({ force, onForce }: LockOutProps) {
  return (
    <Checkbox
      label="Even where that locks me out, or everybody"
      checked={force}
      onChange={onForce}
    />
  )
}

/** Was it refused only because nobody said that it is meant? */
export function wantsForce(problem: Problem | undefined): boolean {
  return problem?.detail.includes('--force') ?? false
}
