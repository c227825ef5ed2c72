// The arguments of the ancestors' calls, as their scripts write them: names in any case, values %-decoded and nothing else
// (a plus is a plus).
import { BalancerError } from '../../base/errors.ts'

/** By name in lower case. */
export type Arguments = ReadonlyMap<string, string>

/** What a call takes; names as they are written down. */
export interface Accepted {
  readonly required: readonly string[]
  readonly optional?: readonly string[]
  /** One of them at least. */
  readonly oneOf?: readonly string[]
}

/** @param url path and query. @throws BalancerError NOT_UNDERSTOOD with what is missing, or is no argument of the call */
export function readArguments(url: string, accepted: Accepted): Arguments {
  const start = url.indexOf('?')
  const query = start === -1 ? '' : url.slice(start + 1)
  const given = new Map<string, string>()
  for (const pair of query.split('&')) if (pair !== '') addPair(given, pair)
  requireKnown(given, accepted)
  requireAll(given, accepted)
  return given
}

function addPair(given: Map<string, string>, pair: string): void {
  const sign = pair.indexOf('=')
  if (sign === -1) throw notUnderstood(`${shown(pair)} has no value: write ${shown(pair)}=VALUE`)
  given.set(decoded(pair.slice(0, sign)).toLowerCase(), decoded(pair.slice(sign + 1)))
}

function requireKnown(given: Arguments, { required, optional = [], oneOf = [] }: Accepted): void {
  const names = [...required, ...oneOf, ...optional]
  const known = new Set(names.map((name) => name.toLowerCase()))
  const stray = [...given.keys()].filter((name) => !known.has(name)).map(shown)
  if (stray.length === 0) return
  const accepts = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`
  throw notUnderstood(`no argument of this call: ${stray.join(', ')}; ${accepts}`)
}

function requireAll(given: Arguments, { required, oneOf = [] }: Accepted): void {
  const has = (name: string) => (given.get(name.toLowerCase()) ?? '') !== ''
  const missing = required.filter((name) => !has(name))
  if (oneOf.length > 0 && !oneOf.some(has)) missing.push(oneOf.join(' or '))
  if (missing.length > 0) throw notUnderstood(`missing arg(s): ${missing.join(', ')}`)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw notUnderstood(`${shown(text)} is not %-encoded UTF-8`)
  }
}

/** Characters of what somebody sent that an answer repeats. */
const SHOWN_MAX = 100

function shown(text: string): string {
  return text.slice(0, SHOWN_MAX)
}

function notUnderstood(detail: string): BalancerError {
  return new BalancerError('NOT_UNDERSTOOD', detail)
}
