// Holds what was sent up against the schema of its route: bodies have to be of the right types, while what stands in an
// address is text and is read as what it is to be. Nothing is dropped and nothing filled in silently.
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv'
import type { FastifyInstance } from 'fastify'

/** Member of a schema with what it accepts, in words: told in place of what the checker would say. */
export const ACCEPTS = 'x-accepts'

/** Member of the schema of a body with the names of what answers have besides: told, but not taken. */
export const TOLD = 'x-told'

const OPTIONS = {
  allErrors: true,
  // A fault comes with the value, and with the schema that refuses it.
  verbose: true,
  removeAdditional: false,
  useDefaults: false,
  strict: false,
} as const

export function checkBySchemas(app: FastifyInstance): void {
  const exact = new Ajv.default({ ...OPTIONS, coerceTypes: false })
  const lenient = new Ajv.default({ ...OPTIONS, coerceTypes: true })
  app.setValidatorCompiler(({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? exact : lenient
    return whenFirstAsked(() => ajv.compile(schema as object))
  })
}

// There is a schema for each command, and most are never called: to compile all of them takes most of a second, in which
// no traffic would move.
function whenFirstAsked(compile: () => ValidateFunction): Check {
  let compiled: ValidateFunction | undefined
  const check: Check = (given) => {
    compiled ??= compile()
    const isFine = compiled(given)
    check.errors = compiled.errors ?? null
    return isFine
  }
  return check
}

/** What a server asks about values, and finds the reasons at. */
interface Check {
  (given: unknown): boolean
  errors?: ErrorObject[] | null
}
