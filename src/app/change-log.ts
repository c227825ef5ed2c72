// One log line for every change, with its author. Health has lines of its own (health/health-log.ts). Secrets do
// not come here: changes of operators carry names only.
import type { Facts, Log } from '../base/log.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'

/** Characters of one value in a line; the document has all of it. */
const VALUE_MAX = 200

/** Write the lines from now on. @returns stops it */
export function followChanges(balancer: Balancer, log: Log): () => void {
  return balancer.follow((change) => {
    if (change.field !== 'health') log.info('changed', factsOf(change))
  })
}

function factsOf({ action, path, field, from, to, origin }: Change): Facts {
  const what = field === undefined ? {} : { field }
  return { origin, action, path, ...what, ...shown('from', from), ...shown('to', to) }
}

function shown(name: string, value: unknown): Facts {
  if (value === undefined) return {}
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return { [name]: text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX)}…` }
}
