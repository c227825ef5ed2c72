// A wanted snapshot onto the live balancer, by the smallest set of verbs and in place: what is not
// different keeps its identity, its counters and its sessions. All or nothing: a value that the model
// refuses or a port that does not open leaves the balancer as it was.
import { BalancerError, messageOf } from '../../base/errors.ts'
import { type Origin, whileNoted, withOrigin } from '../../base/origin.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { SettingName } from '../../model/setting-fields.ts'
import type { Recorded } from '../../model/recorded.ts'
import { portlessBalancer } from '../../model/rehearsal.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { takeBack } from '../../model/take-back.ts'
import { diffSnapshots } from './diff.ts'
import type { Added, Changed, Difference, Removed } from './difference.ts'
import { OwnChanges } from './own-changes.ts'

/**
 * @returns what was different and is not any more
 * @throws BalancerError of the first verb that refused; then everything is as it was
 */
export async function applySnapshot(
  balancer: Balancer,
  wanted: BalancerSnapshot,
  origin: Origin = 'file',
): Promise<readonly Difference[]> {
  const differences = diffSnapshots(balancer.snapshot(), wanted)
  if (differences.length === 0) return []
  await rehearse(wanted)
  // Whoever asks for it has noted it: nothing may stop it, or the way back, in the middle.
  return withOrigin(origin, () =>
    whileNoted(async () => {
      const made = new OwnChanges(balancer)
      try {
        await carryOut(balancer, differences, wanted)
      } catch (error) {
        await goBack(balancer, made.take(), error)
        throw error
      } finally {
        made.stop()
      }
      return differences
    }),
  )
}

// Every rule of the model is asked before anything live is touched: a balancer without ports takes it all.
async function rehearse(wanted: BalancerSnapshot): Promise<void> {
  const trial = portlessBalancer()
  await carryOut(trial, diffSnapshots(trial.snapshot(), wanted), wanted)
}

/** Everything is tried: what cannot be taken back must not keep the rest from it. */
async function goBack(
  balancer: Balancer,
  made: readonly Recorded[],
  cause: unknown,
): Promise<void> {
  const failures: unknown[] = []
  for (const recorded of made.toReversed()) {
    await takeBack(balancer, recorded).catch((error: unknown) => failures.push(error))
  }
  if (failures.length === 0) return
  const what = failures.map(messageOf).join('; ')
  throw new BalancerError('REFUSED', `${messageOf(cause)}; and going back failed: ${what}`, {
    cause,
  })
}

async function carryOut(
  balancer: Balancer,
  differences: readonly Difference[],
  wanted: BalancerSnapshot,
): Promise<void> {
  for (const difference of differences) {
    if (difference.kind === 'user') continue
    if (difference.action === 'add') await add(balancer, difference)
    else if (difference.action === 'remove') await remove(balancer, difference)
    else set(balancer, difference)
  }
  // The model takes the operators as one list.
  if (differences.some(({ kind }) => kind === 'user')) balancer.setUsers(wanted.users)
}

async function add(balancer: Balancer, difference: Added): Promise<void> {
  const [service = '', group = ''] = difference.path.split('/')
  switch (difference.kind) {
    case 'service':
      await balancer.addService(service, difference.to)
      return
    case 'listener':
      await balancer.service(service).listen(difference.to.address, difference.to)
      return
    case 'group':
      balancer.service(service).addGroup(group, difference.to)
      return
    case 'host': {
      const { name, address, ...values } = difference.to
      const place = difference.before === '' ? {} : { before: difference.before }
      balancer
        .service(service)
        .group(group)
        .addHost(name, address, { ...values, ...place })
      return
    }
    case 'user':
      return
    default:
      difference satisfies never
  }
}

async function remove(balancer: Balancer, { kind, path }: Removed): Promise<void> {
  const [service = '', second = '', ...rest] = path.split('/')
  switch (kind) {
    case 'service':
      return balancer.removeService(service)
    case 'listener':
      return balancer.service(service).closeListener(rest.join('/'))
    case 'group':
      return balancer.service(service).removeGroup(second)
    case 'host':
      // The file may leave the enabled group without hosts; `check` warns of it.
      return balancer.service(service).group(second).removeHost(rest.join('/'), { force: true })
    case 'user':
      return
    default:
      kind satisfies never
  }
}

function set(balancer: Balancer, { kind, path, field, to }: Changed): void {
  if (kind === 'setting') {
    const [, name = ''] = path.split('/')
    balancer.configure(name as SettingName, { [field]: to })
  } else {
    // Every field of the tables is a setter of the object, which validates it again.
    Object.assign(balancer.find(path), { [field]: to })
  }
}
