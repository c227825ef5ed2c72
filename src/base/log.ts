// The log: an event name plus facts, one line per state change, none per byte. The only place for winston.
import { once } from 'node:events'
import { appendFile, close, openSync } from 'node:fs'
import { Writable } from 'node:stream'
import winston from 'winston'
import { BalancerError, messageOf } from './errors.ts'
import { LIMITS } from './limits.ts'
import { visible } from './visible.ts'

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

export type Facts = Readonly<Record<string, unknown>>

/** What every part of the house logs through. */
export interface Log {
  error(event: string, facts?: Facts): void
  warn(event: string, facts?: Facts): void
  info(event: string, facts?: Facts): void
  debug(event: string, facts?: Facts): void
}

export interface LogLine {
  /** ISO 8601 in UTC, to the millisecond. */
  readonly time: string
  readonly level: LogLevel
  readonly event: string
  readonly facts: Facts
}

export interface LogOptions {
  /** File to append to; '' logs to standard error. */
  readonly file: string
  readonly level: LogLevel
  /** `json`: one object a line. `text`: for people. */
  readonly format: 'json' | 'text'
}

/** A log that also remembers its last lines, changes its level live and reopens its file. */
export class FileLog implements Log {
  readonly #options: LogOptions
  readonly #logger: winston.Logger
  readonly #lines: LogLine[] = []
  readonly #followers = new Set<(line: LogLine) => void>()
  #stream: Writable
  #transport: winston.transport
  /** Lines that were dropped and not told of yet. */
  #lost = 0

  /** @throws BalancerError FILE_UNWRITABLE */
  constructor(options: LogOptions) {
    this.#options = options
    this.#stream = streamTo(options)
    this.#transport = transportTo(this.#stream, options)
    this.#logger = winston.createLogger({ level: options.level, transports: [this.#transport] })
  }

  /** Least severe lines that are written; may be assigned at any time. */
  get level(): LogLevel {
    return this.#logger.level as LogLevel
  }

  set level(level: LogLevel) {
    this.#logger.level = level
  }

  /** The last lines that were written, oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines
  }

  error(event: string, facts: Facts = {}): void {
    this.#write('error', event, facts)
  }

  warn(event: string, facts: Facts = {}): void {
    this.#write('warn', event, facts)
  }

  info(event: string, facts: Facts = {}): void {
    this.#write('info', event, facts)
  }

  debug(event: string, facts: Facts = {}): void {
    this.#write('debug', event, facts)
  }

  /** Be told of every line from now on; `tell` must neither throw nor log. @returns stops it */
  follow(tell: (line: LogLine) => void): () => void {
    this.#followers.add(tell)
    return () => this.#followers.delete(tell)
  }

  /** Open the file anew, after it was moved away (SIGHUP). @throws BalancerError FILE_UNWRITABLE; then the old one stays */
  reopen(): void {
    const [stream, transport] = [this.#stream, this.#transport]
    this.#stream = streamTo(this.#options)
    this.#transport = transportTo(this.#stream, this.#options)
    this.#logger.add(this.#transport)
    this.#logger.remove(transport)
    void endOf(stream)
  }

  /** Resolves when every line was handed to the system. */
  async close(): Promise<void> {
    this.#tellLost()
    const finished = once(this.#transport, 'finish')
    this.#logger.end()
    await finished
    await endOf(this.#stream)
  }

  #write(level: LogLevel, event: string, facts: Facts): void {
    if (!this.#logger.isLevelEnabled(level)) return
    const line: LogLine = { time: new Date().toISOString(), level, event, facts }
    this.#lines.push(line)
    if (this.#lines.length > LIMITS.logLinesKept) this.#lines.shift()
    for (const tell of this.#followers) tell(line)
    if (this.#blocked) {
      this.#lost += 1
      return
    }
    this.#tellLost()
    this.#logger.log({ level, message: event, line })
  }

  // Winston does not wait for its stream, which would keep everything that a slow disk or reader does not take.
  // After a loss half of it must be gone first, or every other line would tell of another loss.
  get #blocked(): boolean {
    const most = LIMITS.logBacklogBytesMax
    return this.#stream.writableLength > (this.#lost === 0 ? most : most / 2)
  }

  #tellLost(): void {
    const lines = this.#lost
    this.#lost = 0
    if (lines > 0) this.warn('log lines lost', { lines })
  }
}

/** One line for people: `2026-11-20 10:00:00.000 warn  host down  service=web host=a`. */
export function formatLogLine({ time, level, event, facts }: LogLine): string {
  const stamp = time.replace('T', ' ').replace('Z', '')
  const pairs = Object.entries(facts).map(([name, value]) => ` ${name}=${formatFact(value)}`)
  return `${stamp} ${level.padEnd(5)} ${event}${pairs.join('')}`
}

/** One object a line: `{"time":…,"level":"warn","event":"host down","service":"web","host":"a"}`. */
function jsonLogLine({ time, level, event, facts }: LogLine): string {
  return visible(JSON.stringify({ time, level, event, ...facts }))
}

function formatFact(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return /^[^\s"\p{C}]+$/u.test(text) ? text : visible(JSON.stringify(text))
}

function transportTo(stream: Writable, { format }: LogOptions): winston.transport {
  const render = format === 'json' ? jsonLogLine : formatLogLine
  const formatted = winston.format.printf((info) => render(info.line as LogLine))
  return new winston.transports.Stream({ stream, format: formatted })
}

function streamTo({ file }: LogOptions): Writable {
  return file === '' ? process.stderr : appending(file, openLogFile(file))
}

// Resolves when everything was written and the file is closed. Never rejects: see `appending`.
async function endOf(stream: Writable): Promise<void> {
  if (stream === process.stderr) return
  const closed = once(stream, 'close')
  stream.end()
  await closed
}

// Unlike a stream of node:fs it outlives a full disk: what cannot be written is lost and said once on standard
// error, and the next lines are tried again.
function appending(file: string, fd: number): Writable {
  let failing = false
  const append = (bytes: Buffer, done: () => void) =>
    appendFile(fd, bytes, (error) => {
      if (error !== null && !failing)
        process.stderr.write(`log file ${file} cannot be written: ${error.message}\n`)
      failing = error !== null
      done()
    })
  return new Writable({
    write: (bytes: Buffer, _encoding, done) => append(bytes, done),
    writev: (lines, done) => append(Buffer.concat(lines.map(({ chunk }) => chunk as Buffer)), done),
    destroy: (error, done) => close(fd, () => done(error)),
  })
}

function openLogFile(file: string): number {
  try {
    return openSync(file, 'a', 0o640)
  } catch (error) {
    throw new BalancerError('FILE_UNWRITABLE', `log file ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
