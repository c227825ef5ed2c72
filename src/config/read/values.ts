// Between attributes and values: one way in and one way out, both led by the model's tables of fields.
import type { Field, ValuesOf } from '../../model/field.ts'
import type { AnyField } from './grammar.ts'
import { type Element, attributeOf } from './parse.ts'

/** The value of one field; its standard where the attribute is missing, or refused by the grammar before. */
export function valueOf<Value>(element: Element | undefined, field: Field<Value>): Value {
  const attribute = attributeOf(element, field.attribute)
  const value = attribute === undefined ? undefined : field.read(attribute.value)
  return value ?? field.standard
}

/** The values of a whole table. */
export function valuesOf<Fields extends object>(
  element: Element | undefined,
  table: Fields,
): ValuesOf<Fields> {
  const values: Record<string, unknown> = {}
  for (const [name, field] of fieldsOf(table)) values[name] = valueOf(element, field)
  return values as ValuesOf<Fields>
}

type FieldList = readonly (readonly [property: string, field: AnyField])[]

/** Asked for once for each of thousands of hosts, and always the same. */
const FIELD_LISTS = new WeakMap<object, FieldList>()

/** The fields of a table with their property names. */
export function fieldsOf(table: object): FieldList {
  const known = FIELD_LISTS.get(table)
  if (known !== undefined) return known
  const fields = Object.entries(table)
  FIELD_LISTS.set(table, fields)
  return fields
}

/** The text of a value for an attribute that now holds `before`, in the style that is there. */
export function attributeText<Value>(field: Field<Value>, value: Value, before?: string): string {
  if (field.bareSeconds === true && (before === undefined || /^[\s\d.]+$/.test(before))) {
    return String(Number(value) / 1_000)
  }
  if (typeof value === 'boolean' && before !== undefined) return truthWord(value, before)
  const text = field.format(value)
  return before !== undefined && isAlias(field, before) ? oldSpelling(field, text) : text
}

/** Is a text one of the older spellings of a field? */
export function isAlias({ form }: Pick<AnyField, 'form'>, text: string): boolean {
  return form.kind === 'words' && Object.hasOwn(form.aliases, text.trim().toLowerCase())
}

/** The older spelling of a word; the word itself where it never had one. */
export function oldSpelling({ form }: Pick<AnyField, 'form'>, word: string): string {
  if (form.kind !== 'words') return word
  return Object.keys(form.aliases).find((old) => form.aliases[old] === word) ?? word
}

const TRUTH_WORDS = [
  ['true', 'false'],
  ['yes', 'no'],
  ['on', 'off'],
  ['enable', 'disable'],
  ['1', '0'],
] as const

// Whoever writes `yes` is answered with `no`.
function truthWord(value: boolean, before: string): string {
  const word = before.trim().toLowerCase()
  const [yes, no] = TRUTH_WORDS.find((pair) => pair.some((one) => one === word)) ?? TRUTH_WORDS[0]
  return value ? yes : no
}
