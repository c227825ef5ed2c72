// Values of fields between JSON and typed lines: whether they are accepted, by the tables that everything else checks them
// by, and how they are written.
import type { Field } from '../../model/field.ts'
import { formatGiven } from '../../model/field.ts'
import type { Fields } from '../../commands/line/kinds.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import type { Fault } from '../problem.ts'

type Body = Readonly<Record<string, unknown>>

/** Each member of a body that its field refuses. Members that are no fields are passed over. */
export function faultsIn(table: Fields, body: Body): readonly Fault[] {
  return fieldsIn(table, body).flatMap(([name, field, value]) => {
    if (field.read(value) !== undefined) return []
    return [{ path: `/${name}`, detail: `is ${field.accepts}, got ${formatGiven(value)}` }]
  })
}

/** The fields that are given, by the names that they have as flags. */
export function flagsOf(table: Fields, body: Body): Readonly<Record<string, string>> {
  const flags = fieldsIn(table, body).map(([, field, value]) => {
    return [field.attribute, textOf(field, value)] as const
  })
  return Object.fromEntries(flags)
}

/** A line for each field that is given. */
export function setLines(
  kind: string,
  table: Fields,
  path: string,
  body: Body,
): readonly LineParts[] {
  return fieldsIn(table, body).map(([, field, value]) => {
    return { verb: `set ${kind}`, words: [path, field.attribute, textOf(field, value)] }
  })
}

/** As it is typed; what is not accepted is refused before it gets here. */
function textOf(field: Field<unknown>, value: unknown): string {
  const read = field.read(value)
  return read === undefined ? String(value) : field.format(read)
}

function fieldsIn(
  table: Fields,
  body: Body,
): readonly (readonly [name: string, field: Field<unknown>, value: unknown])[] {
  return Object.entries(table).flatMap(([name, field]) => {
    return Object.hasOwn(body, name) ? [[name, field, body[name]] as const] : []
  })
}
