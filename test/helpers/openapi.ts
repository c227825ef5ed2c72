// An OpenAPI document as requests: of each operation the good one that its examples show, and the bad ones that follow
// from its schemas.
import type { WebRequest } from './web-client.ts'

export interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
}

type Schema = Readonly<Record<string, unknown>>

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, unknown>>
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Schema
}

interface Media {
  readonly schema: Schema
  readonly example?: unknown
}

export interface BadBody {
  /** What is wrong, for the message of a test. */
  readonly what: string
  /** Path that the refusal has to name. */
  readonly bad: string
  readonly body: unknown
}

export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly statuses: readonly number[]
  /** Method, address and the rest of a request that is carried out. */
  example(): [method: string, path: string, request: WebRequest]
  badBodies(): readonly BadBody[]
  /** Names of query parameters, and a query in which that one is of a wrong type. */
  badQueries(): readonly (readonly [name: string, query: string])[]
}

/** Names in addresses that a stub has something for. */
const NAMES: Readonly<Record<string, string>> = {
  service: 'web',
  group: 'spare',
  host: 's',
  address: '127.0.0.1%3A8080',
  id: '42',
  job: '1',
  revision: '1',
}

/** Where one thing has to be said, and not another. */
const QUERIES: Readonly<Record<string, string>> = { deleteSessions: '?client=192.0.2.1' }

export function operationsOf({ paths }: OpenApi): readonly Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) => {
    return Object.entries(methods).map(([method, each]) => operationOf(path, method, each))
  })
}

function operationOf(path: string, method: string, described: Described): Operation {
  const { operationId: id, summary, tags, parameters = [], requestBody, responses } = described
  const [[type, media] = ['', undefined]] = Object.entries(requestBody?.content ?? {})
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => NAMES[name] ?? 'x')
  const isJson = type === 'application/json'
  const headers = type === '' || isJson ? {} : { 'content-type': type }
  return {
    id,
    method: method.toUpperCase(),
    path,
    tag: tags[0] ?? '',
    summary,
    statuses: Object.keys(responses).map(Number),
    example() {
      const body = media?.example
      const url = `${address}${QUERIES[id] ?? ''}`
      return [method.toUpperCase(), url, { headers, ...(body === undefined ? {} : { body }) }]
    },
    badBodies: () => (media === undefined || !isJson ? [] : badBodiesOf(media)),
    badQueries() {
      const asked = parameters.filter((each) => each.in === 'query')
      return asked.flatMap(({ name, schema }) => {
        return schema['type'] === 'string' ? [] : [[name, `${name}=wrong`] as const]
      })
    },
  }
}

function badBodiesOf({ schema, example }: Media): readonly BadBody[] {
  const good = (example ?? {}) as Readonly<Record<string, unknown>>
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>
  const required = (schema['required'] ?? []) as readonly string[]
  const { [required[0] ?? '']: _, ...rest } = good
  return [
    { what: 'a list', bad: '', body: [] },
    { what: 'an unknown member', bad: '/unknownMember', body: { ...good, unknownMember: 1 } },
    ...Object.keys(properties).map((name) => {
      return { what: `${name}: {}`, bad: `/${name}`, body: { ...good, [name]: {} } }
    }),
    ...required.slice(0, 1).map((name) => ({ what: `no ${name}`, bad: `/${name}`, body: rest })),
  ]
}
