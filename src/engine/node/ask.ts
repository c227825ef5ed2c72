// The `ask` rule: the operator's own function names the host. Its answer has a deadline; an answer that is late,
// wrong or thrown leaves the client to the fallback rule. Never rejects.
import type { AskQuestion } from '../../model/ask.ts'
import { LIMITS } from '../../base/limits.ts'
import type { AskRule } from '../../scheduler/rule.ts'
import type { EngineEvents } from '../contract.ts'
import type { PickClient } from './picker.ts'
import type { Route } from './route.ts'
import type { Slot } from './slot.ts'

/** The host that was answered, where the client may still be given it; undefined where there is no usable answer. */
export async function askForSlot(
  rule: AskRule,
  route: Route,
  client: PickClient,
): Promise<Slot | undefined> {
  const { service = '', group = '' } = route.table ?? {}
  const hosts = route.candidates(client).map(({ host: { name, counters, weight } }) => {
    return { name, open: counters.open, weight }
  })
  const name = await answerOf(rule, route, { service, group, client: client.clientIp, hosts })
  return route.candidates(client).find((slot) => slot.host.name === name)
}

/** The name that was answered. */
async function answerOf(
  rule: AskRule,
  route: Route,
  question: AskQuestion,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, rule.deadlineMs, undefined)
  })
  try {
    const answer = await Promise.race([rule.ask(question), late])
    return typeof answer === 'string' ? answer : undefined
  } catch (error) {
    // A function that throws is one without an answer.
    route.askFailed(question, error)
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** Tells of functions that throw, at most once in a while, however many clients they fail. */
export function askFaultsTo(events: EngineEvents): (question: AskQuestion, error: unknown) => void {
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
