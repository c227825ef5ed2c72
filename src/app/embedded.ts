// Sluice inside somebody's own application: services from plain objects, no files, no ssh, no process handlers.
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import type { Balancer } from '../model/balancer.ts'
import type { AskFunction } from '../model/ask.ts'
import type { GroupValues, HostValues, ListenerValues, ServiceValues } from '../model/fields.ts'
import { requireValue } from '../model/field.ts'
import { SETTING_FIELDS } from '../model/setting-fields.ts'
import { ENGINE_FIELDS, type EngineChoice } from './choose-engine.ts'
import { Core } from './core.ts'

export { BalancerError, type ErrorCode } from '../base/errors.ts'
export type { AskFunction, AskQuestion } from '../model/ask.ts'
export type { Balancer } from '../model/balancer.ts'
export type { Change } from '../model/change.ts'

/** A host: its address, or its address with a name and values. */
export type EmbeddedHost =
  | string
  | (Partial<HostValues> & { readonly name?: string; readonly address: string })

export interface EmbeddedGroup extends Partial<Omit<GroupValues, 'hosts'>> {
  /** Without names they are called `host.0`, `host.1` and so on, as in an old configuration file. */
  readonly hosts: readonly EmbeddedHost[]
  /** Names the host for each client; the scheduler serves where it does not. */
  readonly ask?: AskFunction
}

export interface EmbeddedService extends Partial<ServiceValues> {
  /** One address or several: `127.0.0.1:8080`, `unix:/path`; port 0 lets the system choose. */
  readonly listen:
    | string
    | readonly (string | (Partial<ListenerValues> & { readonly address: string }))[]
  /** Groups by name. The first one serves unless `enabledGroup` names another. */
  readonly groups: Readonly<Record<string, EmbeddedGroup>>
  readonly enabledGroup?: string
}

export interface EmbeddedOptions {
  /** Services by name. */
  readonly services?: Readonly<Record<string, EmbeddedService>>
  /** The shortest form: one service `web` at this address with one group `main` of `hosts`. */
  readonly listen?: string
  readonly hosts?: readonly EmbeddedHost[]
  /** What moves the bytes. Default `auto`: `splice` where it can be loaded, else `node`. */
  readonly engine?: EngineChoice
  /** Threads of the splice engine. Default 0: one less than there are CPUs, one at least. */
  readonly engineThreads?: number
  /** Where log lines go. Default: nowhere. */
  readonly log?: Log
}

export interface EmbeddedBalancer {
  /** The live graph, as at the prompt. */
  readonly balancer: Balancer
  /** Where the services listen, by service; with the real port where 0 was asked for. */
  readonly addresses: Readonly<Record<string, readonly string[]>>
  /** Let open sessions finish until the deadline (default 30,000 ms), then close the rest. */
  stop(deadlineMs?: number): Promise<void>
}

/**
 * Start services inside this process.
 *
 * @throws BalancerError of the first thing that is wrong; then nothing is left running
 */
export async function createBalancer(options: EmbeddedOptions): Promise<EmbeddedBalancer> {
  const core = new Core({ log: options.log ?? SILENT, ...engineOf(options) })
  const { balancer } = core
  try {
    for (const [name, service] of servicesOf(options)) await addService(balancer, name, service)
  } catch (error) {
    await core.stop(0)
    throw error
  }
  core.start()
  return {
    balancer,
    get addresses() {
      const pairs = balancer.serviceList.map(({ name, listenerList }) => [
        name,
        listenerList.map((listener) => listener.bound),
      ])
      return Object.fromEntries(pairs)
    },
    stop: async (deadlineMs = LIMITS.stopMs) => {
      await core.stop(deadlineMs)
    },
  }
}

function engineOf({ engine = 'auto', engineThreads = 0 }: EmbeddedOptions) {
  return {
    engine: requireValue(ENGINE_FIELDS.engine, engine, 'createBalancer'),
    engineThreads: requireValue(SETTING_FIELDS.engine.threads, engineThreads, 'createBalancer'),
  }
}

function servicesOf({
  services = {},
  listen,
  hosts,
}: EmbeddedOptions): readonly (readonly [string, EmbeddedService])[] {
  const named = Object.entries(services)
  if (listen === undefined && hosts === undefined) return named
  if (listen === undefined || hosts === undefined) {
    throw new BalancerError('VALUE_BAD', 'listen and hosts go together, or name services')
  }
  return [['web', { listen, groups: { main: { hosts } } }], ...named]
}

async function addService(balancer: Balancer, name: string, given: EmbeddedService): Promise<void> {
  const { listen, groups, enabledGroup = Object.keys(groups)[0] ?? '', ...values } = given
  const service = await balancer.addService(name, values)
  for (const [groupName, { ask, hosts, ...settings }] of Object.entries(groups)) {
    const group = service.addGroup(groupName, settings)
    for (const [index, host] of hosts.entries()) {
      const {
        name: hostName = `host.${index}`,
        address,
        ...rest
      } = typeof host === 'string' ? { address: host } : host
      group.addHost(hostName, address, rest)
    }
    if (ask !== undefined) group.ask = ask
  }
  if (enabledGroup !== '') service.enableGroup(enabledGroup)
  for (const place of typeof listen === 'string' ? [listen] : listen) {
    const { address, ...settings } = typeof place === 'string' ? { address: place } : place
    await service.listen(address, settings)
  }
}

const SILENT: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
