// Another name or another place for an object that goes on: it keeps its counters, its health and its sessions.
import { requireName } from '../base/names.ts'
import { type Owner, requirePresent } from './change.ts'
import type { Children } from './children.ts'

export interface Renamable {
  readonly name: string
  readonly path: string
  /** Called by its owner. */
  takeName(name: string): void
}

/**
 * @param owner says where the change is published, and what has the children
 * @param also done with the old name at hand, before anybody is told
 * @throws BalancerError NAME_BAD, NAME_TAKEN; REFUSED where the owner was removed
 */
export function renameChild<Child extends Renamable>(
  owner: Owner,
  children: Children<Child>,
  child: Child,
  to: string,
  also: (from: string) => void = () => {},
): void {
  const publisher = requirePresent(owner)
  requireName(to)
  const { name: from, path } = child
  if (to === from) return
  children.requireFree(to, owner.path || 'the balancer')
  children.rename(from, to)
  child.takeName(to)
  also(from)
  publisher.publish({ action: 'set', path, field: 'name', from, to })
}

/**
 * @param before the one that it is to stand in front of; '' puts it at the end
 * @throws BalancerError NOT_FOUND; REFUSED where the owner was removed
 */
export function moveChild<Child extends Renamable>(
  owner: Owner,
  children: Children<Child>,
  { name, path }: Child,
  before: string,
): void {
  const publisher = requirePresent(owner)
  if (before !== '') children.require(before, owner.path)
  if (before === name) return
  const from = children.move(name, before)
  if (from === before) return
  publisher.publish({ action: 'set', path, field: 'before', from, to: before })
}
