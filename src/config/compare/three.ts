// Three versions of the same: what two sides last agreed on, and what each of them says now.

/** Three versions of the same; undefined where there is none. */
export interface Three<Item> {
  /** What both sides last agreed on. */
  readonly base: Item
  readonly theirs: Item
  readonly ours: Item
}

export type Version = keyof Three<unknown>
export const VERSIONS: readonly Version[] = ['base', 'theirs', 'ours']
export type Side = Exclude<Version, 'base'>
export const SIDES: readonly Side[] = ['theirs', 'ours']

export function otherThan(side: Side): Side {
  return side === 'ours' ? 'theirs' : 'ours'
}

/** Who made something else of it than `base` has; `same` where both sides say the same. */
export type Verdict = 'same' | Side | 'both'

export function verdictOn<Item>(
  { base, theirs, ours }: Three<Item>,
  same: (one: Item, other: Item) => boolean,
): Verdict {
  if (same(theirs, ours)) return 'same'
  if (same(theirs, base)) return 'ours'
  return same(ours, base) ? 'theirs' : 'both'
}

/** The versions of one property. */
export function of<Item extends object, Name extends keyof Item>(
  { base, theirs, ours }: Three<Item>,
  name: Name,
): Three<Item[Name]> {
  return { base: base[name], theirs: theirs[name], ours: ours[name] }
}
