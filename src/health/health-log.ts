// The log lines of health: one when a host goes down, one when it is up, one when a group begins to panic and one
// when that is over. Whoever caused it, all of them are written here, by following the changes.
import type { Log } from '../base/log.ts'
import type { Balancer } from '../model/balancer.ts'
import type { Change } from '../model/change.ts'
import type { Group } from '../model/group.ts'
import type { Host } from '../model/host.ts'

/** Write the lines from now on. @returns stops it */
export function followHealth(balancer: Balancer, log: Log): () => void {
  const panicking = new WeakSet<Group>()
  return balancer.follow((change) => {
    const [service = '', name = '', hostName = ''] = change.path.split('/')
    const group = balancer.services[service]?.groups[name]
    if (group === undefined) return
    const host = group.hosts[hostName]
    if (change.field === 'health' && host !== undefined) logHealth(log, group, host)
    if (touchesPanic(change)) logPanic(log, group, panicking)
  })
}

// In its own setter every field but these leaves a group's panic as it is.
function touchesPanic({ action, field = '' }: Change): boolean {
  return action !== 'set' || field === 'health' || field === 'intent' || field === 'weight'
}

function logHealth(log: Log, group: Group, { name, address, health, reason }: Host): void {
  const facts = { service: group.serviceName, group: group.name, host: name, address }
  if (health === 'down') log.warn('host down', { ...facts, reason })
  if (health === 'up') log.info('host up', facts)
}

function logPanic(log: Log, group: Group, panicking: WeakSet<Group>): void {
  const { panic, enabled } = group
  if (panic === panicking.has(group)) return
  const hosts = group.hostList.filter((host) => host.wanted).map((host) => host.name)
  const facts = { service: group.serviceName, group: group.name, enabled, hosts }
  if (panic) {
    panicking.add(group)
    log.error('PANIC', facts)
  } else {
    panicking.delete(group)
    log.info('panic is over', facts)
  }
}
