// One difference between two snapshots: plain data that can be shown, counted and carried out.
import type { AccessList } from '../../model/access-lists.ts'
import type {
  GroupSnapshot,
  HostSnapshot,
  ListenerSnapshot,
  ServiceSnapshot,
  TokenSnapshot,
  UserSnapshot,
} from '../../model/snapshot.ts'
import { differing, valueIn } from '../write/shape.ts'

/** What can be added and removed, with what it is made of. */
interface Things {
  readonly service: ServiceSnapshot
  readonly listener: ListenerSnapshot
  readonly group: GroupSnapshot
  readonly host: HostSnapshot
  readonly user: UserSnapshot
  readonly token: TokenSnapshot
}

export type Thing = keyof Things

/** Things that a document has by name, and the model as one list of each kind. */
export const LIST_OF = { user: 'users', token: 'tokens' } as const satisfies Partial<
  Record<Thing, AccessList>
>

export type Listed = keyof typeof LIST_OF

export function isListed(kind: Thing | 'setting'): kind is Listed {
  return Object.hasOwn(LIST_OF, kind)
}

export function pathOfListed(kind: Listed, name: string): string {
  return `settings/${LIST_OF[kind]}/${name}`
}

export type Added<Kind extends Thing = Thing> = Kind extends Thing
  ? {
      readonly action: 'add'
      readonly kind: Kind
      readonly path: string
      readonly to: Things[Kind]
      /** The host that a new host stands in front of; '' puts it at the end. */
      readonly before: string
    }
  : never

export interface Removed {
  readonly action: 'remove'
  readonly kind: Thing
  readonly path: string
}

export interface Changed {
  readonly action: 'set'
  readonly kind: Thing | 'setting'
  readonly path: string
  /** Property name in the model. */
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** Paths are those of the model; `settings/users/alice`, `settings/tokens/deploy` and `settings/hostCheck` for the rest. */
export type Difference = Added | Removed | Changed

export function added<Kind extends Thing>(
  kind: Kind,
  path: string,
  to: Things[Kind],
  before = '',
): Added<Kind> {
  return { action: 'add', kind, path, to, before } as Added<Kind>
}

export function removed(kind: Thing, path: string): Removed {
  return { action: 'remove', kind, path }
}

/** One difference for each field of a table that has another value. */
export function changes(
  kind: Changed['kind'],
  path: string,
  table: object,
  from: object,
  to: object,
): readonly Changed[] {
  return differing(to, table, from).map(([field]) => {
    return { action: 'set', kind, path, field, from: valueIn(from, field), to: valueIn(to, field) }
  })
}
