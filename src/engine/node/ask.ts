// The `ask` rule: the operator's own function names the host. Its answer has a deadline; an answer that is late,
// wrong or thrown leaves the client to the fallback rule. Never rejects.
import type { AskQuestion } from '../../model/ask.ts'
import type { AskRule } from '../../scheduler/rule.ts'

/** The name that was answered; undefined where there is no usable answer. */
export async function askForHost(
  rule: AskRule,
  question: AskQuestion,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, rule.deadlineMs, undefined)
  })
  try {
    const answer = await Promise.race([rule.ask(question), late])
    return typeof answer === 'string' ? answer : undefined
  } catch {
    // A function that throws is one without an answer; what it threw is the operator's to find at the prompt.
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
