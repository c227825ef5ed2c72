// One edit as an operator types it: words, quoted where they have to be, and what is to be known before it is run.
import { type LineParts, type TypedFlags, writeLine } from '../../commands/line/write-line.ts'
import { differing, valueIn } from '../../config/write/shape.ts'
import type { Field, FieldFacts } from '../../model/field.ts'

export interface Edit {
  /** A line for the command table. */
  readonly command: string
  /** What whoever runs it should know first, a sentence each. */
  readonly notes: readonly string[]
}

interface EditParts extends LineParts {
  readonly notes?: readonly string[]
}

export function edit({ notes = [], ...parts }: EditParts): Edit {
  return { command: writeLine(parts), notes }
}

/** Flags for the values that are not standard, the words of `set` among them: `{ connectTimeout: '2s' }`. */
export function flagsOf(values: object, table: object): TypedFlags {
  return Object.fromEntries(
    differing(values, table).map(([property, field]) => {
      return [field.attribute, field.format(valueIn(values, property))]
    }),
  )
}

interface SetParts {
  /** Words of the command: `set host`. */
  readonly verb: string
  /** What stands between them and the field. */
  readonly words: readonly string[]
  readonly table: object
  /** Of the field, in the table. */
  readonly property: string
  readonly value: unknown
  /** What is to be known besides what the table says. */
  readonly notes?: readonly string[]
}

export function setEdit({ verb, words, table, property, value, notes = [] }: SetParts): Edit {
  const field: Field<unknown> = valueIn(table, property)
  return edit({
    verb,
    words: [...words, field.attribute, field.format(value)],
    notes: [...effectOf(field), ...notes],
  })
}

function effectOf({ effect }: FieldFacts): readonly string[] {
  return effect === 'after a restart' ? ['takes effect after a restart'] : []
}

/** The flag for a place in front of something, where there is one. */
export function beforeFlag(before: string): TypedFlags {
  return before === '' ? {} : { before }
}
