// `explain refusal`: why the last clients that never reached a host did not, each with the figures of that moment.
import { CLOSE_REASONS, type CloseReason } from '../../base/close-reasons.ts'
import { LIMITS } from '../../base/limits.ts'
import { whole } from '../../model/field.ts'
import type { RefusedSessionView } from '../../model/session-view.ts'
import { command, type Kind } from '../command.ts'
import type { Process } from '../context.ts'
import { counted, spanOf } from '../answer/figures.ts'
import {
  EXPLANATION_JSON,
  type Explanation,
  type Reason,
  reason,
  textOfExplanation,
} from './explanation.ts'
import { fieldFlag } from '../line/kinds.ts'

/** Refusals that are told where nothing is said. */
const SHOWN = 10

const limit = whole({
  attribute: 'limit',
  summary: `refusals to tell at most, the last ones; ${SHOWN} where it is left out`,
  effect: 'at once',
  min: 1,
  max: LIMITS.refusalsKept,
  standard: SHOWN,
})

interface Whose {
  readonly text: string
  includes(session: RefusedSessionView): boolean
}

/** A name of a service, or the beginning of a client's address that ends where its port begins. */
const whose: Kind<Whose> = {
  placeholder: 'SERVICE|CLIENT',
  accepts: 'the name of a service, or the address of a client with or without its port',
  read(word, { balancer }) {
    const isAddress = balancer.services[word] === undefined && /[.:]/.test(word)
    if (isAddress) return { text: word, includes: ({ client }) => isFrom(client, word) }
    const { name } = balancer.service(word)
    return { text: name, includes: ({ service }) => service === name }
  },
  candidates: ({ balancer }) => balancer.serviceList.map(({ name }) => name),
}

export const explainRefusal = command({
  words: ['explain', 'refusal'],
  arguments: { whose: { kind: whose, summary: 'only of these', optional: true } },
  flags: { limit: fieldFlag('N', limit) },
  role: 'readonly',
  summary: 'say why the last clients that never reached a host did not, newest first',
  examples: ['explain refusal', 'explain refusal web', 'explain refusal 192.0.2.7 --limit 50'],
  json: EXPLANATION_JSON,
  run: ({ whose: of, limit: most = SHOWN }, { process }) => explanationOf(of, most, process),
  text: textOfExplanation,
})

function explanationOf(of: Whose | undefined, most: number, process: Process): Explanation {
  const all = process.refusals().filter((session) => of === undefined || of.includes(session))
  const path = of?.text ?? 'all services'
  const [first] = all
  if (first === undefined) return { path, verdict: 'nobody was refused', reasons: [] }
  const shown = all.slice(-most).toReversed()
  const since = new Date(first.time).toISOString()
  const clients = counted(all.length, 'client')
  const verdict = `${clients} did not reach a host since ${since}: ${countsOf(all)}`
  return { path, verdict, reasons: shown.map(reasonFor) }
}

/** `no-host 12, denied 3`: the most frequent first. */
function countsOf(refused: readonly RefusedSessionView[]): string {
  const counts = new Map<string, number>()
  for (const { reason: why } of refused) counts.set(why, (counts.get(why) ?? 0) + 1)
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.map(([why, count]) => `${why} ${count}`).join(', ')
}

function reasonFor(session: RefusedSessionView): Reason {
  const { reason: why, client, service, listener, time } = session
  const known = Object.hasOwn(CLOSE_REASONS, why) ? CLOSE_REASONS[why as CloseReason] : ''
  const { value, limit: held, text } = figuresOf(session)
  const when = new Date(time).toISOString()
  const who = client === '' ? 'a client that had left' : client
  const sentence = `${when} ${who} at ${service}/listen/${listener}: ${known}${text}`
  return reason(why, sentence, { value, limit: held, decides: true })
}

interface Figures {
  readonly value: number
  readonly limit: number | null
  readonly text: string
}

/** What decided, and what it was held against. */
function figuresOf(session: RefusedSessionView): Figures {
  const { hosts, ready, attempts, retries, waiting, queue, durationMs } = session
  switch (session.reason as CloseReason) {
    case 'no-host':
      return { value: ready, limit: hosts, text: `; ${ready} of ${hosts} hosts were ready` }
    case 'connect-failed': {
      const most = Math.min(retries + 1, hosts)
      return { value: attempts, limit: most, text: `; tried ${attempts} of at most ${most} hosts` }
    }
    case 'queue-full':
      return { value: waiting, limit: queue, text: `; ${waiting} waited, the queue takes ${queue}` }
    case 'queue-timeout': {
      const { queueTimeoutMs } = session
      const text = `; ${spanOf(durationMs)} of at most ${spanOf(queueTimeoutMs)} waited`
      return { value: durationMs, limit: queueTimeoutMs, text }
    }
    case 'listener-full': {
      const { listenerOpen: value, listenerMax } = session
      return { value, limit: listenerMax, text: `; its limit is ${listenerMax} sessions` }
    }
    case 'denied':
      return { value: 0, limit: null, text: '; see allow and deny in: show listeners' }
    default:
      return { value: durationMs, limit: null, text: `, after ${spanOf(durationMs)}` }
  }
}

function isFrom(client: string, word: string): boolean {
  return client === word || client.startsWith(`${word}:`) || client.startsWith(`[${word}]:`)
}
