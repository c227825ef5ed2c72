// An sftp client without manners: it sends whatever bytes it is told to, over a login of ssh2's client, and gives back
// the answers as they come.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'
import type { SshTarget } from './ssh-client.ts'

/** Numbers of requests (draft-ietf-secsh-filexfer-02, section 3). */
export const SFTP = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  extended: 200,
} as const

/** Numbers of answers, by name. */
const ANSWERS = new Map([
  [2, 'version'],
  [101, 'status'],
  [102, 'handle'],
  [103, 'data'],
  [104, 'names'],
  [105, 'attributes'],
])

export interface RawAnswer {
  readonly kind: string
  /** Of a status; -1 for anything else. */
  readonly code: number
  /** What follows the id. */
  readonly body: Buffer
}

/** Log in. Ends with `client.end()`. */
export async function loginOf({ port, user, key = '' }: SshTarget): Promise<ssh2.Client> {
  const client = new ssh2.Client()
  client.connect({ host: '127.0.0.1', port, username: user, privateKey: readFileSync(key) })
  await once(client, 'ready')
  client.setNoDelay(true)
  return client
}

export class RawSftp {
  readonly channel: ssh2.ClientChannel
  /** Resolves when the other side has closed the channel. */
  readonly closed: Promise<void>
  readonly #waiting: ((answer: RawAnswer | undefined) => void)[] = []
  #read = Buffer.alloc(0)
  #lastId = 0
  #isClosed = false

  /** Open the subsystem, and greet unless told otherwise. */
  static async open(client: ssh2.Client, { greet = true } = {}): Promise<RawSftp> {
    const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
      client.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(opened)))
    })
    const raw = new RawSftp(channel)
    if (greet) await raw.answerTo(packet(SFTP.init, uint32(3)))
    return raw
  }

  private constructor(channel: ssh2.ClientChannel) {
    this.channel = channel
    channel.on('data', (bytes: Buffer) => this.#feed(bytes)).on('error', () => {})
    this.closed = new Promise((resolve) => {
      channel.once('close', () => {
        this.#isClosed = true
        for (const give of this.#waiting.splice(0)) give(undefined)
        resolve()
      })
    })
  }

  /** One request with an id of its own. */
  async ask(type: number, ...fields: readonly Buffer[]): Promise<RawAnswer> {
    const answer = await this.answerTo(packet(type, uint32(++this.#lastId), ...fields))
    if (answer === undefined) throw new Error('closed without an answer')
    return answer
  }

  /** The handle that a request opens. */
  async open(type: number, ...fields: readonly Buffer[]): Promise<Buffer> {
    const { kind, body } = await this.ask(type, ...fields)
    if (kind !== 'handle') throw new Error(`no handle: ${kind} ${body.toString('latin1')}`)
    return body
  }

  /** Send bytes; undefined where the channel closes instead of an answer. */
  answerTo(bytes: Buffer): Promise<RawAnswer | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.channel.write(bytes)
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  async close(): Promise<void> {
    this.channel.resume()
    if (!this.#isClosed) this.channel.end()
    await this.closed
  }

  #feed(bytes: Buffer): void {
    this.#read = Buffer.concat([this.#read, bytes])
    while (this.#read.length >= 4 && this.#read.length >= 4 + this.#read.readUInt32BE()) {
      const end = 4 + this.#read.readUInt32BE()
      const answer = this.#read.subarray(4, end)
      this.#read = this.#read.subarray(end)
      const kind = ANSWERS.get(answer[0] ?? 0) ?? 'unknown'
      const body = answer.subarray(5)
      this.#waiting.shift()?.({ kind, code: kind === 'status' ? body.readUInt32BE() : -1, body })
    }
  }
}

export function packet(type: number, ...fields: readonly Buffer[]): Buffer {
  return text(Buffer.concat([Buffer.of(type), ...fields]))
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** With its length in front. */
export function text(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** No attributes. */
export const NO_ATTRIBUTES: Buffer = uint32(0)
