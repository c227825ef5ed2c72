// What the ancestors told of a running system in plain text, line for line as their scripts read it.
import type { Process } from '../../commands/context.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import type { Host } from '../../model/host.ts'
import type { Service } from '../../model/service.ts'

/** `running.txt`: services by port, groups, hosts in rotation by address, and those that are not. */
export function runningText({ serviceList }: Pick<Balancer, 'serviceList'>): string {
  return linesOf(serviceList.flatMap(serviceLines))
}

/** `status.txt`, which never had a body there. */
export function statusText(process: Process): string {
  const { version, engine, startedAt, balancer, sessionCount } = process
  const seconds = Math.max(0, Math.round((Date.now() - startedAt) / 1_000))
  return linesOf([
    `version ${version}`,
    `engine ${engine.name}`,
    `uptime ${seconds}`,
    `services ${balancer.serviceList.length}`,
    `sessions ${sessionCount}`,
    `unsaved ${process.document().unsaved ?? '-'}`,
  ])
}

/** In rotation, as the ancestors had it: not known to be down, and not taken out by anybody. */
export function isInRotation({ intent, health }: Host): boolean {
  return intent === 'enabled' && health !== 'down'
}

/** Why it is not in rotation, in one word: `conn_refused` was one of theirs. */
function wordFor({ notReadyBecause }: Host): string {
  return notReadyBecause.trim().replaceAll(/[^\w.:/-]+/g, '_') || 'down'
}

export function byAddress(one: Host, other: Host): number {
  return one.address < other.address ? -1 : one.address > other.address ? 1 : 0
}

function serviceLines({ name, listenerList, groupList, enabledGroup }: Service): readonly string[] {
  const serving = enabledGroup === '' ? '-' : enabledGroup
  return [
    ...listenerList.map(({ address }) => `service ${name} ${address} ${serving}`),
    ...groupList.flatMap(groupLines),
  ]
}

function groupLines({ name, enabled, hostList }: Group): readonly string[] {
  const hosts = hostList.toSorted(byAddress)
  const good = hosts.filter(isInRotation)
  const bad = hosts.filter((host) => !isInRotation(host))
  return [
    `group ${name} ${enabled ? 'enabled' : 'inactive'}`,
    ...good.map((host) => `host ${host.name} ${host.address} ${host.counters.open} -`),
    ...bad.map((host) => `disabled ${host.name} ${host.address} ${wordFor(host)} -`),
  ]
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}
