// Methods that an address does not have. It is there all the same: the answer says which ones it has (RFC 9110, 15.5.6).
import type { FastifyInstance } from 'fastify'
import { problemOf, Refusal } from '../problem.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const

/** They are many, and there is one address with any name in their place that answers for all. */
const COMMAND = /\/commands\/[^:]/

type Method = (typeof METHODS)[number]

/** Methods by address, of all routes that are added from now on. */
export function seeMethods(app: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const seen = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = seen.get(url) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    seen.set(url, methods)
  })
  return seen
}

/** Answer with 405 whatever else is asked of those addresses. */
export function refuseOtherMethods(
  app: FastifyInstance,
  seen: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  for (const [url, methods] of seen) {
    if (COMMAND.test(url)) continue
    const others = METHODS.filter((method) => !methods.has(method))
    refuse(app, url, others, [...methods].join(', '))
  }
}

function refuse(app: FastifyInstance, url: string, method: Method[], allowed: string): void {
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    schema: { hide: true },
    // Before a body is read, whatever it is.
    async onRequest(request, reply) {
      reply.header('allow', allowed)
      const detail = `${request.method} is no method of this address; accepted: ${allowed}`
      throw new Refusal({ ...problemOf('NOT_UNDERSTOOD', detail), status: 405 })
    },
    handler: async () => {},
  })
}
