// What a document, a candidate or a revision changes, for people: in parts by service, each difference with a sign, a
// sentence and its two values.
import { span } from '../../text/format.ts'
import { visibleLine } from './visible.ts'

/** As the commands answer it. */
export interface Difference {
  readonly action: 'add' | 'remove' | 'set'
  readonly kind: string
  readonly path: string
  readonly field: string | null
  readonly before: unknown
  readonly after: unknown
}

export interface DifferencePart {
  /** Name of a service, or `settings`. */
  readonly name: string
  readonly differences: readonly Difference[]
}

/** The name of the part that belongs to no service. */
const SETTINGS = 'settings'

/** In the order in which they first appear, settings last. */
export function partsOf(differences: readonly Difference[]): readonly DifferencePart[] {
  const parts = new Map<string, Difference[]>()
  for (const difference of differences) {
    const [name = ''] = difference.path.split('/')
    const part = parts.get(name)
    if (part === undefined) parts.set(name, [difference])
    else part.push(difference)
  }
  const all = [...parts].map(([name, found]) => ({ name, differences: found }))
  return [
    ...all.filter(({ name }) => name !== SETTINGS),
    ...all.filter(({ name }) => name === SETTINGS),
  ]
}

export const SIGNS = { add: '+', remove: '−', set: '~' } as const

/** For a screen reader, which does not say signs. */
export const SIGN_WORDS = { add: 'added', remove: 'removed', set: 'changed' } as const

/** `weight 1 → 5`, `host web/main/d 10.0.0.4:80`: what stands behind the sign. */
export function textOf({ action, kind, path, field, before, after }: Difference): string {
  if (action !== 'set')
    return `${kind} ${visibleLine(path)}${addressIn(action === 'add' ? after : before)}`
  if (field === 'before')
    return `${visibleLine(path)}: moved ${after === '' ? 'to the end' : `before ${valueText(field, after)}`}`
  const [was, is] = [valueText(field, before), valueText(field, after)]
  const name = fieldText(field ?? '')
  return `${visibleLine(path)}: ${name} ${was === is ? 'changed' : `${was} → ${is}`}`
}

/** `connectTimeoutMs` is told as `connectTimeout`, with a unit behind its value. */
function fieldText(field: string): string {
  return isSpan(field) ? field.slice(0, -2) : field
}

/** `5 s`, `none`, `yes`: a value of the property `field`, in one line. */
export function valueText(field: string | null, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none'
  if (typeof value === 'number' && field !== null && isSpan(field)) return span(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return visibleLine(value)
  if (typeof value === 'number') return String(value)
  if (isTexts(value)) return visibleLine(value.join(' ')) || 'none'
  return visibleLine(JSON.stringify(value) ?? '')
}

/** `3 differences in 2 services`. */
export function summaryOf(differences: readonly Difference[]): string {
  const { length } = differences
  if (length === 0) return 'no differences'
  return `${length} ${length === 1 ? 'difference' : 'differences'}`
}

function addressIn(object: unknown): string {
  if (typeof object !== 'object' || object === null || !('address' in object)) return ''
  return typeof object.address === 'string' ? ` ${visibleLine(object.address)}` : ''
}

function isSpan(field: string): boolean {
  return /[a-z]Ms$/.test(field)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
