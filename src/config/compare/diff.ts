// Two snapshots compared: the list of edits that turn one into the other, in an order that is safe to
// carry out one by one. What comes is added before what goes is removed, a group is enabled when its hosts
// are there, and a port is closed first only where a new listener needs it.
import { addressesClash } from '../../base/address.ts'
import { USER_FIELDS } from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingName } from '../../model/setting-fields.ts'
import type { BalancerSnapshot, ServiceSnapshot, UserSnapshot } from '../../model/snapshot.ts'
import { diffService, listenerPath } from './diff-services.ts'
import { type Difference, added, changes, removed } from './difference.ts'
import { type Pair, pairUp } from './pair.ts'
import { canonicalUser } from './same.ts'

export function diffSnapshots(from: BalancerSnapshot, to: BalancerSnapshot): readonly Difference[] {
  return [
    ...diffServices(from.services, to.services),
    ...diffUsers(from.users.map(canonicalUser), to.users.map(canonicalUser)),
    ...diffSettings(from.settings, to.settings),
  ]
}

function diffServices(
  from: readonly ServiceSnapshot[],
  to: readonly ServiceSnapshot[],
): readonly Difference[] {
  const { kept, added: coming, removed: going } = pairUp(from, to, ({ name }) => name)
  const [anew, inPlace] = [
    kept.filter(mustBeMadeAnew),
    kept.filter((pair) => !mustBeMadeAnew(pair)),
  ]
  const parts = inPlace.map((pair) => ({ service: pair[1], ...diffService(pair) }))
  const made = [...anew.map(([, after]) => after), ...coming]
  const opened = parts.flatMap((part) => part.opened)
  const needed = [...made.flatMap(addressesOf), ...opened.map((listener) => listener.to.address)]
  const isNeeded = (address: string) => needed.some((other) => addressesClash(address, other))
  const closing = (wanted: boolean) =>
    parts.flatMap(({ service, closed }) => {
      const addresses = closed.filter((address) => isNeeded(address) === wanted)
      return addresses.map((address) => removed('listener', listenerPath(service, address)))
    })
  return [
    ...anew.map(([before]) => removed('service', before.name)),
    ...closing(true),
    ...going.flatMap((service) => {
      const addresses = addressesOf(service).filter(isNeeded)
      return addresses.map((address) => removed('listener', listenerPath(service, address)))
    }),
    ...made.map((service) => added('service', service.name, service)),
    ...opened,
    ...parts.flatMap((part) => part.others),
    ...closing(false),
    ...going.map(({ name }) => removed('service', name)),
  ]
}

// What the model cannot change in a service that lives: how it carries, and its last group.
function mustBeMadeAnew([from, to]: Pair<ServiceSnapshot>): boolean {
  return from.mode !== to.mode || (from.enabledGroup !== '' && to.enabledGroup === '')
}

function addressesOf({ listeners }: ServiceSnapshot): readonly string[] {
  return listeners.map(({ address }) => address)
}

function diffUsers(
  from: readonly UserSnapshot[],
  to: readonly UserSnapshot[],
): readonly Difference[] {
  const users = pairUp(from, to, ({ name }) => name)
  const pathOf = ({ name }: UserSnapshot) => `settings/users/${name}`
  return [
    ...users.added.map((user) => added('user', pathOf(user), user)),
    ...users.kept.flatMap(([before, after]) => [
      ...changes('user', pathOf(after), USER_FIELDS, before, after),
      ...diffKeys(pathOf(after), before.keys, after.keys),
    ]),
    ...users.removed.map((user) => removed('user', pathOf(user))),
  ]
}

function diffKeys(path: string, from: readonly string[], to: readonly string[]): Difference[] {
  if (from.join('\n') === to.join('\n')) return []
  return [{ action: 'set', kind: 'user', path, field: 'keys', from, to }]
}

function diffSettings(
  from: BalancerSnapshot['settings'],
  to: BalancerSnapshot['settings'],
): readonly Difference[] {
  const names = Object.keys(SETTING_FIELDS) as SettingName[]
  return names.flatMap((name) =>
    changes('setting', `settings/${name}`, SETTING_FIELDS[name], from[name], to[name]),
  )
}
