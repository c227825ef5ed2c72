// One change in the words of an operator: `web/main/a: weight 1 -> 5`, fields by the names they are set by.
import type { Change } from '../../model/change.ts'
import {
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../model/fields.ts'
import { placeOf, settingOf } from '../../model/place.ts'
import { SETTING_FIELDS } from '../../model/setting-fields.ts'
import { isCheck, textOfCheck } from './check-text.ts'
import type { Fields } from '../line/kinds.ts'

const TABLES: Readonly<Record<ReturnType<typeof placeOf>['kind'], Fields>> = {
  service: SERVICE_FIELDS,
  listener: LISTENER_FIELDS,
  group: GROUP_FIELDS,
  host: HOST_FIELDS,
}

/** Where the operators and the tokens of a document stand. */
const USERS = 'settings/users/'
const TOKENS = 'settings/tokens/'

/** Characters of one value; the document has all of it. */
const VALUE_MAX = 80

export function textOfChange({ action, path, field = '', from, to }: Change): string {
  if (action === 'add') return `${path}: added`
  if (action === 'remove') return `${path}: removed`
  if (field === 'pausedUntil') return `${path}: ${pauseOf(Number(to))}`
  return textOfField(path, field, from, to)
}

/** `web/main/a: weight 1 -> 5` for the property `weight` of whatever is at a path. */
export function textOfField(path: string, field: string, from: unknown, to: unknown): string {
  // The name of a neighbour alone would not say what became of the host.
  if (field === 'before')
    return `${path}: moved ${to === '' ? 'to the end' : `before ${plain(to)}`}`
  const known = fieldAt(path, field)
  const [before, after] = [from, to].map((value) => textOfValue(path, field, value))
  // Operators are told by name, and long values by how they begin.
  const values = before === after ? 'changed' : `${before} -> ${after}`
  return `${path}: ${known?.attribute ?? field} ${values}`
}

/** `5`, `2s`, `none`: a value of the property `field` of whatever is at a path. */
export function textOfValue(path: string, field: string, value: unknown): string {
  return shortened(fieldAt(path, field)?.format(value) ?? plain(value)) || 'none'
}

function fieldAt(path: string, field: string): Fields[string] | undefined {
  const table = tableAt(path, field)
  return Object.hasOwn(table, field) ? table[field] : undefined
}

function tableAt(path: string, field: string): Fields {
  if (path.startsWith(USERS)) return USER_FIELDS
  if (path.startsWith(TOKENS)) return TOKEN_FIELDS
  const setting = settingOf(path, field)
  return setting === undefined ? TABLES[placeOf(path).kind] : SETTING_FIELDS[setting]
}

function pauseOf(until: number): string {
  return until === 0 ? 'resumed' : `paused until ${new Date(until).toISOString()}`
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(' ')
  if (Array.isArray(value) && value.every(isCheck)) return value.map(textOfCheck).join(', ')
  return JSON.stringify(value) ?? ''
}

function shortened(text: string): string {
  return text.length <= VALUE_MAX ? text : `${text.slice(0, VALUE_MAX)}…`
}
