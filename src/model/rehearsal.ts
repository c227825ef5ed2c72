// A balancer on which something can be tried before it is done, empty or a copy: without ports, counters or followers.
import { Balancer } from './balancer.ts'
import { type SettingName, SETTING_FIELDS } from './setting-fields.ts'

/** An empty balancer that takes every edit which the rules of the model allow: whatever listens opens nothing. */
export function portlessBalancer(): Balancer {
  return new Balancer({ ports: { open: async () => '', close: async () => {} } })
}

/** @param services names of the services that matter; the others are left out */
export async function rehearsalOf(
  balancer: Balancer,
  services: ReadonlySet<string>,
): Promise<Balancer> {
  const copy = portlessBalancer()
  for (const service of balancer.serviceList) {
    if (!services.has(service.name)) continue
    const { name, ...values } = service.snapshot()
    const twin = await copy.addService(name, values)
    // No snapshot has these two.
    for (const group of service.groupList) twin.group(group.name).ask = group.ask
    if (service.paused) twin.pause()
  }
  copy.setUsers(balancer.users)
  for (const name of Object.keys(SETTING_FIELDS) as SettingName[])
    copy.configure(name, balancer.settings[name])
  return copy
}
