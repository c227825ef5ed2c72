// The operator's own function is asked which host a client gets. Its answer has a deadline; one that is late, wrong or
// thrown is none. Never rejects. What was thrown is told of now and then.
import { LIMITS } from '../base/limits.ts'
import type { AskQuestion } from '../model/ask.ts'
import type { AskRule } from '../scheduler/rule.ts'
import type { EngineEvents } from './contract.ts'

/** Told of a function that threw instead of an answer. */
export type AskFailed = (question: AskQuestion, error: unknown) => void

/** The name that was answered; undefined where there is no usable answer. */
export async function answerOf(
  { ask, deadlineMs }: AskRule,
  question: AskQuestion,
  askFailed: AskFailed,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, deadlineMs, undefined)
  })
  try {
    const answer = await Promise.race([ask(question), late])
    return typeof answer === 'string' ? answer : undefined
  } catch (error) {
    // A function that throws is one without an answer.
    askFailed(question, error)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** Tells of functions that throw, at most once in a while, however many clients they fail. */
export function askFaultsTo(events: Pick<EngineEvents, 'askFailed'>): AskFailed {
  let toldAt = Number.NEGATIVE_INFINITY
  let more = 0
  return ({ service, group }, error) => {
    const now = performance.now()
    if (now - toldAt < LIMITS.askFaultMs) {
      more += 1
      return
    }
    toldAt = now
    events.askFailed({ service, group, error, more })
    more = 0
  }
}
