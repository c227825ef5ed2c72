// Whatever has fields that can be set, found by its path: services, groups, hosts, listeners, and the settings under
// `settings/`. With each comes the table of its fields.
import type { Balancer, Named } from '../../model/balancer.ts'
import { GROUP_FIELDS, HOST_FIELDS, LISTENER_FIELDS, SERVICE_FIELDS } from '../../model/fields.ts'
import { Group } from '../../model/group.ts'
import { Host } from '../../model/host.ts'
import { Listener } from '../../model/listener.ts'
import { SETTING_FIELDS, type SettingName } from '../../model/setting-fields.ts'
import type { Kind, Place } from '../command.ts'
import type { Fields } from './kinds.ts'
import { scope } from './paths.ts'

export interface Settable {
  readonly path: string
  readonly table: Fields
  valueOf(field: string): unknown
  /** @throws BalancerError VALUE_BAD, REFUSED */
  set(field: string, value: unknown): void
}

// The mode of a service is fixed when it is made; see SERVICE_FIELDS.
const { engine, accessLog } = SERVICE_FIELDS
export const SERVICE_SETTABLE = { engine, accessLog }

export const SETTING_NAMES = Object.keys(SETTING_FIELDS) as SettingName[]
const SETTINGS = 'settings/'

export const settablePath: Kind<Settable> = {
  placeholder: 'PATH',
  accepts: 'the path of a service, group, host, listener or of a setting: settings/hostCheck',
  read(path, { balancer }) {
    const setting = settingAt(path)
    if (setting !== undefined) return settingOf(balancer, setting)
    return objectOf(balancer.find(path))
  },
  candidates(place) {
    const settings = SETTING_NAMES.map((name) => `${SETTINGS}${name}`)
    return [...(scope.candidates?.(place) ?? []), ...settings]
  },
}

/** Is it a path below `settings/`? */
export function isSettingPath(path: string): boolean {
  return path.startsWith(SETTINGS)
}

/** The fields of the object whose path is the word before; none where there is no such object. */
export function fieldsAtPath({ process, balancer, before }: Place): Fields {
  try {
    const path = before.at(-1) ?? ''
    return settablePath.read(path, { process, balancer, before: [] }).table
  } catch {
    return {}
  }
}

/** A live object with these fields. */
export function objectWith(target: Named, table: Fields): Settable {
  // The table names the settable properties of the object, which the type of the object does not tell.
  const values = target as unknown as Record<string, unknown>
  return {
    path: target.path,
    table,
    valueOf: (field) => values[field],
    set: (field, value) => {
      values[field] = value
    },
  }
}

export function settingOf(balancer: Balancer, name: SettingName): Settable {
  return {
    path: `${SETTINGS}${name}`,
    table: SETTING_FIELDS[name],
    valueOf: (field) => (balancer.settings[name] as Readonly<Record<string, unknown>>)[field],
    set: (field, value) => balancer.configure(name, { [field]: value }),
  }
}

function objectOf(target: Named): Settable {
  return objectWith(target, tableOf(target))
}

function tableOf(target: Named): Fields {
  if (target instanceof Host) return HOST_FIELDS
  if (target instanceof Group) return GROUP_FIELDS
  return target instanceof Listener ? LISTENER_FIELDS : SERVICE_SETTABLE
}

function settingAt(path: string): SettingName | undefined {
  return SETTING_NAMES.find((name) => path === `${SETTINGS}${name}`)
}
