// Differences onto a balancer, one verb for each, in their order. Nothing is rehearsed here, and nothing taken back.
import { pauses } from '../../base/steps.ts'
import { type AccessItem, type AccessLists, byName, replaceList } from '../../model/access-lists.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import { placeOf } from '../../model/place.ts'
import type { SettingName } from '../../model/setting-fields.ts'
import {
  type Added,
  type Changed,
  type Difference,
  isListed,
  LIST_OF,
  type Listed,
  type Removed,
} from './difference.ts'
import type { OwnChanges } from './own-changes.ts'

/**
 * In turns where it is long: whoever acts meanwhile finds each difference carried out or not begun.
 *
 * @param wanted the operators and tokens that are wanted
 * @param made what somebody else set since it began to look on stays as it is
 * @throws BalancerError of the first verb that refused; what was carried out stays
 */
export async function carryOut(
  balancer: Balancer,
  differences: readonly Difference[],
  wanted: AccessLists,
  made?: OwnChanges,
): Promise<void> {
  const pause = pauses()
  for (const difference of differences) {
    if (isListed(difference.kind)) continue
    if (difference.action === 'set' && made?.wasSetByOthers(difference) === true) continue
    // Nothing is waited for that is done: whoever follows would look at all hosts again after each of them.
    const done = carry(balancer, difference)
    if (done !== undefined) await done
    const turn = pause()
    if (turn !== undefined) await turn
  }
  for (const kind of Object.keys(LIST_OF) as Listed[]) {
    const list = LIST_OF[kind]
    const ofKind = differences.filter((difference) => difference.kind === kind)
    // The model takes all of them as one list.
    if (ofKind.length > 0)
      replaceList(balancer, list, itemsAfter(balancer[list], ofKind, wanted[list]))
  }
}

/** Those that differ as they are wanted, the others as they are. */
function itemsAfter(
  current: readonly AccessItem[],
  differences: readonly Difference[],
  wanted: readonly AccessItem[],
): readonly AccessItem[] {
  const touched = new Set(differences.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
  const now = byName(current)
  const named = new Set(wanted.map(({ name }) => name))
  const added = current.filter(({ name }) => !named.has(name) && !touched.has(name))
  const rest = wanted.flatMap((item) =>
    touched.has(item.name) ? item : (now.get(item.name) ?? []),
  )
  return [...rest, ...added]
}

function carry(balancer: Balancer, difference: Difference): Promise<unknown> | undefined {
  switch (difference.action) {
    case 'add':
      return add(balancer, difference)
    case 'remove':
      return remove(balancer, difference)
    case 'set':
      return set(balancer, difference)
    default:
      return difference satisfies never
  }
}

function add(balancer: Balancer, difference: Added): Promise<unknown> | undefined {
  const [service = '', group = ''] = difference.path.split('/')
  switch (difference.kind) {
    case 'service':
      return balancer.addService(service, difference.to)
    case 'listener':
      return balancer.service(service).listen(difference.to.address, difference.to)
    case 'group':
      balancer.service(service).addGroup(group, difference.to)
      return undefined
    case 'host': {
      const { name, address, ...values } = difference.to
      const owner = balancer.service(service).group(group)
      owner.addHost(name, address, { ...values, ...placeIn(owner, difference.before) })
      return undefined
    }
    case 'user':
    case 'token':
      return undefined
    default:
      return difference satisfies never
  }
}

function remove(balancer: Balancer, { kind, path }: Removed): Promise<unknown> | undefined {
  const [service = '', second = '', ...rest] = path.split('/')
  switch (kind) {
    case 'service':
      return balancer.removeService(service)
    case 'listener':
      return balancer.service(service).closeListener(rest.join('/'))
    case 'group':
      balancer.service(service).removeGroup(second, { force: true })
      return undefined
    case 'host':
      // The file may leave the enabled group without hosts; `check` warns of it.
      balancer.service(service).group(second).removeHost(rest.join('/'), { force: true })
      return undefined
    case 'user':
    case 'token':
      return undefined
    default:
      return kind satisfies never
  }
}

function set(balancer: Balancer, { kind, path, field, to }: Changed): undefined {
  if (kind === 'setting') {
    const [, name = ''] = path.split('/')
    balancer.configure(name as SettingName, { [field]: to })
  } else if (field === 'name') {
    rename(balancer, path, String(to))
  } else if (field === 'before') {
    const { service, group, name } = placeOf(path)
    const owner = balancer.service(service).group(group)
    owner.moveHost(name, placeIn(owner, String(to)))
  } else {
    // Every field of the tables is a setter of the object, which validates it again.
    Object.assign(balancer.find(path), { [field]: to })
  }
}

// Somebody may have taken that one out meanwhile.
function placeIn(group: Group, before: string): { readonly before?: string } {
  return group.hasHost(before) ? { before } : {}
}

function rename(balancer: Balancer, path: string, to: string): void {
  const { kind, service, group, name } = placeOf(path)
  if (kind === 'service') balancer.renameService(name, to)
  else if (kind === 'group') balancer.service(service).renameGroup(name, to)
  else balancer.service(service).group(group).renameHost(name, to)
}
