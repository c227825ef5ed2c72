// Model to routing table: the one place where intent, health, panic and schedulers become plain data for engines.
import { LIMITS } from '../base/limits.ts'
import { heldMost } from './descriptors.ts'
import type { ListenerTable, RoutingTable, TableHost } from '../engine/table.ts'
import type { Group } from '../model/group.ts'
import { Host } from '../model/host.ts'
import { Listener } from '../model/listener.ts'
import type { Service } from '../model/service.ts'
import type { Target } from '../model/target.ts'
import type { PickRule, TableRule } from '../scheduler/rule.ts'
import { SCHEDULERS } from '../scheduler/table.ts'

/** Where to connect to for a host now; undefined while its name has no address. */
export type TargetOf = (host: Host) => Target | undefined

/** Compiles tables, and compiles a rule again only when hosts, weights or the scheduler changed. */
export class TableCompiler {
  readonly #targetOf: TargetOf
  readonly #followed: () => boolean
  readonly #rules = new WeakMap<Group, { readonly key: string; readonly rule: TableRule }>()
  readonly #heldMost = heldMost()
  #generation = 0

  /** @param followed does somebody follow the sessions of all services? */
  constructor(targetOf: TargetOf, followed = () => false) {
    this.#targetOf = targetOf
    this.#followed = followed
  }

  /** The table by which `service` is served now; undefined while it has no group. */
  compile(service: Service): RoutingTable | undefined {
    const group = service.servingGroup
    if (group === undefined) return undefined
    const { maxSessions, retries, connectTimeoutMs, idleTimeoutMs, queue, queueTimeoutMs, proxy } =
      group
    return {
      service: service.name,
      engine: service.engine,
      group: group.name,
      generation: ++this.#generation,
      rule: this.#ruleOf(group),
      hosts: this.#hostsOf(group),
      maxSessions,
      retries,
      connectTimeoutMs,
      idleTimeoutMs,
      queue,
      queueTimeoutMs,
      hold: service.paused ? this.#heldMost : 0,
      proxy,
      accessLog: service.accessLog || this.#followed(),
      onWaiting: (waiting) => group.noteWaiting(waiting),
    }
  }

  #hostsOf(group: Group): readonly TableHost[] {
    const { panic } = group
    return group.hostList.map((host) => {
      const { id, name, address, weight, maxSessions } = host
      const counters = Host.countersOf(host)
      const target = this.#targetOf(host)
      const suspect = host.health === 'down'
      const ready = host.wanted && (panic || !suspect) && target !== undefined
      return { id, name, address, weight, target, ready, suspect, maxSessions, counters }
    })
  }

  #ruleOf(group: Group): PickRule {
    const rule = this.#tableRuleOf(group)
    const { ask } = group
    return ask === undefined ? rule : { kind: 'ask', ask, deadlineMs: LIMITS.askMs, fallback: rule }
  }

  #tableRuleOf(group: Group): TableRule {
    const hosts = group.hostList
    const key = `${group.scheduler} ${hosts.map(({ id, weight }) => `${id}*${weight}`).join(' ')}`
    const known = this.#rules.get(group)
    if (known?.key === key) return known.rule
    const rule = SCHEDULERS[group.scheduler](hosts)
    this.#rules.set(group, { key, rule })
    return rule
  }
}

export function listenerTableOf(listener: Listener): ListenerTable {
  const { id, serviceName: service, engine, address, maxSessions, proxy, allow, deny } = listener
  const counters = Listener.countersOf(listener)
  return { id, service, engine, address, maxSessions, proxy, allow, deny, counters }
}
