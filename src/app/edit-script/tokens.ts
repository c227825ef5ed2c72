// Tokens: no command changes one, so what is another one goes and comes back.
import { LIMITS } from '../../base/limits.ts'
import { equal } from '../../config/compare/equal.ts'
import { pairUp } from '../../config/compare/pair.ts'
import type { TokenSnapshot, UserSnapshot } from '../../model/snapshot.ts'
import { edit, type Edit } from './edit.ts'

type Tokens = readonly TokenSnapshot[]

/** Operators and tokens share one set of names: what an operator is called from now on is free before. */
interface TokenEdits {
  readonly beforeUsers: readonly Edit[]
  readonly afterUsers: readonly Edit[]
}

/** @param users those that there are to be */
export function tokenEdits(from: Tokens, to: Tokens, users: readonly UserSnapshot[]): TokenEdits {
  const names = new Set(users.map(({ name }) => name))
  const [taken, rest] = [true, false].map((isTaken) => {
    return from.filter(({ name }) => names.has(name) === isTaken)
  })
  const beforeUsers = (taken ?? []).map(removed)
  return { beforeUsers, afterUsers: otherEdits(rest ?? [], to) }
}

function otherEdits(from: Tokens, to: Tokens): readonly Edit[] {
  const { kept, added, removed: gone } = pairUp(from, to, ({ name }) => name)
  const replaced = kept.filter(([before, after]) => !equal(before, after))
  const removals = gone.map(removed)
  const isTight = from.length + added.length > LIMITS.tokensMax
  return [
    ...(isTight ? removals : []),
    ...replaced.flatMap(([, token]) => [
      removal(token.name, `nobody gets in by token ${token.name} until the next line`),
      creation(token),
    ]),
    ...added.map(creation),
    ...(isTight ? [] : removals),
  ]
}

function removed({ name }: TokenSnapshot): Edit {
  return removal(name, `nobody gets in by token ${name} then`)
}

function creation({ name, access: role, expires, hash }: TokenSnapshot): Edit {
  const flags = { role, expires: expires || 'never', hash }
  return edit({ verb: 'token create', words: [name], flags })
}

function removal(name: string, note: string): Edit {
  return edit({ verb: 'token remove', words: [name], notes: [note] })
}
