// The typed commands that turn a running system with one configuration into one with another. They are the differences
// of the two, in their order, which is safe one by one; only what commands do otherwise is put otherwise here. Nothing is
// run.
import { diffSnapshots } from '../../config/compare/diff.ts'
import { added, type Difference } from '../../config/compare/difference.ts'
import { canonicalUser } from '../../config/compare/same.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import type { Edit } from './edit.ts'
import { withMoves } from './moves.ts'
import { settingEdit } from './settings.ts'
import { thingEdits } from './things.ts'
import { tokenEdits } from './tokens.ts'
import { userEdits } from './users.ts'

/** None where both say the same. Passwords and tokens stand in them as hashes: they are as secret as the documents. */
export function editScript(from: BalancerSnapshot, to: BalancerSnapshot): readonly Edit[] {
  const differences = diffSnapshots(from, to)
  const things = withPortsLast(withMoves(differences, from))
  const emptying = emptyingIn(differences, to)
  const tokens = tokenEdits(from.tokens, to.tokens, to.users)
  return [
    ...things.flatMap((difference) => thingEdits(difference, emptying)),
    ...tokens.beforeUsers,
    ...userEdits(from.users.map(canonicalUser), to.users.map(canonicalUser)),
    ...tokens.afterUsers,
    ...differences.flatMap((difference) => settingEdit(difference, to)),
  ]
}

/** As `batch` reads them: notes are comments in front of their line. */
export function linesOfScript(edits: readonly Edit[]): readonly string[] {
  return edits.flatMap(({ command, notes }) => [...notes.map((note) => `# ${note}`), command])
}

/** A service comes in many commands: ports that it takes over are closed when all is there but its own. */
function withPortsLast(differences: readonly Difference[]): readonly Difference[] {
  const ordered: Difference[] = []
  let closings: Difference[] = []
  for (const difference of differences) {
    if (difference.action === 'remove' && difference.kind === 'listener') {
      closings.push(difference)
    } else if (difference.action === 'add' && difference.kind === 'service') {
      const { path, to } = difference
      const listeners = to.listeners.map((listener) => {
        return added('listener', `${path}/listen/${listener.address}`, listener)
      })
      ordered.push({ ...difference, to: { ...to, listeners: [] } }, ...closings, ...listeners)
      closings = []
    } else {
      ordered.push(...closings, difference)
      closings = []
    }
  }
  return [...ordered, ...closings]
}

/** Paths of what goes as the last of all, so that a service has nobody to serve any more. */
function emptyingIn(
  differences: readonly Difference[],
  { services }: BalancerSnapshot,
): ReadonlySet<string> {
  const lasts = new Map<string, string>()
  for (const { action, kind, path } of differences) {
    const isInside = kind === 'group' || kind === 'host'
    if (action === 'remove' && isInside) lasts.set(path.slice(0, path.lastIndexOf('/')), path)
  }
  const last = (parent: string) => lasts.get(parent) ?? []
  return new Set(
    services.flatMap(({ name, groups, enabledGroup }) => {
      if (groups.length === 0) return last(name)
      const serving = groups.find((group) => group.name === enabledGroup)
      return serving?.hosts.length === 0 ? last(`${name}/${enabledGroup}`) : []
    }),
  )
}
