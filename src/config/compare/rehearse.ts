// Every rule of the model is asked before anything live is touched: a balancer without ports takes it all. Only what the
// differences are about is made there, or a changed weight would cost as much as all hosts there are.
import { portlessBalancer } from '../../model/rehearsal.ts'
import type { BalancerSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import { carryOut } from './carry-out.ts'
import { added, type Difference } from './difference.ts'

/**
 * @param from what runs, of which the differences are
 * @throws BalancerError of the first verb that would refuse
 */
export async function rehearse(
  from: BalancerSnapshot,
  differences: readonly Difference[],
  wanted: BalancerSnapshot,
): Promise<void> {
  const trial = portlessBalancer()
  trial.setUsers(from.users)
  trial.setTokens(from.tokens)
  await carryOut(trial, [...concernedIn(from, differences).flatMap(whole), ...differences], wanted)
}

/** Host by host, so that it is made in turns however many they are. */
function whole({ name, groups, ...service }: ServiceSnapshot): readonly Difference[] {
  const bare = groups.map((group) => ({ ...group, hosts: [] }))
  return [
    added('service', name, { ...service, name, groups: bare }),
    ...groups.flatMap((group) =>
      group.hosts.map((host) => added('host', `${name}/${group.name}/${host.name}`, host)),
    ),
  ]
}

/** The services that are touched, with those hosts alone that are. In doubt one too many. */
function concernedIn(
  { services }: BalancerSnapshot,
  differences: readonly Difference[],
): readonly ServiceSnapshot[] {
  const names = new Set(differences.flatMap(namesIn))
  const isNamed = ({ name }: { readonly name: string }) => names.has(name)
  return services.filter(isNamed).map((service) => {
    const groups = service.groups.map((group) => ({ ...group, hosts: group.hosts.filter(isNamed) }))
    return { ...service, groups }
  })
}

/** Of things as they were called before, or are called afterwards. */
function namesIn(difference: Difference): readonly string[] {
  const { action, path } = difference
  const names = path.split('/')
  if (action === 'add') return [...names, difference.before]
  return action === 'set' && difference.field === 'before'
    ? [...names, String(difference.to)]
    : names
}
