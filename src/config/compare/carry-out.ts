// Differences onto a balancer, one verb for each, in their order. Nothing is rehearsed here, and nothing taken back.
import { pauses } from '../../base/steps.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import { placeOf } from '../../model/place.ts'
import type { SettingName } from '../../model/setting-fields.ts'
import type { UserSnapshot } from '../../model/snapshot.ts'
import type { Added, Changed, Difference, Removed } from './difference.ts'
import type { OwnChanges } from './own-changes.ts'

/**
 * In turns where it is long: whoever acts meanwhile finds each difference carried out or not begun.
 *
 * @param users the operators that are wanted
 * @param made what somebody else set since it began to look on stays as it is
 * @throws BalancerError of the first verb that refused; what was carried out stays
 */
export async function carryOut(
  balancer: Balancer,
  differences: readonly Difference[],
  users: readonly UserSnapshot[],
  made?: OwnChanges,
): Promise<void> {
  const pause = pauses()
  for (const difference of differences) {
    if (difference.kind === 'user') continue
    if (difference.action === 'set' && made?.wasSetByOthers(difference) === true) continue
    // Nothing is waited for that is done: whoever follows would look at all hosts again after each of them.
    const done = carry(balancer, difference)
    if (done !== undefined) await done
    const turn = pause()
    if (turn !== undefined) await turn
  }
  const ofUsers = differences.filter(({ kind }) => kind === 'user')
  // The model takes the operators as one list.
  if (ofUsers.length > 0) balancer.setUsers(usersAfter(balancer.users, ofUsers, users))
}

/** Those that differ as they are wanted, the others as they are. */
function usersAfter(
  current: readonly UserSnapshot[],
  differences: readonly Difference[],
  wanted: readonly UserSnapshot[],
): readonly UserSnapshot[] {
  const touched = new Set(differences.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)))
  const now = new Map(current.map((user) => [user.name, user]))
  const named = new Set(wanted.map(({ name }) => name))
  const added = current.filter(({ name }) => !named.has(name) && !touched.has(name))
  const rest = wanted.flatMap((user) =>
    touched.has(user.name) ? user : (now.get(user.name) ?? []),
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
