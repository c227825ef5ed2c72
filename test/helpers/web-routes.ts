// Every route that a web surface has, as its framework was told of them: no list that somebody could forget to add to.
import diagnostics from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { type RunningWeb, startWeb, type StartWebOptions } from './web-server.ts'

export interface WebRoute {
  readonly method: string
  /** With its parameters: `/api/v1/services/:service`. */
  readonly url: string
  /** Strangers may ask, too. */
  readonly open: boolean
}

/** A surface with its routes. */
export async function startWithRoutes(
  options: StartWebOptions = {},
): Promise<{ readonly web: RunningWeb; readonly routes: readonly WebRoute[] }> {
  const routes: WebRoute[] = []
  const listen = (message: unknown) => {
    const { fastify } = message as { readonly fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat())
        routes.push({ method: each, url, open: config?.open === true })
    })
  }
  diagnostics.subscribe('fastify.initialization', listen)
  try {
    return { web: await startWeb(options), routes }
  } finally {
    diagnostics.unsubscribe('fastify.initialization', listen)
  }
}

/** What a request of that route carries; a client sends none with the others. */
export function bodyFor({ method }: WebRoute): { readonly body?: unknown } {
  return ['POST', 'PUT', 'PATCH'].includes(method) ? { body: {} } : {}
}

const NAMES: Readonly<Record<string, string>> = {
  service: 'web',
  group: 'main',
  host: 'a',
  address: '127.0.0.1%3A8080',
  id: '1',
  job: '1',
  revision: '1',
  name: 'stop',
  '*': 'index.html',
}

/** An address of the route at which the stub has something. */
export function addressOf({ url }: WebRoute): string {
  return url
    .replace(/\*$/, NAMES['*'] ?? '')
    .replaceAll(/:(\w+)/g, (_, name: string) => NAMES[name] ?? 'x')
}
