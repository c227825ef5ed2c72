// A balancer on which something can be tried before it is done, empty or a copy: without ports, counters or followers.
import { Balancer } from './balancer.ts'
import type { Service } from './service.ts'
import { type SettingName, SETTING_FIELDS } from './setting-fields.ts'

/**
 * An empty balancer that takes every edit which the rules of the model allow: whatever listens opens nothing.
 *
 * @param permit asked before each edit; throws where nothing may be changed now
 */
export function portlessBalancer(permit: () => void = () => {}): Balancer {
  return new Balancer({ ports: { open: async () => '', close: async () => {} }, permit })
}

interface RehearsalOptions {
  /** Asked before each edit of the copy; throws where nothing may be changed now. */
  readonly permit?: () => void
  /** Awaited between two services, so that traffic goes on. By default the copy is made in one go. */
  readonly pause?: () => Promise<void> | undefined
}

/**
 * A copy of what is there now, whatever changes while it is made.
 *
 * @param wanted names of the services that matter; the others are left out
 */
export async function rehearsalOf(
  balancer: Balancer,
  wanted: ReadonlySet<string>,
  { permit, pause }: RehearsalOptions = {},
): Promise<Balancer> {
  const copy = portlessBalancer(permit)
  const services = balancer.serviceList.filter(({ name }) => wanted.has(name))
  const snapshots = services.map((service) => service.snapshot())
  const { users, tokens, settings } = balancer
  for (const [index, service] of services.entries()) {
    const { name = '', ...values } = snapshots[index] ?? {}
    const turn = pause?.()
    if (turn !== undefined) await turn
    const twin = await copy.addService(name, values)
    takeUnsaid(service, twin)
  }
  copy.setUsers(users)
  copy.setTokens(tokens)
  for (const name of Object.keys(SETTING_FIELDS) as SettingName[])
    copy.configure(name, settings[name])
  return copy
}

/** No snapshot has these two. */
function takeUnsaid(service: Service, twin: Service): void {
  for (const { name } of twin.groupList) twin.group(name).ask = service.groups[name]?.ask
  if (service.paused) twin.pause()
}
