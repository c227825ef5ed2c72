// What the process takes of the machine, and how late its event loop is. The loop carries the traffic of the node
// engine, so that its delay is that of every client.
import { readdirSync } from 'node:fs'
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import { every } from '../base/every.ts'
import type { UsageView } from '../commands/context.ts'

/** How often the loop is looked at; the delay is what a look comes later than that. */
const RESOLUTION_MS = 20
/** A figure tells of the last one or two of these. */
const WINDOW_MS = 60_000

export class Usage {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #stopped = new AbortController()
  readonly #windows: Promise<void>
  #lastP99Ms = 0

  constructor() {
    this.#delay.enable()
    this.#windows = every(async () => this.#nextWindow(), {
      intervalMs: () => WINDOW_MS,
      signal: this.#stopped.signal,
      onError: () => {},
    })
  }

  view(): UsageView {
    const { pid } = process
    const loopDelayP99Ms = Math.max(this.#lastP99Ms, this.#p99Ms())
    return { pid, threads: threads(), rssBytes: process.memoryUsage.rss(), loopDelayP99Ms }
  }

  async stop(): Promise<void> {
    this.#delay.disable()
    this.#stopped.abort()
    await this.#windows
  }

  #nextWindow(): void {
    this.#lastP99Ms = this.#p99Ms()
    this.#delay.reset()
  }

  #p99Ms(): number {
    const lateMs = this.#delay.percentile(99) / 1_000_000 - RESOLUTION_MS
    return Math.max(0, Math.round(lateMs * 10) / 10)
  }
}

/** Threads of the process; 0 where the system does not say. */
function threads(): number {
  try {
    return readdirSync('/proc/self/task').length
  } catch {
    return 0
  }
}
