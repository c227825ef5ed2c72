// Writes metrics as text, by prom-client. Its own counters and gauges look every label set up by a hash; here it is
// given samples that were just read, some hundred at a time, so that the loop is given back within large metrics too.
import { type Gauge, Registry } from 'prom-client'
import { LIMITS } from '../../base/limits.ts'
import { pauses } from '../../base/steps.ts'
import type { Metric, Sample } from './metric.ts'
import type { Scene } from './scene.ts'

export const CONTENT_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE

/** The text of all metrics, in turns: see base/steps.ts. One at a time for each object. */
export class Exposition {
  readonly #registry = new Registry()
  readonly #families: readonly Family[]

  constructor(metrics: readonly Metric[]) {
    this.#families = metrics.map((metric) => new Family(metric))
    // prom-client asks no more of a metric than its name and `get`, and has no type for that.
    for (const each of this.#families) this.#registry.registerMetric(each as unknown as Gauge)
  }

  async textOf(scene: Scene): Promise<string> {
    const parts: string[] = []
    const pause = pauses()
    for (const family of this.#families) {
      for (const _ of family.slices(scene)) {
        const text = await this.#registry.getSingleMetricAsString(family.name)
        parts.push(family.isFirstSlice ? text : withoutHead(text), '\n')
        const turn = pause()
        if (turn !== undefined) await turn
      }
    }
    return parts.join('')
  }
}

/** A metric as prom-client takes it, with the samples of one slice. */
class Family {
  readonly aggregator = 'sum'
  readonly #metric: Metric
  #slice: readonly Sample[] = []
  #sliceNumber = 0

  constructor(metric: Metric) {
    this.#metric = metric
  }

  get name(): string {
    return this.#metric.name
  }

  get isFirstSlice(): boolean {
    return this.#sliceNumber === 1
  }

  get() {
    const { name, help, type } = this.#metric
    return { name, help, type, aggregator: this.aggregator, values: this.#slice }
  }

  /** Takes up one slice after the other; the first one also where there is no sample. */
  *slices(scene: Scene): Generator<void> {
    this.#sliceNumber = 0
    let slice: Sample[] = []
    for (const sample of this.#metric.samples(scene)) {
      slice.push(sample)
      if (slice.length < LIMITS.webMetricsAtOnce) continue
      yield* this.#takeUp(slice)
      slice = []
    }
    if (slice.length > 0 || this.#sliceNumber === 0) yield* this.#takeUp(slice)
    this.#slice = []
  }

  *#takeUp(slice: readonly Sample[]): Generator<void> {
    this.#slice = slice
    this.#sliceNumber++
    yield
  }
}

/** Help and type are said once, in the first two lines. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1)
}
