// Kinds of words that are not paths: words out of a list, values of fields, names, addresses, text.
import { ADDRESS_FORM, formatAddress, parseAddress } from '../../base/address.ts'
import { BalancerError } from '../../base/errors.ts'
import { NAME_FORM, requireName } from '../../base/names.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Field } from '../../model/field.ts'
import type { Flag, Kind, Place } from '../command.ts'

/** Any table of settable fields, by property name. */
export type Fields = Readonly<Record<string, Field<unknown>>>

/** One word out of a list. */
export function oneOf<const Word extends string>(
  placeholder: string,
  words: readonly Word[],
): Kind<Word> {
  return {
    placeholder,
    accepts: `one of ${words.join(', ')}`,
    read: (word) => requireOneOf(word, words, placeholder.toLowerCase()),
    candidates: () => words,
  }
}

/** A value of one field, checked by the table that everything else checks it by. */
export function valueOf<Value>(placeholder: string, field: Field<Value>): Kind<Value> {
  return {
    placeholder,
    accepts: field.accepts,
    read(word) {
      const value = field.read(word)
      if (value !== undefined) return value
      const got = `got ${JSON.stringify(word)}`
      throw new BalancerError('VALUE_BAD', `${field.attribute} is ${field.accepts}, ${got}`)
    },
    candidates: () => wordsFor(field),
  }
}

/** A flag for one field: `--weight N`. */
export function fieldFlag<Value>(placeholder: string, field: Field<Value>) {
  return { kind: valueOf(placeholder, field), summary: field.summary }
}

/** A flag for each field of a table, named as its attribute. */
export function fieldFlags(table: Fields): Readonly<Record<string, Flag>> {
  return Object.fromEntries(
    Object.values(table).map((field) => [field.attribute, fieldFlag('VALUE', field)]),
  )
}

/** The values of those flags that were given, by the names of the properties. */
export function valuesOfFlags<Values>(
  table: Fields,
  flags: Readonly<Record<string, unknown>>,
): Partial<Values> {
  const given = Object.entries(table)
    .map(([property, { attribute }]) => [property, flags[attribute]] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Partial<Values>
}

/** Only the values that were given, for verbs that take a missing value as their default. */
export function withoutGaps<Values extends object>(values: Values): WithoutGaps<Values> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as WithoutGaps<Values>
}

type WithoutGaps<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** The name of a field as it stands in the XML; read into its property name (`ip` into `address`). */
export function fieldOf(accepts: string, tableAt: (place: Place) => Fields): Kind<string> {
  return {
    placeholder: 'FIELD',
    accepts,
    read(word, place) {
      const table = tableAt(place)
      const attributes = Object.values(table).map(({ attribute }) => attribute)
      const attribute = requireOneOf(word, attributes, 'field')
      return Object.keys(table)[attributes.indexOf(attribute)] ?? ''
    },
    candidates: (place) => Object.values(tableAt(place)).map(({ attribute }) => attribute),
  }
}

/** The value of the field that is named by the word before; who sets it checks it. */
export function fieldValue(tableAt: (place: Place) => Fields): Kind<string> {
  return {
    placeholder: 'VALUE',
    accepts: 'what the field accepts: see docs/configuration.md',
    read: (word) => word,
    candidates(place) {
      const before = place.before.slice(0, -1)
      const fields = Object.values(tableAt({ ...place, before }))
      const field = fields.find(({ attribute }) => attribute === place.before.at(-1))
      return field === undefined ? [] : wordsFor(field)
    },
  }
}

/** A name that is to be given. */
export const newName: Kind<string> = {
  placeholder: 'NAME',
  accepts: NAME_FORM,
  read: requireName,
}

/** An address in its one way of writing. */
export const address: Kind<string> = {
  placeholder: 'ADDRESS',
  accepts: ADDRESS_FORM,
  read(word) {
    const parsed = parseAddress(word)
    if (parsed !== undefined) return formatAddress(parsed)
    throw new BalancerError(
      'VALUE_BAD',
      `an address is ${ADDRESS_FORM}, got ${JSON.stringify(word)}`,
    )
  },
}

/** As `address`, with its port: one left out would be 0, which nobody means who does not type it. */
export const listenAddress: Kind<string> = {
  ...address,
  read(word, place) {
    const read = address.read(word, place)
    if (!read.endsWith(':0') || /:0+$/.test(word.trim())) return read
    const next = `add one, as in ${read.replace(/0$/, '8080')}; port 0 lets the system choose`
    throw new BalancerError('VALUE_BAD', `${word} has no port: ${next}`)
  },
}

// What can be offered for a field: its words where it has a list of them, both ways of a flag.
type FieldWords = Pick<Field<unknown>, 'standard'> & { readonly words?: readonly string[] }

function wordsFor({ standard, words = [] }: FieldWords): readonly string[] {
  return typeof standard === 'boolean' ? ['true', 'false'] : words
}

function requireOneOf<Word extends string>(
  given: string,
  words: readonly Word[],
  what: string,
): Word {
  const found = words.find((word) => word === given)
  if (found !== undefined) return found
  const near = didYouMean(given, words)
  const accepted = `accepted: ${words.join(', ')}`
  throw new BalancerError(
    'NOT_UNDERSTOOD',
    `no ${what} ${JSON.stringify(given)}${near}; ${accepted}`,
  )
}
