// The HTTP server below the web surface. Whatever a client does, it holds a connection for a bounded time and sends a
// bounded header; and what is no request at all gets an answer that is as careful as all others.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { systemCodeOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Certificate } from './access/certificate.ts'
import { hardHeaders } from './headers.ts'
import { problemOf, PROBLEM_TYPE } from './problem.ts'

/** Limits of the house, which a test may replace in part. */
const SERVER_BOUNDS = {
  headerBytesMax: LIMITS.webHeaderBytesMax,
  headerMs: LIMITS.webHeaderMs,
  requestMs: LIMITS.webRequestMs,
  keepAliveMs: LIMITS.webKeepAliveMs,
  stuckMs: LIMITS.webStuckMs,
  connectionsMax: LIMITS.webConnectionsMax,
} as const

export type ServerBounds = { readonly [Name in keyof typeof SERVER_BOUNDS]: number }

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export class BoundedServer {
  readonly http: HttpServer | HttpsServer
  readonly #isSecure: boolean
  /** Also those that never said anything, and those whose TLS is not through yet. */
  readonly #sockets = new Set<Socket>()
  /** Requests under way on each connection. */
  readonly #underWay = new WeakMap<Socket, number>()

  constructor(certificate: Certificate | undefined, other: Partial<ServerBounds> = {}) {
    const bounds = { ...SERVER_BOUNDS, ...other }
    this.#isSecure = certificate !== undefined
    this.http = createServer(certificate, bounds)
    this.http.maxConnections = bounds.connectionsMax
    this.http.timeout = bounds.stuckMs
    this.http.on('connection', (socket: Socket) => this.#keep(socket))
    // Whoever holds a place without asking for anything makes room for the next one.
    this.http.on('drop', () => this.http.closeIdleConnections())
    this.http.on('checkExpectation', (request, response) =>
      this.#refuseRequest(EXPECTS, request, response),
    )
  }

  /** From now on this answers. */
  serve(handler: Handler): HttpServer | HttpsServer {
    return this.http.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // Who is asked for is part of what makes an origin. HTTP/1.0 has no such header.
      if (request.headers.host === undefined && request.httpVersion !== '1.0') {
        this.#refuseRequest(NO_HOST, request, response)
        return
      }
      this.#count(request.socket, 1)
      response.once('close', () => this.#count(request.socket, -1))
      handler(request, response)
    })
  }

  /** What came is no request. */
  refuse(error: unknown, socket: Socket): void {
    const isInAnswer = (this.#underWay.get(socket) ?? 0) > 0
    if (isInAnswer || !socket.writable || systemCodeOf(error) === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const refusal = refusalFor(REFUSALS[systemCodeOf(error)] ?? NO_REQUEST, this.#isSecure)
    const lines = Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}`)
    const head = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`
    socket.write(`${head}\r\n${lines.join('\r\n')}\r\n\r\n${refusal.body}`)
    socket.destroySoon()
  }

  /** End every connection, whatever it is in. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #refuseRequest(why: Refused, request: IncomingMessage, response: ServerResponse): void {
    const { status, headers, body } = refusalFor(why, this.#isSecure)
    // What it sends besides is not waited for.
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  #count(socket: Socket, more: 1 | -1): void {
    this.#underWay.set(socket, (this.#underWay.get(socket) ?? 0) + more)
  }
}

function createServer(
  certificate: Certificate | undefined,
  { headerBytesMax, headerMs, requestMs, keepAliveMs }: ServerBounds,
): HttpServer | HttpsServer {
  const bounds = {
    maxHeaderSize: headerBytesMax,
    headersTimeout: headerMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: headerMs / 2,
    // We refuse it ourselves.
    requireHostHeader: false,
  }
  if (certificate === undefined) return createHttpServer(bounds)
  return createHttpsServer({ ...bounds, handshakeTimeout: headerMs, ...certificate.context })
}

type Refused = readonly [status: number, detail: string]

/** By what the parser says of it. */
const REFUSALS: Readonly<Record<string, Refused>> = {
  HPE_HEADER_OVERFLOW: [431, 'the header has too many bytes'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the extensions of a chunk have too many bytes'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not come in time'],
}
const NO_REQUEST: Refused = [400, 'this is no HTTP request']
const NO_HOST: Refused = [400, 'the header Host is missing']
const EXPECTS: Refused = [417, 'of the header Expect, 100-continue alone is understood']

function refusalFor([status, detail]: Refused, isSecure: boolean) {
  const body = JSON.stringify({ ...problemOf('NOT_UNDERSTOOD', detail), status })
  const headers = {
    ...hardHeaders(isSecure),
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  return { status, headers, body }
}
