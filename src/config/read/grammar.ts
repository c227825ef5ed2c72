// What may stand where in a document: the elements, and for each its attributes and children. The
// attributes are those of the model's tables of fields and are not listed a second time.
//
// There is one grammar for the three that are understood: ours, that of txLoadBalancer (`config`) and that
// of PythonDirector (`pdconfig`). Their elements do not contradict each other, so each is accepted under
// either root. The root says only in which words something new is written; see write.ts.
import { NAME_FORM, faultOfName } from '../../base/names.ts'
import { type Field, address, flag } from '../../model/field.ts'
import {
  CHECK_FIELDS,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../model/fields.ts'
import { SETTING_FIELDS, type SettingName } from '../../model/setting-fields.ts'

/** A field whose kind of value does not matter here. */
export type AnyField = Field<never>

export interface ElementRule {
  readonly attributes: readonly AnyField[]
  readonly byName: ReadonlyMap<string, AnyField>
  /** Names of the attributes without which the element means nothing. */
  readonly required: readonly string[]
  readonly children: readonly string[]
  /** At most one in its parent. */
  readonly single: boolean
}

export const ROOTS = ['config', 'pdconfig'] as const

/** On the root: tells editors which schema to use. Allowed as in every XML document, and never read or fetched. */
export const SCHEMA_ATTRIBUTES: readonly string[] = ['xmlns:xsi', 'xsi:noNamespaceSchemaLocation']

/** What `xmlns:xsi` stands for everywhere. */
export const SCHEMA_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance'

/** Allowed anywhere with anything inside, and never read. */
export const NOTE = 'note'

export const NAME: Field<string> = {
  attribute: 'name',
  summary: 'the name of the object, also in paths',
  effect: 'at once',
  form: { kind: 'name' },
  accepts: NAME_FORM,
  standard: '',
  read: (given) =>
    typeof given === 'string' && faultOfName(given) === undefined ? given : undefined,
  format: String,
}

export const LISTEN_ADDRESS = address({
  attribute: 'ip',
  summary: 'where clients come in; * is every interface, port 0 lets the system choose',
  effect: 'at once',
  standard: '',
})

/** txLoadBalancer and Sluice: `<group enable="true">`. */
export const GROUP_ENABLE = flag({
  attribute: 'enable',
  summary: 'this group serves; one of a service does',
  effect: 'at once',
  standard: false,
})

/** PythonDirector: `<enable group="…" />` in a service. */
export const ENABLE_GROUP: Field<string> = { ...NAME, attribute: 'group' }

const { intervalMs } = SETTING_FIELDS.hostCheck

/** PythonDirector: `<checktime time="…" />`, the interval of `<hostCheck>`; 0 meant its default. */
export const CHECKTIME: Field<number> = {
  ...intervalMs,
  attribute: 'time',
  accepts: `${intervalMs.accepts}; 0 for 120 s`,
  read: (given) => (given === '0' ? 120_000 : intervalMs.read(given)),
}

const SETTING_NAMES = Object.keys(SETTING_FIELDS) as readonly SettingName[]

/** The element that a setting stands in; those without one stand in the root. */
export const SECTION_OF: Readonly<Partial<Record<SettingName, 'admin' | 'manager'>>> = {
  hostCheck: 'manager',
  configCheck: 'manager',
  heartbeat: 'manager',
  ssh: 'admin',
  web: 'admin',
}

/** The settings of a section; without a section, those of the root. */
export function settingsOf(section?: 'admin' | 'manager'): readonly SettingName[] {
  return SETTING_NAMES.filter((name) => SECTION_OF[name] === section)
}

const ROOT: ElementRule = {
  ...rule([], ['service', 'admin', 'manager', ...settingsOf(), 'checktime']),
  single: true,
}

export const GRAMMAR: ReadonlyMap<string, ElementRule> = new Map([
  ['config', ROOT],
  ['pdconfig', ROOT],
  ['service', rule([NAME, ...fields(SERVICE_FIELDS)], ['listen', 'group', 'enable'], ['name'])],
  ['listen', rule([LISTEN_ADDRESS, ...fields(LISTENER_FIELDS)], [], ['ip'])],
  ['group', rule([NAME, GROUP_ENABLE, ...fields(GROUP_FIELDS)], ['host', 'check'], ['name'])],
  ['host', rule([NAME, ...fields(HOST_FIELDS)], [], ['ip'])],
  ['check', rule(fields(CHECK_FIELDS), [])],
  ['enable', rule([ENABLE_GROUP], [], ['group'])],
  // PythonDirector: `<admin listen=… secure=…>` is what `<web>` is to the others.
  ['admin', once(rule(fields(SETTING_FIELDS.web), [...settingsOf('admin'), 'user', 'token']))],
  ['manager', once(rule([], settingsOf('manager')))],
  ['user', rule([NAME, ...fields(USER_FIELDS)], ['key'], ['name'])],
  ['key', rule([], [])],
  ['token', rule([NAME, ...fields(TOKEN_FIELDS)], [], ['name', TOKEN_FIELDS.hash.attribute])],
  ['checktime', once(rule([CHECKTIME], [], ['time']))],
  ...SETTING_NAMES.map((name) => [name, once(rule(fields(SETTING_FIELDS[name]), []))] as const),
])

function rule(
  attributes: readonly unknown[],
  children: readonly string[],
  required: readonly string[] = [],
): ElementRule {
  const known = attributes as readonly AnyField[]
  const byName = new Map(known.map((field) => [field.attribute, field]))
  return { attributes: known, byName, children, required, single: false }
}

function once(of: ElementRule): ElementRule {
  return { ...of, single: true }
}

function fields(table: object): readonly unknown[] {
  return Object.values(table)
}
