// What may stand in front of a key in an authorized_keys line: `from="10.0.0.0/8",command="show hosts" ssh-ed25519 …`.
// Read as OpenSSH reads it. An option that is not known refuses the key: it may have been a restriction.
import { type AddressPatterns, parseAddressPatterns } from './address-patterns.ts'
import type { TokenDemands } from './fido.ts'

/** What a login may do less than its role allows. */
export interface Restrictions {
  /** May it have a terminal? */
  readonly pty: boolean
  /** May it tunnel? */
  readonly forwarding: boolean
  /** `host:port` that it may tunnel to; undefined sets no limit of its own. */
  readonly permitOpen: readonly string[] | undefined
  /** Runs in place of whatever is asked for. */
  readonly command: string | undefined
}

export const UNRESTRICTED: Restrictions = {
  pty: true,
  forwarding: true,
  permitOpen: undefined,
  command: undefined,
}

export interface KeyOptions {
  readonly restrictions: Restrictions
  readonly from: AddressPatterns | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined
  /** The key lets nobody in itself; certificates that it signed do. */
  readonly certAuthority: boolean
  /** Names of which a certificate must hold one; undefined asks for the name of the operator. */
  readonly principals: readonly string[] | undefined
  readonly demands: TokenDemands
}

/** An option, with its value where it has one. */
interface Option {
  readonly name: string
  readonly value: string | undefined
}

/** Collects what the options say; each may be said once unless its rule adds up. */
type Draft = { -readonly [Name in keyof KeyOptions]: KeyOptions[Name] }

/** Obeys an option, or says what is wrong with it. */
type Rule = (draft: Draft, value: string) => string | undefined

/** Options without a value. */
const FLAGS: Readonly<Record<string, (draft: Draft) => void>> = {
  restrict: restrict({ pty: false, forwarding: false }),
  pty: restrict({ pty: true }),
  'no-pty': restrict({ pty: false }),
  'port-forwarding': restrict({ forwarding: true }),
  'no-port-forwarding': restrict({ forwarding: false }),
  'cert-authority': (draft) => {
    draft.certAuthority = true
  },
  'touch-required': demand({ touch: true }),
  'no-touch-required': demand({ touch: false }),
  'verify-required': demand({ verified: true }),
  'no-verify-required': demand({ verified: false }),
  // Nobody is ever offered these, so there is nothing to take away or to give.
  'agent-forwarding': () => {},
  'no-agent-forwarding': () => {},
  'x11-forwarding': () => {},
  'no-x11-forwarding': () => {},
  'user-rc': () => {},
  'no-user-rc': () => {},
}

/** Options with a value. */
const RULES: Readonly<Record<string, Rule>> = {
  command(draft, value) {
    if (draft.restrictions.command !== undefined) return 'command= stands there twice'
    draft.restrictions = { ...draft.restrictions, command: value }
    return undefined
  },
  from(draft, value) {
    const from = parseAddressPatterns(value)
    if (typeof from === 'string') return `from=: ${from}`
    if (draft.from !== undefined) return 'from= stands there twice'
    draft.from = from
    return undefined
  },
  'expiry-time'(draft, value) {
    const at = parseExpiry(value)
    if (at === undefined) {
      return `expiry-time is YYYYMMDD or YYYYMMDDHHMM[SS], with a Z for UTC, got ${JSON.stringify(value)}`
    }
    draft.expiresAt = Math.min(at, draft.expiresAt ?? at)
    return undefined
  },
  permitopen(draft, value) {
    if (!/^(\[[\da-f:.]+\]|[^\s:[\]]+):(\d{1,5}|\*)$/i.test(value)) {
      return `permitopen is host:port, [ipv6]:port or host:*, got ${JSON.stringify(value)}`
    }
    const permitOpen = [...(draft.restrictions.permitOpen ?? []), value]
    draft.restrictions = { ...draft.restrictions, permitOpen }
    return undefined
  },
  principals(draft, value) {
    if (draft.principals !== undefined) return 'principals= stands there twice'
    draft.principals = value.split(',').map((name) => name.trim())
    return undefined
  },
}

/** Where the options end and the key begins. Undefined where a quote is never closed. */
export function splitOptions(line: string): { options: string; rest: string } | undefined {
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '\\' && line[at + 1] === '"') at++
    else if (character === '"') quoted = !quoted
    else if (!quoted && (character === ' ' || character === '\t')) {
      return { options: line.slice(0, at), rest: line.slice(at).trim() }
    }
  }
  return quoted ? undefined : { options: line, rest: '' }
}

/** What the options say, or why the key must not be used. */
export function parseOptions(text: string): KeyOptions | string {
  const draft: Draft = {
    restrictions: UNRESTRICTED,
    from: undefined,
    expiresAt: undefined,
    certAuthority: false,
    principals: undefined,
    demands: { touch: true, verified: false },
  }
  const options = parseList(text)
  if (typeof options === 'string') return options
  for (const option of options) {
    const fault = obey(draft, option)
    if (fault !== undefined) return fault
  }
  if (draft.principals !== undefined && !draft.certAuthority) {
    return 'principals= needs cert-authority beside it'
  }
  return draft
}

function obey(draft: Draft, { name, value }: Option): string | undefined {
  const [flag, rule] = [own(FLAGS, name), own(RULES, name)]
  if (value === undefined && flag !== undefined) {
    flag(draft)
    return undefined
  }
  if (value !== undefined && rule !== undefined) return rule(draft, value)
  if (flag !== undefined) return `the option ${name} takes no value`
  if (rule !== undefined) return `the option ${name} needs a value: ${name}="…"`
  const known = [...Object.keys(FLAGS), ...Object.keys(RULES).map((each) => `${each}=`)]
  return `there is no option ${JSON.stringify(name.slice(0, 64))}; the options are ${known.join(', ')}`
}

/** `a,b="x,\"y"` taken apart. Option names have no case. */
function parseList(text: string): readonly Option[] | string {
  const options: Option[] = []
  const pattern = /([^\s,="]+)(?:="((?:\\"|[^"])*)")?(,|$)/y
  if (text === '') return options
  for (let end = ','; end === ','; ) {
    const match = pattern.exec(text)
    if (match === null) {
      return 'options are names or name="value", separated by commas without blanks'
    }
    const [, name = '', value] = match
    // As in OpenSSH a backslash means something in front of a quote only.
    options.push({ name: name.toLowerCase(), value: value?.replaceAll('\\"', '"') })
    end = match[3] ?? ''
  }
  return options
}

/** The end of a key's life in milliseconds since 1970. Without a Z it is in the time of this machine. */
function parseExpiry(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/i.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // A 31st of June would be taken for the 1st of July.
  const digits = utc.toISOString().replaceAll(/\D/g, '').slice(0, 14)
  const asked = match.slice(1, 7).map((part) => part ?? '00')
  if (digits !== asked.join('')) return undefined
  if (match[7] !== '') return utc.getTime()
  return new Date(year, month - 1, day, hour, minute, second).getTime()
}

function restrict(some: Partial<Restrictions>): (draft: Draft) => void {
  return (draft) => {
    draft.restrictions = { ...draft.restrictions, ...some }
  }
}

function demand(some: Partial<TokenDemands>): (draft: Draft) => void {
  return (draft) => {
    draft.demands = { ...draft.demands, ...some }
  }
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
