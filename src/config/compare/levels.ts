// What a snapshot is made of, level by level: which lists of named things each kind holds, and which fields. Whatever
// walks two or three snapshots side by side is led by this table.
import { isDeepStrictEqual } from 'node:util'
import {
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingName } from '../../model/setting-fields.ts'
import type { GroupSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import { keyLine } from '../read/read-settings.ts'
import { fieldsOf } from '../read/values.ts'
import { pathOfListed, type Thing } from './difference.ts'

/** A part of a snapshot, by property names. */
export type Values = Readonly<Record<string, unknown>>

/** One value of a thing, by its property name. */
export interface Leaf {
  readonly property: string
  /** As operators call it: `state`, not `intent`. */
  readonly name: string
  /** Do two values mean the same? A value that is not there is like no other. */
  readonly same: (one: unknown, other: unknown) => boolean
}

/** One kind of thing in a snapshot. */
export interface Level {
  readonly kind: Thing | 'setting'
  /** Property that names it within its list; '' where it stands in none. */
  readonly nameProperty: string
  pathOf(parent: string, name: string): string
  /** Does the order of a list of these mean something? */
  readonly ordered: boolean
  readonly leaves: readonly Leaf[]
  /** The lists in it, by property name. */
  readonly lists: Readonly<Record<string, Level>>
  /**
   * What stays of a thing that is called otherwise now: of those that came, the one that went is the one with which it
   * has most of these in common. None: it is found by its name alone.
   */
  readonly marksOf?: (item: never) => readonly string[]
}

/** Any number of listeners may let the system choose a port. */
export const ANY_PORT = /:0$/

/** A value that names one of the things in a list: the group of a service that serves. */
export const ENABLED_GROUP = 'enabledGroup'

function leavesOf(table: object): readonly Leaf[] {
  return fieldsOf(table).map(([property, field]) => {
    const text = (value: unknown) => field.format(value as never)
    return leaf(property, field.attribute, (one, other) => text(one) === text(other))
  })
}

/** A value that no table has: a list of checks, of keys. */
function whole(property: string, same: Leaf['same'] = isDeepStrictEqual): Leaf {
  return leaf(property, property, same)
}

function leaf(property: string, name: string, same: Leaf['same']): Leaf {
  return {
    property,
    name,
    same: (one, other) => {
      return one === other || (one !== undefined && other !== undefined && same(one, other))
    },
  }
}

const HOST: Level = {
  kind: 'host',
  nameProperty: 'name',
  pathOf: (group, name) => `${group}/${name}`,
  ordered: true,
  leaves: leavesOf(HOST_FIELDS),
  lists: {},
  marksOf: marksOfHost,
}

const GROUP: Level = {
  kind: 'group',
  nameProperty: 'name',
  pathOf: (service, name) => `${service}/${name}`,
  ordered: false,
  leaves: [...leavesOf(GROUP_FIELDS), whole('checks')],
  lists: { hosts: HOST },
  marksOf: marksOfGroup,
}

const LISTENER: Level = {
  kind: 'listener',
  nameProperty: 'address',
  pathOf: (service, address) => `${service}/listen/${address}`,
  ordered: false,
  leaves: leavesOf(LISTENER_FIELDS),
  lists: {},
}

const SERVICE: Level = {
  kind: 'service',
  nameProperty: 'name',
  pathOf: (_, name) => name,
  ordered: false,
  leaves: leavesOf(SERVICE_FIELDS),
  lists: { listeners: LISTENER, groups: GROUP },
  marksOf: marksOfService,
}

const USER: Level = {
  kind: 'user',
  nameProperty: 'name',
  pathOf: (_, name) => pathOfListed('user', name),
  ordered: false,
  leaves: [...leavesOf(USER_FIELDS), whole('keys', sameKeys)],
  lists: {},
}

const TOKEN: Level = {
  kind: 'token',
  nameProperty: 'name',
  pathOf: (_, name) => pathOfListed('token', name),
  ordered: false,
  leaves: leavesOf(TOKEN_FIELDS),
  lists: {},
}

/** Settings stand in no list, and each has a table of its own. */
export const SETTINGS: readonly (readonly [SettingName, Level])[] = Object.entries(
  SETTING_FIELDS,
).map(([name, table]) => {
  const level: Level = {
    kind: 'setting',
    nameProperty: '',
    pathOf: () => `settings/${name}`,
    ordered: false,
    leaves: leavesOf(table),
    lists: {},
  }
  return [name as SettingName, level]
})

/** What stands at the top of a snapshot, but the settings. */
export const SNAPSHOT: Level = {
  kind: 'setting',
  nameProperty: '',
  pathOf: () => '',
  ordered: false,
  leaves: [],
  lists: { services: SERVICE, users: USER, tokens: TOKEN },
}

export function marksOfHost({ address }: { readonly address: string }): readonly string[] {
  return [address]
}

/** What is renamed has most of its hosts where it had them. */
export function marksOfGroup({ hosts }: GroupSnapshot): readonly string[] {
  return hosts.map(({ address }) => address)
}

/** What is renamed goes on listening, and has most of its hosts, where it did. */
export function marksOfService({ listeners, groups }: ServiceSnapshot): readonly string[] {
  const listening = listeners.filter(({ address }) => !ANY_PORT.test(address))
  return [...listening.map(({ address }) => `listen ${address}`), ...groups.flatMap(marksOfGroup)]
}

// However a key is broken and indented.
function sameKeys(one: unknown, other: unknown): boolean {
  const [keys, others] = [one as readonly string[], other as readonly string[]]
  const text = (lines: readonly string[]) => lines.map(keyLine).filter((line) => line !== '')
  return isDeepStrictEqual(text(keys), text(others))
}
