// What a path says: which kind of object, where, and below which others.
import { type SettingName, SETTING_FIELDS } from './setting-fields.ts'

export interface Place {
  readonly kind: 'service' | 'listener' | 'group' | 'host'
  readonly service: string
  /** Of a host. */
  readonly group: string
  /** Of the object itself; the address of a listener. */
  readonly name: string
}

export function placeOf(path: string): Place {
  const [service = '', second, ...rest] = path.split('/')
  const name = rest.join('/')
  if (second === undefined) return { kind: 'service', service, group: '', name: service }
  if (second === 'listen') return { kind: 'listener', service, group: '', name }
  if (rest.length === 0) return { kind: 'group', service, group: '', name: second }
  return { kind: 'host', service, group: second, name }
}

/** Is `path` that of the object at `other`, or of something in it? */
export function isAtOrBelow(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`)
}

/** The setting of a change; undefined where it is of something else. */
export function settingOf(path: string, field: string): SettingName | undefined {
  const [first, name = ''] = path.split('/')
  // A service may be called `settings`; no field of its groups is one of a setting of that name.
  if (first !== 'settings' || !Object.hasOwn(SETTING_FIELDS, name)) return undefined
  const setting = name as SettingName
  return Object.hasOwn(SETTING_FIELDS[setting], field) ? setting : undefined
}
