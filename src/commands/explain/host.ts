// `explain host`: why it gets new sessions or does not, fact by fact, with the figures.
import { formatAddress } from '../../base/address.ts'
import { BalancerError } from '../../base/errors.ts'
import type { CheckView } from '../../model/check-view.ts'
import type { Group } from '../../model/group.ts'
import type { Host } from '../../model/host.ts'
import type { Service } from '../../model/service.ts'
import { NO_ADDRESS, type Target } from '../../model/target.ts'
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
import { hostPath } from '../line/paths.ts'
import { tells } from '../show/checks.ts'

export const explainHost = command({
  words: ['explain', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  role: 'readonly',
  summary: 'say why a host gets new sessions or does not: every fact that counts, with its figures',
  examples: ['explain host web/main/a'],
  json: EXPLANATION_JSON,
  run: ({ host }, { process }) => explanationOf(host, process),
  text: textOfExplanation,
})

function explanationOf(host: Host, process: Process): Explanation {
  const { service: serviceName, group: groupName } = host.describe()
  const service = process.balancer.services[serviceName]
  const group = service?.groups[groupName]
  if (service === undefined || group === undefined)
    throw new BalancerError('NOT_FOUND', `${host.path} was removed`)
  const target = process.targetOf(host)
  const reasons = [
    intentOf(host),
    weightOf(host),
    healthOf(host, group),
    ...process.checksOf(host).filter(tells).map(checkOf),
    addressOf(host, target),
    limitOf(host),
    panicOf(group),
    groupOf(group, service.enabledGroup),
    ...pauseOf(service),
  ]
  const against = reasons.filter(({ decides }) => decides)
  const verdict =
    against.length === 0
      ? 'ready: it gets new sessions'
      : `gets no new sessions: ${against.map(({ text }) => text).join('; ')}`
  return { path: host.path, verdict, reasons }
}

function intentOf({ intent }: Host): Reason {
  const text =
    intent === 'enabled' ? 'enabled: it is wanted' : `${intent}: an operator wants no new sessions`
  return reason('intent', text, { value: intent, limit: 'enabled', decides: intent !== 'enabled' })
}

function weightOf({ weight }: Host): Reason {
  const text = weight === 0 ? 'weight 0 gets no new sessions' : `weight ${weight}`
  return reason('weight', text, { value: weight, limit: 0, decides: weight === 0 })
}

// In a panic the hosts that are down are tried as well.
function healthOf({ health, reason: why, healthSince }: Host, { panic }: Group): Reason {
  const since = healthSince === 0 ? '' : ` for ${spanOf(Date.now() - healthSince)}`
  const because = why === '' ? '' : `, ${why}`
  const nobody = health === 'unknown' && why === '' ? ', nobody has looked yet' : ''
  const decides = health === 'down' && !panic
  return reason('health', `${health}${since}${because}${nobody}`, { value: health, decides })
}

function checkOf({ check, good, bad, rise, fall, nextMs, results }: CheckView): Reason {
  const last = results.at(-1)
  const said =
    last === undefined
      ? 'no result yet'
      : `${last.outcome}${last.reason === '' ? '' : ` (${last.reason})`} ${agoOf(last.time)}, took ${last.tookMs} ms`
  const needed = [
    rise > 0 ? `${rise} good bring it back` : '',
    fall > 0 ? `${fall} bad take it out` : '',
  ]
  const rule = needed.filter((part) => part !== '').join(', ')
  const streak = bad > 0 ? `${bad} bad in a row` : `${good} good in a row`
  const next = nextMs === null ? '' : `; next in ${spanOf(nextMs)}`
  const first = check === 'clients' ? '' : `${said}; `
  return reason(check, `${first}${streak}${rule === '' ? '' : ` (${rule})`}${next}`, {
    value: bad > 0 ? -bad : good,
    limit: bad > 0 ? fall : rise,
  })
}

function addressOf({ address }: Host, target: Target | undefined): Reason {
  const resolved = target === undefined ? null : formatTarget(target)
  const decides = resolved === null
  if (decides) return reason('address', `${address}: ${NO_ADDRESS}`, { decides })
  const text = resolved === address ? address : `${address} is ${resolved}`
  return reason('address', text, { value: resolved })
}

function formatTarget(target: Target): string {
  if ('path' in target) return formatAddress({ kind: 'unix', path: target.path })
  return formatAddress({ kind: 'tcp', host: target.host, port: target.port })
}

function limitOf({ counters: { open }, maxSessions, full }: Host): Reason {
  const text =
    maxSessions === 0
      ? `${open} open, no limit of its own`
      : `${open} of ${maxSessions} sessions are open`
  return reason('sessions', text, { value: open, limit: maxSessions || null, decides: full })
}

function panicOf({ panic, path, hostList }: Group): Reason {
  const wanted = hostList.filter((host) => host.wanted)
  const down = wanted.filter(({ health }) => health === 'down').length
  const text = panic
    ? `PANIC: all ${wanted.length} wanted hosts of ${path} are down, so all of them are tried`
    : `no: ${down} of ${wanted.length} wanted hosts are down`
  return reason('panic', text, { value: down, limit: wanted.length })
}

function groupOf({ path, enabled }: Group, serving: string): Reason {
  const text = enabled ? `${path} serves` : `${path} does not serve, ${serving || 'no group'} does`
  return reason('group', text, { value: enabled, limit: true, decides: !enabled })
}

/** A line only while there is a pause. */
export function pauseOf({ paused, pausedUntil, path }: Service): readonly Reason[] {
  if (!paused) return []
  const left = spanOf(pausedUntil - Date.now())
  const text = `${path} is paused for another ${left}: new clients are held`
  return [reason('pause', text, { value: true, decides: true })]
}
