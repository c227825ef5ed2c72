// A value as the operator sees it: short, without the inside of the prompt, and within the time limit even if it
// prints itself.
import { inspect, types } from 'node:util'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { runLimited } from './limited.ts'
import { readThrown } from './thrown.ts'

export interface TextOptions {
  readonly colors: boolean
  readonly columns: number
  /** How long the value may take to print itself. */
  readonly limitMs: number
}

/** Characters that one result prints at most, whatever its shape. */
const RESULT_MAX = 256 * 1_024

export function textOf(value: unknown, options: TextOptions): string {
  try {
    const text = runLimited(() => inspected(value, options), options.limitMs)
    return text.length <= RESULT_MAX
      ? text
      : `${text.slice(0, RESULT_MAX)}\n… ${text.length} characters in all`
  } catch (error) {
    return `[cannot be printed: ${readThrown(error).reason}]`
  }
}

/** Did an object refuse what was asked of it? That is an answer, and its sentence says it all. */
export function isRefusal(error: unknown): boolean {
  return types.isNativeError(error) && error instanceof BalancerError && error.code !== 'INTERNAL'
}

function inspected(value: unknown, { colors, columns }: TextOptions): string {
  if (isRefusal(value)) return (value as BalancerError).message
  if (isPlainError(value)) return `${value.name}: ${value.message}`.replace(/: $/, '')
  const text = inspect(value, {
    colors,
    depth: 2,
    breakLength: columns,
    maxArrayLength: LIMITS.promptArrayMax,
    maxStringLength: LIMITS.promptStringMax,
  })
  return types.isNativeError(value) ? withoutInside(text) : text
}

/** Errors whose sentence says it all; a stack would only bury it. */
function isPlainError(
  value: unknown,
): value is { readonly name: string; readonly message: string } {
  if (!types.isNativeError(value) || !(value instanceof Error)) return false
  return ['BalancerError', 'Interrupted', 'CutEvaluation', 'RefusedExit'].includes(value.name)
}

/** The frames of a stack that say how the prompt evaluates, which nobody asked for; in colours, too. */
const INSIDE =
  /^(?:\P{L}|\[\d+m)*at .*(?:node:(?:internal\/)?(?:vm|repl|async_hooks)|\blimited:1|\/(?:ssh(?:\/[a-z]+)?\/[a-z-]+|base\/origin)\.[jt]s):\d/u

function withoutInside(stack: string): string {
  const lines = stack.split('\n').filter((line) => !INSIDE.test(line))
  return lines.join('\n')
}
