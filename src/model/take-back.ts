// How a change is taken back: by the verb that does the opposite, and only where everything still is as the change
// left it. What somebody did since is never overwritten.
import { BalancerError } from '../base/errors.ts'
import {
  type AccessItem,
  type AccessList,
  accessListOf,
  byName,
  replaceList,
} from './access-lists.ts'
import type { AskFunction } from './ask.ts'
import type { Balancer } from './balancer.ts'
import { formatGiven } from './field.ts'
import type { Group } from './group.ts'
import type { Recorded } from './recorded.ts'
import { placeOf, settingOf } from './place.ts'
import type { SettingName } from './setting-fields.ts'
import type { GroupSnapshot, HostSnapshot, ListenerSnapshot, ServiceSnapshot } from './snapshot.ts'

/** @throws BalancerError REFUSED where it is not as the change left it, and whatever the verb refuses */
export async function takeBack(balancer: Balancer, recorded: Recorded): Promise<void> {
  const { action, path, field = '' } = recorded.change
  if (action === 'add') return removeAdded(balancer, recorded)
  if (action === 'remove') return addRemoved(balancer, recorded)
  const list = accessListOf(recorded.change)
  if (list !== undefined) return takeBackList(balancer, list, recorded)
  const setting = settingOf(path, field)
  if (setting !== undefined) return takeBackSetting(balancer, setting, recorded)
  if (field === 'name') return takeBackName(balancer, recorded)
  if (field === 'before') return takeBackPlace(balancer, recorded)
  if (field === 'enabledGroup') return takeBackEnabled(balancer, recorded)
  if (field === 'pausedUntil') return takeBackPause(balancer, recorded)
  const object = balancer.find(path) as unknown as Record<string, unknown>
  if (requireLeft(object[field], recorded)) object[field] = recorded.from
}

// The path of the change is the old one.
function takeBackName(balancer: Balancer, { change, from, to }: Recorded): void {
  const { kind, service, group } = placeOf(change.path)
  const [was, became] = [String(from), String(to)]
  if (kind === 'service') balancer.renameService(became, was)
  else if (kind === 'group') balancer.service(service).renameGroup(became, was)
  else if (kind === 'host') balancer.service(service).group(group).renameHost(became, was)
}

function takeBackPlace(balancer: Balancer, recorded: Recorded): void {
  const { service, group: owner, name } = placeOf(recorded.change.path)
  const group = balancer.service(service).group(owner)
  const { hostList } = group
  const now = hostList[hostList.indexOf(group.host(name)) + 1]?.name ?? ''
  if (requireLeft(now, recorded)) group.moveHost(name, { before: String(recorded.from) })
}

function takeBackEnabled(balancer: Balancer, recorded: Recorded): void {
  const service = balancer.service(recorded.change.path)
  // There was no group. The change before this one added it, and is taken back next.
  if (recorded.from === '') return
  if (requireLeft(service.enabledGroup, recorded)) service.enableGroup(String(recorded.from))
}

// A pause is taken back by its end, and an end by what would be left of the pause by now.
function takeBackPause(balancer: Balancer, recorded: Recorded): void {
  const service = balancer.service(recorded.change.path)
  const [was, became] = [Number(recorded.from), Number(recorded.to)]
  if (service.paused !== became > 0) return
  const leftMs = was - Date.now()
  if (was === 0) service.resume()
  else if (leftMs > 0) service.pause({ maxHoldMs: leftMs })
}

function takeBackSetting(balancer: Balancer, name: SettingName, recorded: Recorded): void {
  const { field = '' } = recorded.change
  const now = (balancer.settings[name] as Readonly<Record<string, unknown>>)[field]
  if (requireLeft(now, recorded)) balancer.configure(name, { [field]: recorded.from })
}

// Where others were changed since, each operator and each token is looked at alone.
function takeBackList(balancer: Balancer, name: AccessList, { change, from, to }: Recorded): void {
  const items = from as readonly AccessItem[]
  const current: readonly AccessItem[] = balancer[name]
  if (same(current, to)) return replaceList(balancer, name, items)
  const was = byName(items)
  const became = byName(to as readonly AccessItem[])
  const now = byName(current)
  const touched = [...new Set([...was.keys(), ...became.keys()])].filter((each) => {
    return !same(was.get(each), became.get(each)) && !same(was.get(each), now.get(each))
  })
  const changed = touched.find((each) => !same(became.get(each), now.get(each)))
  if (changed !== undefined)
    throw new BalancerError('REFUSED', `${change.path}: ${changed} was changed since`)
  replaceList(balancer, name, mended(now, was, touched))
}

function mended(
  now: ReadonlyMap<string, AccessItem>,
  was: ReadonlyMap<string, AccessItem>,
  names: readonly string[],
): readonly AccessItem[] {
  const items = new Map(now)
  for (const name of names) {
    const item = was.get(name)
    if (item === undefined) items.delete(name)
    else items.set(name, item)
  }
  return [...items.values()]
}

async function removeAdded(balancer: Balancer, { change, to }: Recorded): Promise<void> {
  const { path } = change
  const object = balancer.find(path)
  if (!same(object.snapshot(), to))
    throw new BalancerError('REFUSED', `${path} was changed since it was added`)
  const place = placeOf(path)
  const { service: name } = place
  if (place.kind === 'service') return balancer.removeService(name)
  const service = balancer.service(name)
  if (place.kind === 'listener') return service.closeListener(place.name)
  // Before it was added there was none either.
  if (place.kind === 'group') service.removeGroup(place.name, { force: true })
  else service.group(place.group).removeHost(place.name, { force: true })
}

async function addRemoved(balancer: Balancer, { change, from, asks }: Recorded): Promise<void> {
  const place = placeOf(change.path)
  const { before } = change
  const stands = before === undefined ? {} : { before }
  if (place.kind === 'service') {
    const { name, ...values } = from as ServiceSnapshot
    // Its listeners were closed one by one, each a change of its own.
    await balancer.addService(name, { ...values, ...stands, listeners: [] })
  } else if (place.kind === 'listener') {
    const { address, ...values } = from as ListenerSnapshot
    await balancer.service(place.service).listen(address, { ...values, ...stands })
  } else if (place.kind === 'group') {
    const { name, ...values } = from as GroupSnapshot
    balancer.service(place.service).addGroup(name, { ...values, ...stands })
  } else {
    addHost(balancer.service(place.service).group(place.group), from as HostSnapshot, before)
  }
  for (const [path, ask] of asks) askAgain(balancer, path, ask)
}

function addHost(group: Group, host: HostSnapshot, before = ''): void {
  const { name, address, ...values } = host
  const stands = group.hasHost(before) ? { before } : {}
  group.addHost(name, address, { ...values, ...stands })
}

function askAgain(balancer: Balancer, path: string, ask: AskFunction): void {
  const { service, name } = placeOf(path)
  balancer.service(service).group(name).ask = ask
}

/**
 * Is there something to take back: is it as the change left it, and not as it was before?
 *
 * @throws BalancerError REFUSED where it is neither
 */
function requireLeft(now: unknown, { change, from, to }: Recorded): boolean {
  if (same(now, from)) return false
  if (same(now, to)) return true
  throw new BalancerError(
    'REFUSED',
    `${change.path}: ${change.field} is ${formatGiven(now)} by now`,
  )
}

function same(one: unknown, other: unknown): boolean {
  return one === other || (isData(one) && isData(other) && textOf(one) === textOf(other))
}

function isData(value: unknown): boolean {
  return typeof value !== 'function'
}

function textOf(value: unknown): string | undefined {
  return JSON.stringify(value)
}
