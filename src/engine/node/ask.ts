// The `ask` rule: the operator's own function names the host. Where it has no usable answer the client is left to the
// fallback rule. Never rejects.
import type { AskRule } from '../../scheduler/rule.ts'
import { answerOf } from '../asking.ts'
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
  const question = { service, group, client: client.clientIp, hosts }
  const name = await answerOf(rule, question, route.askFailed)
  return route.candidates(client).find((slot) => slot.host.name === name)
}
