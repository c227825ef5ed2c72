// What a caller is told when something is refused: problem details (RFC 9457), out of the one table of errors. What was
// sent and is not accepted is named by its path, with what would be.
import type { FastifyError, FastifyReply, FastifySchemaValidationError } from 'fastify'
import { LIMITS } from '../base/limits.ts'
import { BalancerError, type ErrorCode, ERRORS, messageOf } from '../base/errors.ts'
import { didYouMean } from '../base/nearest.ts'
import { formatGiven } from '../model/field.ts'
import { ACCEPTS, TOLD } from './schema-check.ts'

/** A 401 has to say how one may log in. */
const ASKS_WHO = 'www-authenticate'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

export interface Problem {
  /** Where the error is described, relative to the documentation: `errors.md#not_found`. */
  readonly type: string
  readonly title: string
  readonly status: number
  /** What, where, and what would be accepted. */
  readonly detail: string
  readonly code: ErrorCode
  /** Each value that is not accepted. */
  readonly errors?: readonly Fault[]
  /** Besides, what the caller needs to go on: of a 412, what is there now. */
  readonly [more: string]: unknown
}

export interface Fault {
  /** JSON pointer into the body, or `?name` in the query. */
  readonly path: string
  readonly detail: string
}

export function problemOf(
  code: ErrorCode,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): Problem {
  const { summary: title, status } = ERRORS[code]
  return { type: `errors.md#${code.toLowerCase()}`, title, status, detail, code, ...more }
}

/** A problem that is thrown as it is, because it says more than an error of the table can. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Undefined for what is no refusal of the table. */
export function codeOf(error: unknown): ErrorCode | undefined {
  return error instanceof BalancerError ? error.code : undefined
}

/** Of anything thrown. What nobody expected says no more than that: the log has the rest. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Refusal) return thrown.problem
  if (thrown instanceof BalancerError) return problemOf(thrown.code, thrown.detail)
  const { validation, validationContext, statusCode } = thrown as Partial<FastifyError>
  if (validation !== undefined)
    return refusedValues(
      validation.slice(0, LIMITS.webFaultsMax).map((fault) => faultOf(fault, validationContext)),
    )
  if (statusCode === 413)
    return problemOf('TOO_LARGE', 'the body has more bytes than this route accepts')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const problem = problemOf('NOT_UNDERSTOOD', messageOf(thrown))
    return { ...problem, status: statusCode }
  }
  return problemOf('INTERNAL', 'it is in the log')
}

/** A body may have more faults than anybody reads: the first of them are told. */
export function refusedValues(faults: readonly Fault[]): Problem {
  const said = new Map(faults.map((fault) => [`${fault.path} ${fault.detail}`, fault]))
  const errors = [...said.values()].slice(0, LIMITS.webFaultsMax)
  const detail = errors.map((fault) => `${fault.path || 'the body'}: ${fault.detail}`).join('; ')
  return problemOf('VALUE_BAD', detail, { errors })
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  // Legacy calls have said already how they want it.
  if (problem.status === 401 && !reply.hasHeader(ASKS_WHO)) reply.header(ASKS_WHO, 'Bearer')
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

/** Characters of a path that a refusal repeats: the name of a member is as long as somebody likes. */
const PATH_SHOWN_MAX = 200

/** As the checker of schemas tells it, which is more than its type says. */
type SchemaFault = FastifySchemaValidationError & {
  /** The schema that refuses it. */
  readonly parentSchema?: Readonly<Record<string, unknown>>
  readonly data?: unknown
}

function faultOf(fault: SchemaFault, context: FastifyError['validationContext']): Fault {
  const { instancePath, keyword, params } = fault
  const name = namedBy(keyword, params)
  const whole = name === undefined ? instancePath : `${instancePath}/${name}`
  const path = whole.slice(0, PATH_SHOWN_MAX)
  return {
    path: context === 'querystring' ? path.replace('/', '?') : path,
    detail: sentenceOf(fault),
  }
}

/** In the words of a schema: `true or false`, `a whole number from 1 to 100`. */
const FORMS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  integer: 'a whole number',
  object: 'a JSON object',
  array: 'a list',
  null: 'null',
}

/** A property that is missing, or one too many, is what the fault is about. */
function namedBy(
  keyword: string,
  params: FastifySchemaValidationError['params'],
): string | undefined {
  if (keyword === 'required') return String(params['missingProperty'])
  if (keyword === 'additionalProperties') return String(params['additionalProperty'])
  return undefined
}

function sentenceOf({ keyword, message, params, parentSchema = {}, data }: SchemaFault): string {
  if (keyword === 'required') return 'is missing'
  const known = Object.keys(parentSchema['properties'] ?? {})
  if (keyword === 'minProperties') return `says nothing; accepted: ${known.join(', ')}`
  if (keyword === 'additionalProperties')
    return unknownMember(String(params['additionalProperty']), known, parentSchema[TOLD])
  const accepted = parentSchema[ACCEPTS] ?? acceptedBy(keyword, parentSchema)
  if (typeof accepted !== 'string') return message ?? 'is not accepted'
  // A whole body may hold a password.
  if (keyword === 'oneOf') return `is ${accepted}`
  return `is ${accepted}, got ${data === undefined ? 'nothing' : formatGiven(data)}`
}

function unknownMember(name: string, known: readonly string[], told: unknown): string {
  if (Array.isArray(told) && told.includes(name)) return 'is told, and cannot be set: leave it out'
  return `is no field of this${didYouMean(name.slice(0, PATH_SHOWN_MAX), known)}`
}

/** @returns undefined where the schema does not say it in few words */
function acceptedBy(
  keyword: string,
  { type, minimum, maximum, enum: words }: ValueSchema,
): string | undefined {
  if (words !== undefined) return `one of ${words.join(', ')}`
  if (!BOUNDS.has(keyword)) return undefined
  const forms = [type].flat().map((each) => FORMS[each ?? ''] ?? 'another one')
  const from = minimum === undefined ? '' : ` from ${minimum}`
  const to = maximum === undefined ? '' : ` to ${maximum}`
  return `${forms.join(' or ')}${from}${to}`
}

/** What of a schema can be said in words. */
interface ValueSchema {
  readonly type?: string | readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly enum?: readonly unknown[]
}

/** What a schema says of a value as it is, and not of what is in it. */
const BOUNDS: ReadonlySet<string> = new Set(['type', 'minimum', 'maximum'])
