// New elements: what they say (shapes made from snapshots) and how they are written down. Values equal
// to their standard are left out, so that a document says only what is special about it.
import {
  CHECK_FIELDS,
  type CheckValues,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../model/fields.ts'
import type {
  GroupSnapshot,
  HostSnapshot,
  ListenerSnapshot,
  ServiceSnapshot,
  TokenSnapshot,
  UserSnapshot,
} from '../../model/snapshot.ts'
import { ENABLE_GROUP, GROUP_ENABLE, LISTEN_ADDRESS, NAME, type ROOTS } from '../read/grammar.ts'
import { attributeText, fieldsOf, oldSpelling } from '../read/values.ts'

export interface Shape {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, text: string])[]
  readonly children?: readonly Shape[]
  readonly text?: string
}

/**
 * In which words something new is written. The root decides, and whether schedulers have their old names there: then
 * whoever reads the document with txLoadBalancer can go on doing so.
 */
export type Dialect = (typeof ROOTS)[number] | 'config with old names'

export function serviceShape(service: ServiceSnapshot, dialect: Dialect): Shape {
  const { name, listeners, groups, enabledGroup } = service
  const marked = dialect === 'pdconfig' ? '' : enabledGroup
  const enable = dialect === 'pdconfig' && groups.length > 0 ? [enableShape(enabledGroup)] : []
  return {
    name: 'service',
    attributes: [[NAME.attribute, name], ...attributesFor(service, SERVICE_FIELDS)],
    children: [
      ...listeners.map(listenerShape),
      ...groups.map((group) => groupShape(group, group.name === marked, dialect)),
      ...enable,
    ],
  }
}

export function enableShape(group: string): Shape {
  return { name: 'enable', attributes: [[ENABLE_GROUP.attribute, group]] }
}

export function listenerShape(listener: ListenerSnapshot): Shape {
  const attributes = attributesFor(listener, LISTENER_FIELDS)
  return {
    name: 'listen',
    attributes: [[LISTEN_ADDRESS.attribute, listener.address], ...attributes],
  }
}

/** @param marked says `enable="true"` on the group */
export function groupShape(group: GroupSnapshot, marked: boolean, dialect: Dialect): Shape {
  const { scheduler, ...others } = GROUP_FIELDS
  const schedulerText =
    dialect === 'config with old names' ? oldSpelling(scheduler, group.scheduler) : group.scheduler
  return {
    name: 'group',
    attributes: [
      [NAME.attribute, group.name],
      // Always written: it is the first thing that people look for.
      [scheduler.attribute, schedulerText],
      ...(marked ? ([[GROUP_ENABLE.attribute, 'true']] as const) : []),
      ...attributesFor(group, others),
    ],
    children: [...group.hosts.map(hostShape), ...group.checks.map(checkShape)],
  }
}

export function hostShape(host: HostSnapshot): Shape {
  return {
    name: 'host',
    attributes: [[NAME.attribute, host.name], ...attributesFor(host, HOST_FIELDS)],
  }
}

export function checkShape(check: CheckValues): Shape {
  const { type, ...others } = CHECK_FIELDS
  return {
    name: 'check',
    attributes: [[type.attribute, check.type], ...attributesFor(check, others)],
  }
}

export function userShape(user: UserSnapshot): Shape {
  return { ...entryShape('user', user, USER_FIELDS), children: user.keys.map(keyShape) }
}

export function tokenShape(token: TokenSnapshot): Shape {
  return entryShape('token', token, TOKEN_FIELDS)
}

// The role is always written: who may do what is not left to a default.
function entryShape(
  name: 'user' | 'token',
  entry: UserSnapshot | TokenSnapshot,
  { access, ...others }: typeof USER_FIELDS | typeof TOKEN_FIELDS,
): Shape {
  const role = [access.attribute, entry.access] as const
  const attributes = [[NAME.attribute, entry.name] as const, role, ...attributesFor(entry, others)]
  return { name, attributes }
}

export function keyShape(line: string): Shape {
  return { name: 'key', attributes: [], text: line }
}

/** The attributes of all values that differ from `than`, which are the standards where nothing is given. */
export function attributesFor(values: object, table: object, than?: object): Shape['attributes'] {
  return differing(values, table, than).map(([property, field]) => {
    return [field.attribute, attributeText(field, valueIn(values, property))] as const
  })
}

/** The fields whose values differ, by their text where they are not the same to begin with. */
export function differing(
  values: object,
  table: object,
  than?: object,
): ReturnType<typeof fieldsOf> {
  return fieldsOf(table).filter(([property, field]) => {
    const value = valueIn(values, property)
    const other = than === undefined ? field.standard : valueIn(than, property)
    return value !== other && field.format(value) !== field.format(other)
  })
}

/** A value whose field is not known by type: what the table of that name accepts. */
export function valueIn(values: object, property: string): never {
  return (values as Readonly<Record<string, never>>)[property] as never
}

export interface Layout {
  /** Blanks in front of the element itself; its children get one `step` more. Undefined: all on one line. */
  readonly indent: string | undefined
  readonly step: string
  readonly newline: string
}

/** The text of a shape, without blanks in front of its first line. */
export function renderShape(shape: Shape, layout: Layout): string {
  const { name, attributes, children = [], text } = shape
  const start = `<${name}${attributes.map(([key, value]) => ` ${key}="${escapeValue(value)}"`).join('')}`
  if (text !== undefined) return `${start}>${escapeText(text)}</${name}>`
  if (children.length === 0) return `${start} />`
  return `${start}>${renderChildren(children, layout)}</${name}>`
}

/** What stands between the start tag and the end tag of an element at `layout.indent`. */
export function renderChildren(children: readonly Shape[], layout: Layout): string {
  const { indent, step, newline } = layout
  if (indent === undefined) return children.map((child) => renderShape(child, layout)).join('')
  const inner = { ...layout, indent: indent + step }
  const lines = children.map((child) => `${newline}${inner.indent}${renderShape(child, inner)}`)
  return `${lines.join('')}${newline}${indent}`
}

/** A value for between quotes of the given kind. */
export function escapeValue(value: string, quote = '"'): string {
  const plain = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  // Read as they are, line ends and tabs would become blanks.
  const kept = plain.replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  return quote === '"' ? kept.replaceAll('"', '&quot;') : kept.replaceAll("'", '&apos;')
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
