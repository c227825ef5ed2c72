// A log that keeps its lines and wakes whoever waits for one.
import type { Facts, Log, LogLevel } from '../../src/base/log.ts'

export interface RecordedLine {
  readonly level: LogLevel
  readonly event: string
  readonly facts: Facts
}

export class RecordingLog implements Log {
  readonly lines: RecordedLine[] = []
  readonly #waiting = new Set<() => void>()

  error(event: string, facts: Facts = {}): void {
    this.#record({ level: 'error', event, facts })
  }

  warn(event: string, facts: Facts = {}): void {
    this.#record({ level: 'warn', event, facts })
  }

  info(event: string, facts: Facts = {}): void {
    this.#record({ level: 'info', event, facts })
  }

  debug(event: string, facts: Facts = {}): void {
    this.#record({ level: 'debug', event, facts })
  }

  /** The lines of one event. */
  of(event: string): RecordedLine[] {
    return this.lines.filter((line) => line.event === event)
  }

  /** Resolves with the first `count` lines of `event`, those already written included. */
  async next(event: string, count = 1): Promise<RecordedLine[]> {
    while (this.of(event).length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
    return this.of(event).slice(0, count)
  }

  #record(line: RecordedLine): void {
    this.lines.push(line)
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
