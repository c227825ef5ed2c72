// `explain session`: where a session came in, how it came to its host, and what can end it.
import { BalancerError } from '../../base/errors.ts'
import type { SessionDetail, SessionStep } from '../../model/session-view.ts'
import { command } from '../command.ts'
import type { Process } from '../context.ts'
import { agoOf, spanOf } from '../answer/figures.ts'
import {
  EXPLANATION_JSON,
  type Explanation,
  type Reason,
  reason,
  textOfExplanation,
} from './explanation.ts'
import { sessionId } from '../verbs/kill.ts'

export const explainSession = command({
  words: ['explain', 'session'],
  arguments: { id: { kind: sessionId, summary: 'the session' } },
  role: 'readonly',
  summary: 'say where a session came in, why it has its host, and what will end it',
  examples: ['explain session 42'],
  json: EXPLANATION_JSON,
  run({ id }, { process }) {
    const session = process.session(id)
    if (session !== undefined) return explanationOf(session, process)
    throw new BalancerError(
      'NOT_FOUND',
      `no session ${id} is open; if it never reached a host: explain refusal`,
    )
  },
  text: textOfExplanation,
})

const STEPS: Readonly<Record<SessionStep, string>> = {
  header: 'waits for the PROXY header of the client',
  choosing: 'a host is being chosen',
  held: 'waits, because the service is paused',
  queued: 'waits for room on a host',
  connecting: 'connects to its host',
  relaying: 'carries bytes between client and host',
}

function explanationOf(session: SessionDetail, process: Process): Explanation {
  const { id, client, service, group, host, step } = session
  const at = host === '' ? 'at no host yet' : `on ${service}/${group}/${host}`
  const reasons = [
    listenerOf(session),
    ...hostOf(session, process),
    ...triedOf(session, process),
    stepOf(session, process),
    idleOf(session),
    bytesOf(session),
    ...endsOf(session),
  ]
  const who = client === '' ? 'a local client' : client
  return { path: `session ${id}`, verdict: `${who} ${at}: ${STEPS[step]}`, reasons }
}

function listenerOf({ service, listener, since }: SessionDetail): Reason {
  return reason('listener', `came in at ${service}/listen/${listener} ${agoOf(since)}`, {
    value: new Date(since).toISOString(),
  })
}

function hostOf(session: SessionDetail, { balancer }: Process): readonly Reason[] {
  const { service, group, host, connectMs } = session
  if (host === '') return []
  const scheduler = balancer.services[service]?.groups[group]?.scheduler
  const by =
    scheduler === undefined ? 'its group is gone' : `by ${scheduler} of ${service}/${group}`
  const took = connectMs < 0 ? '' : `; connected ${connectMs} ms after it came in`
  return [reason('host', `${host}, ${by}${took}`, { value: host })]
}

// Retries beyond the number of hosts are no limit: each host is tried once.
function triedOf(session: SessionDetail, { balancer }: Process): readonly Reason[] {
  const { service, group, attempts, tried, retries } = session
  if (attempts === 0) return []
  const hosts = balancer.services[service]?.groups[group]?.hostList.length ?? retries + 1
  const most = Math.min(retries + 1, hosts)
  const names = tried.filter((name) => name !== '').join(', ') || 'hosts that are gone by now'
  const before = tried.length === 0 ? 'none refused it' : `not accepted by ${names}`
  const text = `${attempts} of at most ${most} tried; ${before}`
  return [reason('attempts', text, { value: attempts, limit: most })]
}

function stepOf({ step, service, ...session }: SessionDetail, { balancer }: Process): Reason {
  const pausedUntil = balancer.services[service]?.pausedUntil ?? 0
  // A client that is held has no deadline of its own; the pause has one.
  const pauseLeftMs = pausedUntil === 0 ? null : Math.max(0, pausedUntil - Date.now())
  const leftMs = step === 'held' ? pauseLeftMs : session.leftMs
  const left = leftMs === null ? 'no deadline' : `${spanOf(leftMs)} left`
  return reason('step', `${step}: ${STEPS[step]}, ${left}`, { value: leftMs })
}

function idleOf({ idleMs, idleTimeoutMs }: SessionDetail): Reason {
  const limit = idleTimeoutMs === 0 ? 'which never ends it' : `of ${spanOf(idleTimeoutMs)}`
  return reason('idle', `no byte moved for ${spanOf(idleMs)}, ${limit}`, {
    value: idleMs,
    limit: idleTimeoutMs || null,
  })
}

function bytesOf({ bytesFromClient, bytesFromHost }: SessionDetail): Reason {
  return reason('bytes', `${bytesFromClient} from the client, ${bytesFromHost} from the host`, {
    value: bytesFromClient + bytesFromHost,
  })
}

/** What will end it, the surest first. */
function endsOf({ id, step, leftMs, idleMs, idleTimeoutMs }: SessionDetail): readonly Reason[] {
  const byItself =
    step === 'relaying' ? 'when both sides have ended, or one resets' : 'when the client leaves'
  const ends = [
    leftMs === null ? '' : `this step in ${spanOf(leftMs)}`,
    step !== 'relaying' || idleTimeoutMs === 0
      ? ''
      : `as idle in ${spanOf(idleTimeoutMs - idleMs)}, if no byte moves`,
    byItself,
    `at once by: kill session ${id}`,
  ]
  return ends
    .filter((text) => text !== '')
    .map((text, index) => reason('ends', text, { decides: index === 0 }))
}
