// `explain pick`: who would be given the next client of a service, and why, with the figures that its rule goes by.
// Nothing is picked by asking: whoever is next still is.
import { isIP } from 'node:net'
import { plainIp } from '../../base/address.ts'
import { BalancerError } from '../../base/errors.ts'
import type { PickHostView, PickKind, PickView } from '../../model/pick-view.ts'
import type { SchedulerName } from '../../model/scheduler-names.ts'
import type { Service } from '../../model/service.ts'
import { counted } from '../answer/figures.ts'
import { command, type Kind } from '../command.ts'
import type { Process } from '../context.ts'
import { pauseOf } from './host.ts'
import {
  EXPLANATION_JSON,
  type Explanation,
  type Reason,
  reason,
  textOfExplanation,
} from './explanation.ts'
import { servicePath } from '../line/paths.ts'

const ipAddress: Kind<string> = {
  placeholder: 'ADDRESS',
  accepts: 'an IP address without a port',
  read(word) {
    if (isIP(word) !== 0) return plainIp(word)
    const got = `got ${JSON.stringify(word)}`
    throw new BalancerError('VALUE_BAD', `a client is named by its IP address, ${got}`)
  },
}

export const explainPick = command({
  words: ['explain', 'pick'],
  arguments: { service: { kind: servicePath, summary: 'the service' } },
  flags: { client: { kind: ipAddress, summary: 'for a client from there' } },
  role: 'readonly',
  summary: 'say which host the next client would be given, and why; nothing moves by asking',
  examples: ['explain pick web', 'explain pick web --client 192.0.2.7'],
  json: EXPLANATION_JSON,
  run: ({ service, client }, { process }) => explanationOf(service, client, process),
  text: textOfExplanation,
})

function explanationOf(
  service: Service,
  client: string | undefined,
  process: Process,
): Explanation {
  const { path } = service
  const pick = process.explainPick(service.name, client)
  if (pick === undefined) {
    const none = reason('group', `${path} has no group: add one with: add group ${path}/NAME`, {
      decides: true,
    })
    return { path, verdict: 'clients are closed as no-host', reasons: [none] }
  }
  const { scheduler, queue } = service.group(pick.group)
  const reasons = [
    reason('group', `${path}/${pick.group} serves`, { value: pick.group }),
    ...pauseOf(service),
    ...panicOf(service),
    ruleOf(pick, scheduler, client),
    ...(pick.ask ? [askOf()] : []),
    roomOf(pick),
    ...pick.hosts.map((host) => hostOf(host, pick, scheduler)),
  ]
  return { path, verdict: verdictOf(path, pick, client, queue), reasons }
}

function verdictOf(
  path: string,
  pick: PickView,
  client: string | undefined,
  queue: number,
): string {
  const { next, rule, group, hosts, ask, paused } = pick
  const who = client === undefined ? 'the next client' : `a client from ${client}`
  if (paused) return `${who} is held until the pause is over`
  if (isFull(pick) || hosts.every(({ available }) => !available))
    return unservedOf(who, pick, queue)
  const first = ask ? 'unless the ask function names another host, ' : ''
  if (next !== '') return `${first}${who} is given ${path}/${group}/${next}`
  return rule === 'hash'
    ? `${first}it depends on the address of the client: name one with --client`
    : `${first}chance decides, by the shares below`
}

function unservedOf(who: string, pick: PickView, queue: number): string {
  if (!pick.hosts.some(({ ready }) => ready)) return `${who} is closed as no-host: no host is ready`
  const limit = isFull(pick) ? 'the group' : 'every ready host'
  if (pick.waiting < queue) return `${who} waits: ${limit} is at its limit`
  const room = queue === 0 ? 'nobody may wait' : `${pick.waiting} of ${queue} wait already`
  return `${who} is closed as queue-full: ${limit} is at its limit and ${room}`
}

function isFull({ maxSessions, open }: PickView): boolean {
  return maxSessions > 0 && open >= maxSessions
}

const RULES: Readonly<Record<SchedulerName, string>> = {
  roundrobin: 'hosts take turns in a fixed order',
  weightedroundrobin: 'hosts take turns in a fixed order, each as often as its weight says',
  random: 'drawn by chance, whatever the weights',
  weightedrandom: 'drawn by chance, by weight',
  twochoices: 'drawn twice by chance, by weight; the less loaded of both',
  leastconns: 'fewest open sessions, of equals the first',
  leastconnsrr: 'fewest open sessions, of equals the one whose last session ended longest ago',
  weightedleastconns: 'fewest open sessions for the weight, of equals as leastconnsrr',
  sticky: 'by a hash of the address of the client, by weight',
}

/** Those that take no notice of weights but 0. */
const UNWEIGHTED: ReadonlySet<SchedulerName | undefined> = new Set([
  'random',
  'leastconns',
  'leastconnsrr',
] as const)

/** A line only in a panic. */
function panicOf({ servingGroup }: Service): readonly Reason[] {
  if (servingGroup?.panic !== true) return []
  const text = 'PANIC: every wanted host is down, so all of them are tried'
  return [reason('panic', text, { value: true })]
}

function ruleOf(
  { rule, place, places }: PickView,
  scheduler: SchedulerName,
  client: string | undefined,
): Reason {
  const where = {
    cycle: `; turn ${place + 1} of ${places} is next`,
    chance: '',
    least: '',
    hash:
      client === undefined ? `; ${places} slots` : `; ${client} is in slot ${place} of ${places}`,
  }
  const value = place < 0 ? null : place
  return reason('scheduler', `${scheduler}: ${RULES[scheduler]}${where[rule]}`, {
    value,
    limit: places || null,
  })
}

function askOf(): Reason {
  return reason('ask', 'a function is asked first; its answer is not foreseen')
}

function roomOf(pick: PickView): Reason {
  const { open, maxSessions, waiting } = pick
  const of = maxSessions === 0 ? 'no limit of the group' : `of ${maxSessions} of the group`
  const text = `${open} open, ${of}; ${waiting} waiting`
  return reason('sessions', text, {
    value: open,
    limit: maxSessions || null,
    decides: isFull(pick),
  })
}

function hostOf(host: PickHostView, { rule, next }: PickView, scheduler: SchedulerName): Reason {
  const { name, figure, weight, open } = host
  const decides = name === next
  if (figure === null) return reason(name, `skipped: ${skippedBecause(host)}`)
  const counts = !UNWEIGHTED.has(scheduler)
  const because = counts ? `, weight ${weight}` : ''
  const texts: Readonly<Record<PickKind, string>> = {
    cycle: figure === 0 ? 'its turn comes' : `its turn comes after ${counted(figure, 'other')}`,
    chance: `${percent(figure)} of the ${scheduler === 'twochoices' ? 'draws' : 'clients'}${because}`,
    least: counts
      ? `(${open} open + 1) / weight ${weight} = ${Number(figure.toFixed(3))}`
      : `${open} open`,
    hash: `${percent(figure)} of the slots${because}`,
  }
  return reason(name, `${texts[rule]}${decides ? ': it is next' : ''}`, { value: figure, decides })
}

function skippedBecause({ ready, reachable, open, maxSessions }: PickHostView): string {
  if (!reachable) return 'its name has no address'
  if (!ready) return 'not ready; more with: explain host'
  return `at its limit, ${open} of ${maxSessions} sessions are open`
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`
}
