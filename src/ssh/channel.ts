// What a prompt or a command sees of an ssh client: input, output, a terminal perhaps, and one end.
// Hides ssh2, whose channels write into nowhere when the connection is gone and close when it suits them.
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { ServerChannel } from 'ssh2'
import type { OperatorRole } from '../model/fields.ts'
import type { Restrictions } from './access/key-options.ts'
import type { SshLimits } from './ssh-limits.ts'
import { bytesWaiting, forgetSent, saidEnd } from './ssh2-private.ts'

/** One operator's way in, from the right key to the end of the connection. */
export interface Login {
  readonly id: number
  readonly operator: string
  readonly role: OperatorRole
  /** Where from: the client's address. */
  readonly address: string
  /** `key SHA256:…`, `password` … */
  readonly how: string
  /** Fingerprint of the key; '' where there was none. */
  readonly key: string
  /** What it may do less than its role allows. */
  readonly restrictions: Restrictions
}

export interface Terminal {
  /** As the client calls it: `xterm-256color`, `dumb`. */
  readonly type: string
  readonly columns: number
  readonly rows: number
}

/** What happens on a channel. Nothing is read from the client before `listen`. */
export interface ChannelHandlers {
  data(bytes: Buffer): void
  /** The client sends no more; it may still listen. */
  end(): void
  /** `INT`, `TERM`, `HUP` …: the client asks for a signal. */
  signal?(name: string): void
  resize?(terminal: Terminal): void
  /** Somebody says a line to whoever sits here. */
  say?(text: string): void
}

export interface ChannelFacts {
  readonly login: Login
  readonly limits: SshLimits
  readonly environment: ReadonlyMap<string, string>
  readonly terminal: Terminal | undefined
  readonly socket: Socket
}

/** Output is written in pieces of this many bytes, with a look at how much waits between them. */
const PIECE_BYTES = 64 * 1_024

export class OperatorChannel {
  readonly login: Login
  readonly limits: SshLimits
  readonly environment: ReadonlyMap<string, string>
  readonly #stream: ServerChannel
  readonly #socket: Socket
  readonly #ended = new AbortController()
  #terminal: Terminal | undefined
  #handlers: ChannelHandlers | undefined
  #turn: Promise<void> = Promise.resolve()
  #active = Date.now()
  #tidying = ''

  constructor(stream: ServerChannel, facts: ChannelFacts) {
    this.login = facts.login
    this.limits = facts.limits
    this.environment = facts.environment
    this.#terminal = facts.terminal
    this.#socket = facts.socket
    this.#stream = stream
    const lost = () => this.lost()
    stream.on('error', lost).on('close', lost)
    // A client that closes the channel ends this one at once; `close` waits until all input was read.
    stream.stderr.on('error', lost).on('finish', lost)
  }

  /** Aborted when either side ended the channel; from then on writing does nothing. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** The client's terminal; undefined where it has none (`ssh -T`, a command without `-t`). */
  get terminal(): Terminal | undefined {
    return this.#terminal
  }

  /** Does the operator want colours? NO_COLOR (no-color.org) and a dumb terminal say no. */
  get colors(): boolean {
    const refused = (this.environment.get('NO_COLOR') ?? '') !== ''
    return this.#terminal !== undefined && this.#terminal.type !== 'dumb' && !refused
  }

  /** Bytes that the client has not taken yet. */
  get bytesWaiting(): number {
    return bytesWaiting(this.#stream, this.#socket)
  }

  /** When the client last sent something, in milliseconds since 1970. */
  get active(): number {
    return this.#active
  }

  /** Begin to read. Once; there is one reader. */
  listen(handlers: ChannelHandlers): void {
    this.#handlers = handlers
    this.#stream.on('data', (bytes: Buffer) => {
      this.#active = Date.now()
      handlers.data(bytes)
    })
    this.#stream.on('end', () => (saidEnd(this.#stream) ? handlers.end() : this.lost()))
  }

  pauseInput(): void {
    this.#stream.pause()
  }

  resumeInput(): void {
    this.#stream.resume()
  }

  /** Hand text over without waiting; the caller watches `bytesWaiting`. */
  write(text: string): void {
    if (!this.ended.aborted) this.#stream.write(text)
  }

  /** What puts the terminal right if the channel ends now; '' where nothing has to be. */
  tidyWith(text: string): void {
    this.#tidying = text
  }

  /** Write all of a long text at the pace of the client. Leaves the rest out when the channel ends or `signal` aborts. */
  writeAll(text: string | Buffer, signal = this.ended): Promise<void> {
    return this.#inTurn(() => this.#send(this.#stream, text, signal))
  }

  /** The same for standard error, after everything that was written before it. */
  writeError(text: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#written(this.#stream, Buffer.alloc(0))
      forgetSent(this.#stream)
      await this.#send(this.#stream.stderr, text, this.ended)
    })
  }

  /** Resolves when the client took everything, or the channel ended. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#written(this.#stream, Buffer.alloc(0)))
  }

  /** The client has a new window, or asks for a signal. */
  resize(terminal: Terminal): void {
    this.#terminal = terminal
    this.#handlers?.resize?.(terminal)
  }

  signal(name: string): void {
    this.#handlers?.signal?.(name)
  }

  /** Show a line to whoever sits here. @returns false where nobody does */
  say(text: string): boolean {
    if (this.ended.aborted || this.#handlers?.say === undefined) return false
    this.#handlers.say(text)
    return true
  }

  /** The connection is gone; its channels do not always say so. */
  lost(): void {
    this.#ended.abort()
  }

  /** Say a last sentence and end. */
  farewell(sentence: string, exit: number): void {
    this.#tidy()
    if (this.#terminal !== undefined) this.write(`\r\n${sentence}\r\n`)
    // Said without waiting, so only where nothing waits already.
    else if (this.#stream.writableLength === 0) void this.writeError(`${sentence}\n`)
    // One turn later, when the sentence is on its way.
    setImmediate(() => this.end(exit))
  }

  /** End with this exit status; what was written before still goes out. Only the first call counts. */
  end(exit: number): void {
    if (this.ended.aborted) return
    this.#tidy()
    // Input that nobody reads would keep the channel from closing.
    this.#stream.resume()
    this.#stream.exit(exit)
    this.#stream.end()
    this.#ended.abort()
  }

  #tidy(): void {
    const text = this.#tidying
    this.#tidying = ''
    if (text !== '') this.write(text)
  }

  /** One write after the other: both outputs share one window, and ssh2 mixes up what waits for it. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(task)
    return this.#turn
  }

  async #send(stream: Writable, text: string | Buffer, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length && !signal.aborted; at += PIECE_BYTES) {
      await this.#written(stream, bytes.subarray(at, at + PIECE_BYTES))
      // ssh2 does not look at the socket; a client with a huge window that reads nothing would fill us.
      const full = this.#socket.writableLength > this.limits.outputBytesMax
      if (full) await this.#unlessEnded((done) => this.#socket.once('drain', done))
    }
  }

  /** Resolves when the bytes fit into the window of the client. */
  #written(stream: Writable, bytes: Buffer): Promise<void> {
    return this.#unlessEnded((done) => stream.write(bytes, () => done()))
  }

  /** On a channel that ended, callbacks and events may never come. */
  #unlessEnded(start: (done: () => void) => void): Promise<void> {
    if (this.ended.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        this.ended.removeEventListener('abort', done)
        resolve()
      }
      this.ended.addEventListener('abort', done)
      start(done)
    })
  }
}
