// In which order the controls of a page are used by one who uses all of them: what leaves the rest as it is comes first, what
// ends or removes something last.
import type { ShownControl } from './page-controls.ts'

/** In this order: what is first leaves the rest where it is. */
const RANKS = ['passing', 'leaves', 'field', 'plain', 'link', 'submits', 'ends', 'tab'] as const

type Rank = (typeof RANKS)[number]

const FIELDS: readonly string[] = ['text', 'choice', 'box', 'slider']
/** What a question is left by. */
export const LEAVES = /^(?:Close|Cancel)$/
const ENDS =
  /^(?:Remove|Close$|Revoke|Log out|Discard|Rename|End|Disable|Undo it|Clear$|All as|Take this|Roll back)/

export function isField({ role }: ShownControl): boolean {
  return FIELDS.includes(role)
}

/** What ends the whole comes after what ends a part of it. */
export function rankOf(control: ShownControl): number {
  const kind = kindOf(control)
  const isOfAll = kind === 'ends' && control.section === '' && control.dialog === ''
  return isOfAll ? RANKS.length : RANKS.indexOf(kind)
}

export function kindOf({ view, role, name, dialog, isDanger, isSubmit }: ShownControl): Rank {
  if (view === 'notices' || view === 'jobs-corner') return 'passing'
  if (FIELDS.includes(role)) return 'field'
  if (role === 'tab') return 'tab'
  if (dialog !== '' && LEAVES.test(name)) return 'leaves'
  if (dialog !== '' && isSubmit) return 'submits'
  if (isDanger || ENDS.test(name)) return 'ends'
  return role === 'link' ? 'link' : 'plain'
}
