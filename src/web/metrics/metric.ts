// What one row of the table of metrics is: its name, type, help and labels, and where its figures are read.
import type { Labelled, Labels } from './labels.ts'
import type { Scene } from './scene.ts'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** One figure, in the shape that prom-client writes. */
export interface Sample {
  /** Those of the thing, which all of its samples share: they are put in words once. */
  readonly sharedLabels: Labels
  /** Those of this sample alone. */
  readonly labels?: Labels
  /** Where it is not that of the metric: the parts of a histogram. */
  readonly metricName?: string
  readonly value: number
}

/** A metric that is given out. The page about metrics is written out of these rows. */
export interface Metric {
  /** Prefix `sluice_`, base unit, `_total` for counters; the names that every Node.js process uses keep theirs. */
  readonly name: string
  readonly type: MetricType
  /** One sentence, for people. */
  readonly help: string
  readonly labels: readonly string[]
  /** Its samples now, one after the other. What is not there any more has none. */
  samples(scene: Scene): Iterable<Sample>
}

/** A figure of a thing; undefined where there is none, which leaves the sample out. */
type Figure<Thing> = (thing: Thing) => number | boolean | undefined

/** Writes rows with figures of each thing of one list. */
export interface MetricsOf<Thing> {
  /** One sample for each thing. */
  one(name: string, type: MetricType, help: string, figure: Figure<Thing>): Metric
  /** One sample for each thing and word; `words` say the figure of each. */
  split(
    name: string,
    type: MetricType,
    help: string,
    label: string,
    words: Readonly<Record<string, Figure<Thing>>>,
  ): Metric
}

/** @param labels names of the labels of each thing */
export function metricsOf<Thing>(
  labels: readonly string[],
  things: (scene: Scene) => Iterable<Labelled<Thing>>,
): MetricsOf<Thing> {
  return {
    one(name, type, help, figure) {
      const samples = (scene: Scene) => samplesOf(things(scene), [{ figure }])
      return { name, type, help, labels, samples }
    },
    split(name, type, help, label, words) {
      const parts = Object.entries(words).map(([word, figure]) => {
        return { labels: { [label]: word }, figure }
      })
      const samples = (scene: Scene) => samplesOf(things(scene), parts)
      return { name, type, help, labels: [...labels, label], samples }
    },
  }
}

/** One of `words`, as Prometheus has states: each word has a sample, which is 1 where it is true and else 0. */
export function stateOf<Thing, Word extends string>(
  words: readonly Word[],
  state: (thing: Thing) => Word,
): Readonly<Record<string, Figure<Thing>>> {
  return Object.fromEntries(words.map((word) => [word, (thing) => state(thing) === word]))
}

interface Part<Thing> {
  readonly labels?: Labels
  readonly figure: Figure<Thing>
}

function* samplesOf<Thing>(
  things: Iterable<Labelled<Thing>>,
  parts: readonly Part<Thing>[],
): Generator<Sample> {
  for (const { thing, labels: sharedLabels } of things) {
    for (const { figure, ...rest } of parts) {
      const value = figure(thing)
      if (value !== undefined) yield { sharedLabels, ...rest, value: Number(value) }
    }
  }
}
