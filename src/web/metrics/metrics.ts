// What Prometheus and its like are told. Computed when it is asked for, once for all who ask at about the same time; it
// starts nothing, and costs nothing while nobody asks.
import { LIMITS } from '../../base/limits.ts'
import type { Process } from '../../commands/context.ts'
import { CONTENT_TYPE, Exposition } from './exposition.ts'
import { sceneOf } from './scene.ts'
import { ServiceTotals } from './service-totals.ts'
import { METRICS } from './table.ts'

export interface MetricsAnswer {
  /** That of the header of the same name. */
  readonly contentType: string
  /** Prometheus' text exposition, version 0.0.4. */
  readonly body: string
}

export class Metrics {
  readonly #process: Process
  /** In milliseconds, of a clock that only goes forward. */
  readonly #now: () => number
  readonly #totals = new ServiceTotals()
  readonly #exposition = new Exposition(Object.values(METRICS).flat())
  #underWay: Promise<MetricsAnswer> | undefined
  #last: { readonly at: number; readonly answer: MetricsAnswer } | undefined

  constructor(process: Process, now: () => number = () => performance.now()) {
    this.#process = process
    this.#now = now
  }

  /** All metrics. The event loop is given back while they are collected. */
  text(): Promise<MetricsAnswer> {
    const last = this.#last
    if (last !== undefined && this.#now() - last.at < LIMITS.webMetricsFreshMs)
      return Promise.resolve(last.answer)
    this.#underWay ??= this.#collect().finally(() => (this.#underWay = undefined))
    return this.#underWay
  }

  /** Forget the last answer; one that is under way is still given. */
  stop(): void {
    this.#last = undefined
  }

  async #collect(): Promise<MetricsAnswer> {
    const scene = await sceneOf(this.#process, this.#totals)
    const body = await this.#exposition.textOf(scene)
    const answer = { contentType: CONTENT_TYPE, body }
    this.#last = { at: this.#now(), answer }
    return answer
  }
}
