// How one commit is taken back out of what runs now, whatever others did since: three ways, from what ran after it to
// what ran before it.
import { type Difference, isListed } from '../../config/compare/difference.ts'
import { diffSnapshots } from '../../config/compare/diff.ts'
import { mergeSnapshots } from '../../config/compare/merge.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import type { KeptCommit } from './confirm-file.ts'
import type { ChangedServices } from './traffic-watch.ts'

/** What a commit did. */
export type Change = Pick<KeptCommit, 'before' | 'after'>

export interface Undone {
  readonly differences: readonly Difference[]
  /** Paths of what somebody changed since, so that it stays. */
  readonly kept: readonly string[]
}

/** Undo it in place and save. @throws BalancerError as `change` of the sync does; then nothing is undone */
export async function undoing(sync: ConfigSync, commit: Change, comment: string): Promise<Undone> {
  let kept: readonly string[] = []
  const { differences } = await sync.change(
    (running) => {
      const { ours, conflicts } = merged(commit, running)
      kept = conflicts.map(({ path }) => path)
      return ours
    },
    { comment },
  )
  return { differences, kept }
}

/** Is anything of it in what runs, or was something else made of it? */
export function isThere(commit: Change, running: BalancerSnapshot): boolean {
  const { differences, kept } = without(commit, running)
  return kept.length > 0 || differences.length > 0
}

/** Names of the services that it changed, or undefined where it changed what is not of one service. */
export function changedServices({ before, after }: Change): ChangedServices {
  const differences = diffSnapshots(before, after)
  if (differences.some(({ kind }) => kind === 'setting' || isListed(kind))) return undefined
  return new Set(differences.flatMap(servicesOf))
}

function servicesOf(difference: Difference): readonly string[] {
  const { action, kind, path } = difference
  const [service = ''] = path.split('/')
  const isRename = action === 'set' && kind === 'service' && difference.field === 'name'
  return isRename ? [service, String(difference.to)] : [service]
}

/** What is left of a configuration that has it, and what goes. */
export function without(
  commit: Change,
  having: BalancerSnapshot,
): Undone & { readonly snapshot: BalancerSnapshot } {
  const { ours: snapshot, conflicts } = merged(commit, having)
  const kept = conflicts.map(({ path }) => path)
  return { snapshot, kept, differences: diffSnapshots(having, snapshot) }
}

function merged({ before, after }: Change, having: BalancerSnapshot) {
  return mergeSnapshots({ base: after, theirs: before, ours: having })
}
