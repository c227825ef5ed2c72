// What is left of several changes once those that cancel each other are taken away: what came and went again, what was
// set and set back.
import { isDeepStrictEqual } from 'node:util'
import { isAtOrBelow } from './place.ts'
import type { Recorded } from './recorded.ts'

/** Is anything otherwise than before? In doubt it is. */
export function hasNetEffect(records: readonly Recorded[]): boolean {
  const left: Recorded[] = []
  for (const recorded of withoutPassing(records)) {
    const last = left.at(-1)
    if (last !== undefined && isInverse(last, recorded)) left.pop()
    else left.push(recorded)
  }
  return left.length > 0
}

/** Without what was added and removed again, and all that was done to it meanwhile. */
export function withoutPassing(records: readonly Recorded[]): readonly Recorded[] {
  const passing = passingIn(records)
  if (passing.length === 0) return records
  return records.filter(({ change }, at) => {
    return !passing.some(({ path, from, to }) => {
      return at >= from && at <= to && isAtOrBelow(change.path, path)
    })
  })
}

/** Something that was added and removed again. */
interface Passing {
  readonly path: string
  /** Places in the list. */
  readonly from: number
  readonly to: number
}

function passingIn(records: readonly Recorded[]): readonly Passing[] {
  const added = new Map<string, number>()
  return records.flatMap(({ change: { action, path } }, to) => {
    const from = added.get(path)
    if (action === 'add') added.set(path, to)
    if (action !== 'remove' || from === undefined) return []
    added.delete(path)
    return [{ path, from, to }]
  })
}

/** Does the second of two changes in a row take the first back? */
function isInverse(first: Recorded, second: Recorded): boolean {
  const [one, other] = [first.change, second.change]
  const isBack = one.action === 'remove' ? other.action === 'add' : other.action === one.action
  if (!isBack || one.field !== other.field || pathAfter(first) !== other.path) return false
  return isDeepStrictEqual(first.from, second.to) && isDeepStrictEqual(first.to, second.from)
}

/** What is called otherwise has another path from then on. */
function pathAfter({ change: { path, field }, to }: Recorded): string {
  return field === 'name' ? path.replace(/[^/]*$/, String(to)) : path
}
