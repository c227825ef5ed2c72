// A client of the web surface as bare as it gets: one connection that it keeps, and nothing made of an answer.
import { Agent, type IncomingMessage, request } from 'node:http'
import { OPERATOR } from './balancer.ts'

export type Headers = Readonly<Record<string, string>>

export interface Asked {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Headers
}

export class Client {
  readonly url: string
  readonly #headers: Headers
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  /** @param headers that go along with every request */
  constructor(url: string, headers: Headers) {
    this.url = url
    this.#headers = headers
  }

  /** @returns bytes of the answer. @throws where it is not a good one */
  async read(path: string, asked: Asked = {}): Promise<number> {
    const reply = await this.#open(path, asked, this.#agent)
    let bytes = 0
    for await (const piece of reply) bytes += (piece as Buffer).length
    return bytes
  }

  /** Open a stream of events on a connection of its own. @returns it, once its first event is there */
  async stream(path: string): Promise<IncomingMessage> {
    const reply = await this.#open(path, { headers: { accept: 'text/event-stream' } }, false)
    return new Promise((resolve, reject) => {
      reply.once('readable', () => resolve(reply)).once('error', reject)
    })
  }

  close(): void {
    this.#agent.destroy()
  }

  #open(
    path: string,
    { method = 'GET', body, headers }: Asked,
    agent: Agent | false,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const all = { ...this.#headers, ...type, ...headers }
      const asked = request(this.url + path, { method, headers: all, agent }, (reply) => {
        const { statusCode = 0 } = reply
        if (statusCode < 300) resolve(reply)
        else reject(new Error(`${method} ${path} answered ${statusCode}`))
      })
      asked.once('error', reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

/** Log in with the password, as the page does. @returns the cookie */
export function logIn(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const asked = request(`${url}/api/v1/login`, { method: 'POST', headers }, (reply) => {
      reply.resume()
      const cookie = reply.headers['set-cookie']?.[0]?.split(';')[0]
      if (cookie === undefined) reject(new Error(`log-in answered ${String(reply.statusCode)}`))
      else resolve(cookie)
    })
    asked.once('error', reject)
    asked.end(JSON.stringify(OPERATOR))
  })
}
