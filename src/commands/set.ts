// The `set` commands: one for each kind of object, every field of its table by the name it has in the XML.
import { type Command, command, type Kind } from './command.ts'
import { type Done, DONE_JSON, textOfDone } from './done.ts'
import { type Fields, fieldOf, fieldValue } from './kinds.ts'

interface SetCommand<Target extends object> {
  /** Second word of the command: `host`. */
  readonly word: string
  readonly kind: Kind<Target>
  readonly table: Fields
  readonly summary: string
  readonly examples: readonly string[]
}

/** `set host PATH FIELD VALUE`; the setters of the live object check the value and publish the change. */
export function setCommand<Target extends { readonly path: string }>(
  spec: SetCommand<Target>,
): Command {
  const { word, kind, table, summary, examples } = spec
  return command({
    words: ['set', word],
    arguments: {
      target: { kind, summary: `the ${word}` },
      field: {
        kind: fieldOf(`one of ${attributesOf(table)}`, () => table),
        summary: 'what to change',
      },
      value: { kind: fieldValue(() => table), summary: 'the new value' },
    },
    role: 'operate',
    summary,
    examples,
    json: DONE_JSON,
    run: ({ target, field, value }) => setOne(target, table, field, value),
    text: textOfDone,
  })
}

/** Set one property of a live object, and say what it was. @throws BalancerError VALUE_BAD, REFUSED */
export function setOne(
  target: { readonly path: string },
  table: Fields,
  field: string,
  value: unknown,
): Done {
  // The table names the settable properties of the object, which the type of the object does not tell.
  const values = target as unknown as Record<string, unknown>
  const before = values[field]
  values[field] = value
  return wasSet(target.path, table, field, before, values[field])
}

/** The answer for one field that was set. */
export function wasSet(
  path: string,
  table: Fields,
  field: string,
  before: unknown,
  after: unknown,
): Done {
  const known = table[field]
  const [from, to] = [before, after].map((value) => known?.format(value) || 'empty')
  const attribute = known?.attribute ?? field
  const what = from === to ? `${attribute} is already ${to}` : `${attribute} ${from} -> ${to}`
  return { done: 'set', path, field, before, after, message: `${path}: ${what}` }
}

/** `weight, state`: the names by which the fields of a table are set. */
function attributesOf(table: Fields): string {
  return Object.values(table)
    .map(({ attribute }) => attribute)
    .join(', ')
}
