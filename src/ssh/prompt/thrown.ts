// What can be told of anything that was thrown. Whatever code of a prompt threw may be of its own making: reading it
// may run a getter, which may throw again or never end.
import { messageOf, stackOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { runLimited } from './limited.ts'

/** Characters of a reason or a stack. */
const TEXT_MAX = 4_000

export interface Thrown {
  readonly reason: string
  readonly stack: string | undefined
}

/** Never throws, and ends within the time limit of a prompt. */
export function readThrown(error: unknown): Thrown {
  const read = () => ({
    reason: messageOf(error).slice(0, TEXT_MAX),
    stack: stackOf(error)?.slice(0, TEXT_MAX),
  })
  try {
    return runLimited(read, LIMITS.promptEvaluationMs)
  } catch {
    return { reason: 'an error that cannot be read', stack: undefined }
  }
}
