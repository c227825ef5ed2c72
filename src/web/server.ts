// The web surface: one address for the page, the API, the metrics and the ancestors' calls. Opens it, bounds what a
// connection may take, and puts the parts together in the order in which a request meets them.
import type { Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import fastify, { type FastifyInstance } from 'fastify'
import { refusedPort } from '../access/refused-port.ts'
import {
  formatAddress,
  isEveryInterface,
  isLoopback,
  parseAddress,
  type TcpAddress,
} from '../base/address.ts'
import { BalancerError, factsOf } from '../base/errors.ts'
import { every } from '../base/every.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import type { OperatorView, Process } from '../commands/context.ts'
import { Access } from './access/access.ts'
import { Certificate } from './access/certificate.ts'
import { addApi, startDocument } from './api/api.ts'
import { Events, type Hearers } from './api/events.ts'
import { BoundedServer, type ServerBounds } from './bounded-server.ts'
import { harden } from './headers.ts'
import { addLegacyApi } from './legacy/legacy.ts'
import { addMetrics } from './metrics/route.ts'
import { addPage } from './page.ts'
import type { WebParts } from './parts.ts'
import { problemFrom, problemOf, sendProblem } from './problem.ts'
import { checkBySchemas } from './schema-check.ts'

export interface WebServerOptions {
  readonly process: Process
  readonly log: Log
  /** Folder with the built page. */
  readonly pageFolder: string
  /** Where a certificate that Sluice makes itself is kept. */
  readonly keysFolder: string
  /** Bounds of connections other than those of the house; for tests. */
  readonly bounds?: Partial<ServerBounds>
}

export interface WebServer {
  /** `http://127.0.0.1:7001` as it was bound; with the name of this machine where it was bound to every address. */
  readonly url: string
  /** SHA-256 of the certificate, `AB:CD:…`; undefined where it is served without TLS. */
  readonly fingerprint: string | undefined
  /** Everybody who is logged in at the page. */
  readonly logins: readonly OperatorView[]
  /** Show a line on the open pages of an operator, or of all. @returns how many see it */
  say(text: string, to?: Hearers): number
  /** @returns false where there is no such log-in */
  logout(id: number): boolean
  /** A one-time address by which this operator gets to the page, logged in. */
  link(operator: string): string
  /** Read the certificate anew. The one that was stays when the new one is bad, and that is logged. */
  reload(): Promise<void>
  /** Resolves when the last connection is closed. */
  stop(): Promise<void>
}

/** @throws BalancerError PORT_TAKEN, PORT_DENIED, VALUE_BAD, FILE_UNREADABLE, KEY_UNSAFE */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { web } = options.process.balancer.settings
  const address = requireAddress(web)
  const certificate = web.secure ? await Certificate.load(web, options) : undefined
  const surface = new WebSurface(options, certificate, !isNear(address))
  await surface.listen(address)
  return surface
}

const CURE = 'passwords pass unencrypted: say secure="true" in <web>, or listen on localhost'

class WebSurface implements WebServer {
  readonly #options: WebServerOptions
  readonly #certificate: Certificate | undefined
  readonly #parts: WebParts
  readonly #app: FastifyInstance
  readonly #below: BoundedServer
  readonly #stopped = new AbortController()
  #url = ''

  constructor(options: WebServerOptions, certificate: Certificate | undefined, isExposed: boolean) {
    const { process, log, pageFolder } = options
    this.#options = options
    this.#certificate = certificate
    const isSecure = certificate !== undefined
    const access = new Access({ process, log, isSecure })
    const events = new Events({ process, log })
    this.#parts = { process, log, access, events, isSecure, isExposed, pageFolder }
    this.#below = new BoundedServer(certificate, options.bounds)
    this.#app = createApp(this.#parts, this.#below)
  }

  get url(): string {
    return this.#url
  }

  get fingerprint(): string | undefined {
    return this.#certificate?.fingerprint
  }

  get logins(): readonly OperatorView[] {
    return this.#parts.access.logins
  }

  async listen({ host, port }: TcpAddress): Promise<void> {
    const { log } = this.#options
    await this.#app.ready()
    try {
      await this.#app.listen({ host: host === '' ? '::' : host, port })
    } catch (error) {
      await this.stop()
      throw refusedPort(error, 'web', formatAddress({ kind: 'tcp', host, port }))
    }
    const bound = this.#app.server.address() as AddressInfo
    const { isSecure, isExposed } = this.#parts
    const name = isEveryInterface(bound.address) ? hostname() : bound.address
    const at = formatAddress({ kind: 'tcp', host: name, port: bound.port })
    this.#url = `${isSecure ? 'https' : 'http'}://${at}`
    log.info('web listens', { url: this.#url })
    if (isExposed && !isSecure) log.warn('web is not encrypted', { url: this.#url, cure: CURE })
    this.#watchCertificate()
  }

  say(text: string, to: Hearers = {}): number {
    return this.#parts.events.say(text, to)
  }

  logout(id: number): boolean {
    return this.#parts.access.logout(id)
  }

  link(operator: string): string {
    return `${this.#url}/#link=${this.#parts.access.link(operator)}`
  }

  async reload(): Promise<void> {
    const { process, log } = this.#options
    try {
      const context = await this.#certificate?.reload(process.balancer.settings.web)
      if (context !== undefined) (this.#app.server as HttpsServer).setSecureContext(context)
    } catch (error) {
      log.error('web certificate not reloaded', factsOf(error))
    }
  }

  /** Somebody, or a program of theirs, puts another certificate in its place; one that Sluice made itself ends. */
  #watchCertificate(): void {
    if (this.#certificate === undefined) return
    // It ends with `stop`; what fails is logged where it failed.
    void every(() => this.reload(), {
      intervalMs: () => LIMITS.webCertificateLookMs,
      signal: this.#stopped.signal,
      onError: (error) => this.#options.log.error('unexpected', { what: 'web', ...factsOf(error) }),
    })
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#parts.events.stop()
    this.#parts.access.stop()
    const late = setTimeout(() => this.#below.destroyAll(), LIMITS.webStopMs)
    await this.#app.close()
    clearTimeout(late)
  }
}

function createApp(parts: WebParts, below: BoundedServer): FastifyInstance {
  const app = fastify({
    // Of whatever strangers may send, too; the routes of callers say that they take more.
    bodyLimit: LIMITS.webLoginBytesMax,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LIMITS.webHeaderBytesMax },
    serverFactory: (handler) => below.serve(handler),
    clientErrorHandler: (error, socket) => below.refuse(error, socket),
    // What is not even an address meets no hook.
    frameworkErrors(_error, _request, reply) {
      harden(reply, parts.isSecure)
      sendProblem(reply, problemOf('NOT_UNDERSTOOD', 'the address is no %-encoded UTF-8'))
    },
  })
  checkBySchemas(app)
  app.decorateRequest('caller', undefined)
  app.addHook('onRequest', async (_request, reply) => harden(reply, parts.isSecure))
  app.setErrorHandler((error, request, reply) => {
    const problem = problemFrom(error)
    if (problem.code === 'INTERNAL')
      parts.log.error('unexpected', {
        what: 'web',
        route: request.routeOptions.url,
        ...factsOf(error),
      })
    return sendProblem(reply, problem)
  })
  parts.access.guard(app)
  startDocument(app, parts.process.version)
  // After it in turn: the document knows the routes that it saw coming.
  app.register(async (routes) => {
    addApi(routes, parts)
    addMetrics(routes, parts)
    addLegacyApi(routes, parts)
  })
  const page = addPage(app, parts)
  app.setNotFoundHandler((request, reply) => {
    const answer = page.answer(request, reply)
    if (answer !== undefined) return answer
    const what = `${request.method} ${request.url.slice(0, URL_SHOWN_MAX)}`
    return sendProblem(reply, problemOf('NOT_FOUND', what))
  })
  return app
}

/** Characters of an address that an answer repeats. */
const URL_SHOWN_MAX = 200

/** Nobody but programs of this machine, and whoever comes through a tunnel, reaches it. */
function isNear({ host }: TcpAddress): boolean {
  return host === 'localhost' || isLoopback(host)
}

interface Door {
  readonly listen: string
  readonly secure: boolean
  readonly insecure: boolean
}

/** @throws BalancerError VALUE_BAD */
function requireAddress({ listen, secure, insecure }: Door): TcpAddress {
  const address = parseAddress(listen)
  if (address?.kind !== 'tcp')
    throw new BalancerError('VALUE_BAD', `web listens on ip:port or name:port, got ${listen}`)
  if (isNear(address) || secure || insecure) return address
  throw new BalancerError(
    'VALUE_BAD',
    `web listens on ${listen}, where passwords would pass unencrypted: say secure="true" in <web>, ` +
      'or listen on localhost and come through ssh -L, or say insecure="true"',
  )
}
