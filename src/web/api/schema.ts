// JSON schemas in the few forms that the API has: of the fields in the tables of the model, of objects, of lists. What a
// field accepts, does and is by default stands in its description, out of the one table that everything else follows.
import type { Field } from '../../model/field.ts'
import type { Fields } from '../../commands/line/kinds.ts'
import { ACCEPTS, TOLD } from '../schema-check.ts'

export type Schema = Readonly<Record<string, unknown>>

/** Of one field, with the type that it has in `--json`. */
export function fieldSchema({ form, accepts, summary, effect, standard }: Field<unknown>): Schema {
  const accepted = acceptedAs(form, accepts)
  const description = `${sentence(summary)} Accepted: ${accepted}. Felt ${effect}.`
  return { ...typeOf(form), description, default: standard, [ACCEPTS]: accepted }
}

export function fieldSchemas(table: Fields): Readonly<Record<string, Schema>> {
  return Object.fromEntries(
    Object.entries(table).map(([name, field]) => [name, fieldSchema(field)]),
  )
}

/** Of a body: nothing but these, and those of `required` at least. */
export function bodySchema(
  properties: Readonly<Record<string, Schema>>,
  { required = [], examples, told = [] }: BodyFacts,
): Schema {
  const only = told.filter((name) => !Object.hasOwn(properties, name))
  const besides = only.length === 0 ? {} : { [TOLD]: only }
  return { type: 'object', additionalProperties: false, properties, required, examples, ...besides }
}

export interface BodyFacts {
  readonly required?: readonly string[]
  readonly examples: readonly unknown[]
  /** What answers say of the same thing; those that no body has are refused as such. */
  readonly told?: readonly string[]
}

/** Of a part of a body: one of these at least. */
export function partSchema(
  properties: Readonly<Record<string, Schema>>,
  examples: readonly unknown[],
  told: readonly string[] = [],
): Schema {
  return { ...bodySchema(properties, { examples, told }), minProperties: 1 }
}

/** Of an answer: more may come, these are there. */
export function answerSchema(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = Object.keys(properties),
): Schema {
  return { type: 'object', description, properties, required }
}

/** An answer as a command has it: names of its fields, whose values `docs/commands.md` tells of. */
export function namedSchema(description: string, names: readonly string[]): Schema {
  return answerSchema(description, Object.fromEntries(names.map((name) => [name, {}])))
}

export function listSchema(items: Schema, description = 'a list'): Schema {
  return { type: 'array', description, items }
}

/** Of an answer that is a document where that is asked for. */
export function orDocument({ description, ...schema }: Schema): Schema {
  const document = { type: 'string', description: 'the document itself' }
  return {
    description,
    content: {
      'application/json': { schema },
      'application/xml': { schema: document },
    },
  }
}

/** One of the schemas that are there by name. */
export function ref(name: string): Schema {
  return { $ref: `${name}#` }
}

export function nullable(type: 'string' | 'integer' | 'boolean', description: string): Schema {
  return { type: [type, 'null'], description }
}

function typeOf(form: Field<unknown>['form']): Schema {
  switch (form.kind) {
    case 'whole':
      return { type: 'integer', minimum: form.min, maximum: form.max }
    case 'duration':
      return { type: 'integer', minimum: form.minMs, maximum: form.maxMs }
    case 'flag':
      return { type: 'boolean' }
    case 'words':
      return { type: 'string', enum: form.words }
    case 'list':
      return { type: 'array', items: { type: 'string' } }
    case 'address':
    case 'name':
    case 'text':
      return { type: 'string' }
    default:
      return form satisfies never
  }
}

/** What is accepted as JSON, where that is another form than the typed one. */
function acceptedAs(form: Field<unknown>['form'], accepts: string): string {
  switch (form.kind) {
    case 'duration':
      return `a whole number of milliseconds from ${form.minMs} to ${form.maxMs}`
    case 'flag':
      return 'true or false'
    case 'list':
      return `a list of ${accepts.replace(/, separated by blanks$/, '')}`
    default:
      return accepts
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
