// What stands beside the text of a revision: who made it, when, why and what it changed; as JSON, without secrets. What
// is read back may have been edited by anybody and is taken as a whole or not at all.
import { LIMITS } from '../../base/limits.ts'
import type { Origin } from '../../base/origin.ts'
import {
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../model/fields.ts'
import { type SettingName, SETTING_FIELDS } from '../../model/setting-fields.ts'
import type { Changed, Difference } from '../compare/difference.ts'
import { withoutSecretsIn } from '../compare/secrets.ts'

export interface RevisionFacts {
  /** When it became the document, in milliseconds since 1970. */
  readonly time: number
  /** Whose edits it holds: `ssh:alice`, `file`; more than one where a save took several together. */
  readonly origins: readonly Origin[]
  /** What whoever made it said of it; '' where nobody did. */
  readonly comment: string
  /** Against the revision before it, without secrets; undefined where there were too many to keep. */
  readonly changes: readonly Difference[] | undefined
}

/** @returns JSON of no more than LIMITS.revisionFactsBytesMax */
export function formatFacts({ time, origins, comment, changes }: RevisionFacts): string {
  const said = {
    time,
    origins: origins.slice(0, LIMITS.revisionOriginsMax),
    comment: comment.slice(0, LIMITS.commentLengthMax),
  }
  if (changes === undefined || changes.length > LIMITS.revisionChangesMax)
    return JSON.stringify(said)
  const whole = JSON.stringify({ ...said, changes: changes.map(withoutSecretsIn) })
  return Buffer.byteLength(whole) > LIMITS.revisionFactsBytesMax ? JSON.stringify(said) : whole
}

/** Undefined where that is not what `formatFacts` makes. */
export function parseFacts(json: string): RevisionFacts | undefined {
  const given = objectIn(json)
  if (given === undefined) return undefined
  const { time, origins, comment, changes } = given
  if (typeof time !== 'number' || Math.abs(time) > TIME_MAX) return undefined
  if (!isTexts(origins) || origins.length > LIMITS.revisionOriginsMax) return undefined
  if (typeof comment !== 'string' || comment.length > LIMITS.commentLengthMax) return undefined
  if (changes === undefined) return { time, origins, comment, changes }
  return isDifferences(changes) ? { time, origins, comment, changes } : undefined
}

/** The largest time that a Date can hold. */
const TIME_MAX = 8.64e15

const TABLES: Readonly<Record<string, object>> = {
  service: SERVICE_FIELDS,
  listener: LISTENER_FIELDS,
  group: GROUP_FIELDS,
  host: HOST_FIELDS,
  user: USER_FIELDS,
  token: TOKEN_FIELDS,
}

type Unknown = Readonly<Record<string, unknown>>

function objectIn(json: string): Unknown | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isDifferences(value: unknown): value is readonly Difference[] {
  return (
    Array.isArray(value) && value.length <= LIMITS.revisionChangesMax && value.every(isDifference)
  )
}

function isDifference(value: unknown): boolean {
  if (!isObject(value)) return false
  const { action, kind, path } = value
  if (typeof path !== 'string' || typeof kind !== 'string') return false
  if (action === 'set') return typeof value['field'] === 'string' && hasFittingValues(value)
  if (!Object.hasOwn(TABLES, kind)) return false
  return action === 'remove' || (action === 'add' && isObject(value['to']))
}

// Values are shown by the formats of the tables, which take what is of their type and nothing else.
function hasFittingValues(value: Unknown): boolean {
  const { kind, path, field, from, to } = value as unknown as Changed
  const table = tableOf(kind, path)
  if (table === undefined) return false
  if (!Object.hasOwn(table, field)) return true
  const { standard } = table[field] as { readonly standard: unknown }
  return [from, to].every((each) => isLike(each, standard))
}

function tableOf(kind: string, path: string): Unknown | undefined {
  if (kind !== 'setting') return (Object.hasOwn(TABLES, kind) ? TABLES[kind] : undefined) as Unknown
  const [, name = ''] = path.split('/')
  return Object.hasOwn(SETTING_FIELDS, name) ? SETTING_FIELDS[name as SettingName] : undefined
}

function isLike(value: unknown, standard: unknown): boolean {
  return Array.isArray(standard) ? isTexts(value) : typeof value === typeof standard
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}

function isObject(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
