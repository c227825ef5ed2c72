// A client of the web surface as bare as it gets: it sends what it is told, header for header, keeps no connection and
// follows nothing. Logged in, it is a page: cookie and CSRF token go along by themselves.
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text as textOf } from 'node:stream/consumers'

export type Headers = Readonly<Record<string, string>>

export interface WebRequest {
  /** A text goes as it is; anything else as JSON, with its type. */
  readonly body?: unknown
  /** Besides those of the client; '' takes one of them away. */
  readonly headers?: Headers
}

export interface WebReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown
}

export class WebClient {
  readonly url: string
  readonly headers: Headers

  /** @param headers that go along with every request */
  constructor(url: string, headers: Headers = {}) {
    this.url = url
    this.headers = headers
  }

  /** The same client with more headers; '' takes one away. */
  with(headers: Headers): WebClient {
    return new WebClient(this.url, { ...this.headers, ...headers })
  }

  async send(method: string, path: string, request: WebRequest = {}): Promise<WebReply> {
    const reply = await this.open(method, path, request)
    const text = await textOf(reply)
    return { status: reply.statusCode ?? 0, headers: reply.headers, text, body: jsonIn(text) }
  }

  get(path: string, headers: Headers = {}): Promise<WebReply> {
    return this.send('GET', path, { headers })
  }

  post(path: string, body?: unknown, headers: Headers = {}): Promise<WebReply> {
    return this.send('POST', path, { body, headers })
  }

  /** Resolves with the head of the answer; whoever opens it reads it or destroys it. */
  open(method: string, path: string, { body, headers }: WebRequest = {}): Promise<IncomingMessage> {
    const isText = typeof body === 'string' || body === undefined
    const type: Headers = isText ? {} : { 'content-type': 'application/json' }
    const all = Object.entries({ ...type, ...this.headers, ...headers })
    const options = {
      method,
      agent: false,
      headers: Object.fromEntries(all.filter(([, value]) => value !== '')),
    } as const
    return new Promise((resolve, reject) => {
      // As it was given: what a path is allowed to look like is for the server to say.
      const { hostname, port, protocol } = new URL(this.url)
      const target = { ...options, host: hostname.replaceAll(/[[\]]/g, ''), port, path }
      const request =
        protocol === 'https:'
          ? requestHttps({ ...target, rejectUnauthorized: false })
          : requestHttp(target)
      request.on('response', resolve).on('error', reject)
      request.end(isText ? body : JSON.stringify(body))
    })
  }
}

/** A page after its log-in. */
export interface LoggedIn {
  readonly client: WebClient
  /** What `/api/v1/me` says. */
  readonly me: Me
}

export interface Me {
  readonly operator: string
  readonly role: string
  readonly login: number
  readonly csrf: string
  readonly version: string
  readonly insecure: boolean
  readonly secure: boolean
  readonly candidate: boolean
}

/** Log in with `{user, password}` or `{link}`. @throws where it is refused */
export async function logInTo(
  url: string,
  by: Readonly<Record<string, string>>,
): Promise<LoggedIn> {
  const reply = await new WebClient(url).post('/api/v1/login', by)
  if (reply.status !== 200) throw new Error(`log-in answered ${reply.status}: ${reply.text}`)
  const me = reply.body as Me
  const headers = { cookie: cookieIn(reply), 'x-sluice-csrf': me.csrf }
  return { client: new WebClient(url, headers), me }
}

/** `sluice-7001=VALUE`: a cookie that somebody made up. */
export function cookieWith(value: string, url: string): string {
  return `sluice-${new URL(url).port}=${value}`
}

/** What only its browser knows. */
export function idIn(cookie: string): string {
  return cookie.slice(cookie.indexOf('=') + 1)
}

/** `sluice-7001=…` as the client sends it back. */
export function cookieIn({ headers }: Pick<WebReply, 'headers'>): string {
  const [set = ''] = headers['set-cookie'] ?? []
  return set.split(';', 1)[0] ?? ''
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
