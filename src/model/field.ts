// Kinds of settable fields. A field knows its name in the XML, its range, its default and its text,
// once for the model's setters, the configuration file, the `set` command and the documents.
import { inspect } from 'node:util'
import { ADDRESS_FORM, type Address, formatAddress, parseAddress } from '../base/address.ts'
import { DURATION_FORM, formatDuration, parseDuration } from '../base/duration.ts'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'

/** When a changed value is felt. */
export type Effect = 'at once' | 'for new sessions' | 'after a restart'

export interface FieldFacts {
  /** Name in the XML and in the `set` command: `connectTimeout`. */
  readonly attribute: string
  /** One line for people: what the value does, and what 0 or '' means. */
  readonly summary: string
  readonly effect: Effect
}

/** What the text of a value looks like, for who cannot call `read`: the schema for editors. It refuses less. */
export type Form =
  | { readonly kind: 'whole'; readonly min: number; readonly max: number }
  | {
      readonly kind: 'duration'
      readonly bareSeconds: boolean
      readonly minMs: number
      readonly maxMs: number
    }
  | {
      readonly kind: 'words'
      readonly words: readonly string[]
      /** Older spellings, and the word that each stands for. */
      readonly aliases: Readonly<Record<string, string>>
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'address'; readonly port: 'needed' | 'optional'; readonly empty: boolean }
  | { readonly kind: 'name' | 'list' }
  | { readonly kind: 'text'; readonly pattern: RegExp | undefined }

export interface Field<Value> extends FieldFacts {
  readonly form: Form
  /** What is accepted, as it stands in every refusal: `a whole number from 0 to 256`. */
  readonly accepts: string
  /** Value where none was given. */
  readonly standard: Value
  /** A duration that the old grammars write as a bare number of seconds. */
  readonly bareSeconds?: boolean
  /** The value meant by `given` (a value of the right type, or its text), or undefined where it is refused. */
  read(given: unknown): Value | undefined
  /** The text that `read` takes back: the form written to the XML. */
  format(value: Value): string
}

/** The values of a table of fields, by property name. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Field<infer Value> ? Value : never
}

/** A whole number. */
export function whole(
  facts: FieldFacts & { min: number; max: number; standard: number },
): Field<number> {
  const { min, max } = facts
  return {
    ...facts,
    form: { kind: 'whole', min, max },
    accepts: `a whole number from ${min} to ${max}`,
    read(given) {
      const value =
        typeof given === 'string' && /^\d{1,15}$/.test(given.trim()) ? Number(given) : given
      if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
      return value >= min && value <= max ? value : undefined
    },
    format: String,
  }
}

/** Looks in a row: good ones that bring a host back, failed ones that take it out. */
export function streak(attribute: string, summary: string, standard: number): Field<number> {
  return whole({ attribute, summary, effect: 'at once', min: 1, max: LIMITS.streakMax, standard })
}

/** Milliseconds inside, `5s` in text. */
export function duration(
  facts: FieldFacts & { minMs?: number; maxMs?: number; standard: number; bareSeconds?: boolean },
): Field<number> {
  const { minMs = 1, maxMs = LIMITS.timeoutMsMax, bareSeconds = false } = facts
  const most = formatDuration(maxMs)
  const bare = bareSeconds ? ', or bare seconds' : ''
  return {
    ...facts,
    form: { kind: 'duration', bareSeconds, minMs, maxMs },
    accepts: `${DURATION_FORM}${bare}, from ${formatDuration(minMs)} to ${most}`,
    read(given) {
      const value = typeof given === 'string' ? millisecondsOf(given, bareSeconds) : given
      if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
      return value >= minMs && value <= maxMs ? value : undefined
    },
    format: formatDuration,
  }
}

/** One word out of a list; `aliases` are older spellings. */
export function word<const Word extends string>(
  facts: FieldFacts & {
    words: readonly Word[]
    standard: NoInfer<Word>
    aliases?: Readonly<Record<string, Word>>
  },
): Field<Word> {
  const { words, aliases = {} } = facts
  return {
    ...facts,
    form: { kind: 'words', words, aliases },
    accepts: `one of ${words.join(', ')}`,
    read(given) {
      if (typeof given !== 'string') return undefined
      const text = given.trim().toLowerCase()
      const found = words.find((candidate) => candidate.toLowerCase() === text)
      return found ?? (Object.hasOwn(aliases, text) ? aliases[text] : undefined)
    },
    format: String,
  }
}

/** Yes or no; the truth words of txLoadBalancer, any case. */
export function flag(facts: FieldFacts & { standard: boolean }): Field<boolean> {
  const yes = new Set(['yes', '1', 'on', 'enable', 'true'])
  const no = new Set(['no', '0', 'off', 'disable', 'false'])
  return {
    ...facts,
    form: { kind: 'flag' },
    accepts: 'true or false (also yes/no, on/off, enable/disable, 1/0)',
    read(given) {
      if (!['string', 'number', 'boolean'].includes(typeof given)) return undefined
      const text = String(given).trim().toLowerCase()
      if (yes.has(text)) return true
      return no.has(text) ? false : undefined
    },
    format: String,
  }
}

interface AddressFacts extends FieldFacts {
  readonly standard: string
  /** A port alone means that port of localhost. */
  readonly barePort?: boolean
  /** The field may stay empty. */
  readonly empty?: boolean
  /** It is connected to, so it names one machine and a port. */
  readonly connectable?: boolean
  /** It is opened where operators look for it: a port that was left out would be any one; `:0` may be said. */
  readonly portSaid?: boolean
}

/** An address in its one way of writing. */
export function address(facts: AddressFacts): Field<string> {
  const { barePort = false, empty = false, connectable = false, portSaid = false } = facts
  const more = barePort ? ', or a bare port' : ''
  return {
    ...facts,
    form: { kind: 'address', port: connectable || portSaid ? 'needed' : 'optional', empty },
    accepts: `${ADDRESS_FORM}${connectable ? ', the port not 0' : more}`,
    read(given) {
      if (empty && given === '') return ''
      if (typeof given !== 'string') return undefined
      const text = barePort && /^\d{1,5}$/.test(given.trim()) ? `localhost:${given.trim()}` : given
      const parsed = parseAddress(text)
      if (parsed === undefined || (connectable && !namesOnePort(parsed))) return undefined
      if (portSaid && parsed.kind === 'tcp' && parsed.port === 0 && !/:0+$/.test(text.trim()))
        return undefined
      return formatAddress(parsed)
    },
    format: String,
  }
}

function namesOnePort(address: Address): boolean {
  return address.kind === 'unix' || (address.host !== '' && address.port !== 0)
}

/** Free text of one line, at most 1,000 characters; with `pattern`, what fits it. */
export function text(
  facts: FieldFacts & { standard: string; accepts?: string; pattern?: RegExp },
): Field<string> {
  const { pattern, accepts = 'text of at most 1000 characters on one line' } = facts
  return {
    ...facts,
    form: { kind: 'text', pattern },
    accepts,
    read(given) {
      if (typeof given !== 'string' || given.length > 1_000 || /\p{Cc}/u.test(given))
        return undefined
      return pattern === undefined || pattern.test(given) ? given : undefined
    },
    format: String,
  }
}

/** A list written with blanks or commas between its items; `item` gives an item its one way of writing. */
export function list(
  facts: FieldFacts & {
    accepts: string
    item: (text: string) => string | undefined
    standard?: readonly string[]
  },
): Field<readonly string[]> {
  return {
    ...facts,
    form: { kind: 'list' },
    standard: Object.freeze([...(facts.standard ?? [])]),
    read(given) {
      const items =
        typeof given === 'string' ? given.split(/[\s,]+/).filter((part) => part !== '') : given
      if (!Array.isArray(items) || items.length > LIMITS.namesMax) return undefined
      // An array of a prompt would make another one of its kind, which equals nothing that is read from a file.
      const read = Array.from(items, (part) =>
        typeof part === 'string' ? facts.item(part) : undefined,
      )
      return read.every((part) => part !== undefined) ? Object.freeze(read) : undefined
    },
    format: (items) => items.join(' '),
  }
}

/** The value meant by `given`. @throws BalancerError VALUE_BAD that says where, what and what is accepted. */
export function requireValue<Value>(field: Field<Value>, given: unknown, where: string): Value {
  const value = field.read(given)
  if (value !== undefined) return value
  throw new BalancerError(
    'VALUE_BAD',
    `${where}: ${field.attribute} is ${field.accepts}, got ${formatGiven(given)}`,
  )
}

/** Characters that a refusal repeats of what was given. */
const GIVEN_SHOWN_MAX = 200

/** What was given instead, for a refusal: short, and on one line whatever it is. */
export function formatGiven(given: unknown): string {
  const text =
    typeof given === 'string'
      ? JSON.stringify(given.slice(0, GIVEN_SHOWN_MAX + 1))
      : inspect(given, { depth: 0, breakLength: Number.POSITIVE_INFINITY, compact: true })
  return text.length > GIVEN_SHOWN_MAX ? `${text.slice(0, GIVEN_SHOWN_MAX)}…` : text
}

function millisecondsOf(given: string, bareSeconds: boolean): number | undefined {
  if (bareSeconds && /^\d+(\.\d+)?$/.test(given.trim())) return Math.round(Number(given) * 1_000)
  return given.trim() === '0' ? 0 : parseDuration(given)
}
