// Two snapshots compared: the list of edits that turn one into the other, in the one order in which they are carried out,
// by the process and by hand. A service that has a ready host before and after has one at every step: what is called
// otherwise is renamed first, what comes is ready before its ports are open, and what goes, goes last.
import type { AccessItem } from '../../model/access-lists.ts'
import { TOKEN_FIELDS, USER_FIELDS } from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingName } from '../../model/setting-fields.ts'
import type {
  BalancerSnapshot,
  ServiceSnapshot,
  TokenSnapshot,
  UserSnapshot,
} from '../../model/snapshot.ts'
import { closing, diffPorts } from './diff-ports.ts'
import { diffService } from './diff-services.ts'
import {
  type Difference,
  added,
  changes,
  type Listed,
  pathOfListed,
  removed,
} from './difference.ts'
import { pairUp } from './pair.ts'
import { equal } from './equal.ts'
import { renamedServices } from './renames.ts'
import { canonicalUser } from './same.ts'

export function diffSnapshots(from: BalancerSnapshot, to: BalancerSnapshot): readonly Difference[] {
  return [
    ...diffServices(from.services, to.services),
    ...diffUsers(from.users.map(canonicalUser), to.users.map(canonicalUser)),
    ...diffTokens(from.tokens, to.tokens),
    ...diffSettings(from.settings, to.settings),
  ]
}

function diffServices(
  before: readonly ServiceSnapshot[],
  to: readonly ServiceSnapshot[],
): readonly Difference[] {
  const { renames, items: from } = renamedServices(before, to, (one, other) => {
    return one.mode === other.mode
  })
  const { kept, added: coming, removed: going } = pairUp(from, to, identityOf)
  const parts = kept.filter(([old, service]) => !equal(old, service)).map(diffService)
  const made = coming.map((service) => {
    const difference = added('service', service.name, service)
    return { difference, addresses: addressesOf(service) }
  })
  const names = new Set(coming.map(({ name }) => name))
  const isMadeAnew = ({ name }: ServiceSnapshot) => names.has(name)
  const leaving = going.filter((service) => !isMadeAnew(service))
  const closings = leaving.flatMap((service) => {
    return addressesOf(service).map((address) => closing(service.name, address, true))
  })
  return [
    ...renames,
    ...going.filter(isMadeAnew).map(({ name }) => removed('service', name)),
    ...parts.flatMap(({ comes }) => comes),
    ...diffPorts(
      [...parts.flatMap(({ opens }) => opens), ...made],
      [...parts.flatMap(({ closes }) => closes), ...closings],
    ),
    ...parts.flatMap(({ goes }) => goes),
    ...leaving.map(({ name }) => removed('service', name)),
  ]
}

// The model cannot change the mode of a service that lives.
function identityOf({ mode, name }: ServiceSnapshot): string {
  return `${mode} ${name}`
}

function addressesOf({ listeners }: ServiceSnapshot): readonly string[] {
  return listeners.map(({ address }) => address)
}

function diffUsers(
  from: readonly UserSnapshot[],
  to: readonly UserSnapshot[],
): readonly Difference[] {
  return diffListed('user', from, to, (path, before, after) => [
    ...changes('user', path, USER_FIELDS, before, after),
    ...diffKeys(path, before.keys, after.keys),
  ])
}

function diffTokens(
  from: readonly TokenSnapshot[],
  to: readonly TokenSnapshot[],
): readonly Difference[] {
  return diffListed('token', from, to, (path, before, after) => {
    return changes('token', path, TOKEN_FIELDS, before, after)
  })
}

function diffListed<Item extends AccessItem>(
  kind: Listed,
  from: readonly Item[],
  to: readonly Item[],
  changesIn: (path: string, before: Item, after: Item) => readonly Difference[],
): readonly Difference[] {
  const items = pairUp(from, to, ({ name }) => name)
  const pathOf = ({ name }: Item) => pathOfListed(kind, name)
  return [
    ...items.added.map((item) => added(kind, pathOf(item), item as never)),
    ...items.kept.flatMap(([before, after]) => changesIn(pathOf(after), before, after)),
    ...items.removed.map((item) => removed(kind, pathOf(item))),
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
