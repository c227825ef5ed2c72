// Metrics of how the sessions of a service ended and how long they took. The engine counts them, each once.
import { CLOSE_REASONS, type CloseReason } from '../../base/close-reasons.ts'
import {
  CONNECT_BOUNDS_MS,
  type HistogramFigures,
  type ServiceFigures,
  SESSION_BOUNDS_MS,
} from '../../model/service-figures.ts'
import type { Labelled, Labels } from './labels.ts'
import { type Metric, metricsOf, type Sample } from './metric.ts'
import type { Scene } from './scene.ts'

const REASONS = Object.keys(CLOSE_REASONS) as readonly CloseReason[]

const counted = metricsOf<ServiceFigures>(['service'], countedServices)

export const SESSION_METRICS: readonly Metric[] = [
  counted.split(
    'sluice_service_session_ends_total',
    'counter',
    'Sessions that ended, by their one reason.',
    'reason',
    Object.fromEntries(REASONS.map((reason) => [reason, ({ ends }) => ends[reason]])),
  ),
  histogram(
    'sluice_service_connect_seconds',
    'From accept to a connected host, of each session that reached one.',
    CONNECT_BOUNDS_MS,
    ({ connect }) => connect,
  ),
  histogram(
    'sluice_service_session_seconds',
    'From accept to end, of each session that ended.',
    SESSION_BOUNDS_MS,
    ({ session }) => session,
  ),
]

/** Services of which nothing is counted, because no engine serves them, are left out. */
function countedServices({ process, services }: Scene): readonly Labelled<ServiceFigures>[] {
  return services.flatMap(({ thing: { service }, labels }) => {
    const thing = process.figuresOf(service.name)
    return thing === undefined ? [] : [{ thing, labels }]
  })
}

function histogram(
  name: string,
  help: string,
  boundsMs: readonly number[],
  figures: (of: ServiceFigures) => HistogramFigures,
): Metric {
  const buckets = [...boundsMs.map((ms) => `${ms / 1_000}`), '+Inf'].map((le) => ({ le }))
  const samples = (scene: Scene) => {
    const counts = countedServices(scene).map((each) => ({ ...each, thing: figures(each.thing) }))
    return histogramSamples(name, buckets, counts)
  }
  return { name, type: 'histogram', help, labels: ['service'], samples }
}

/** As Prometheus has them: each bucket counts what is in the smaller ones, too. */
function* histogramSamples(
  name: string,
  buckets: readonly Labels[],
  counts: readonly Labelled<HistogramFigures>[],
): Generator<Sample> {
  for (const { thing, labels: sharedLabels } of counts) {
    let value = 0
    for (const [index, labels] of buckets.entries()) {
      value += thing.counts[index] ?? 0
      yield { sharedLabels, labels, metricName: `${name}_bucket`, value }
    }
    yield { sharedLabels, metricName: `${name}_sum`, value: thing.sumMs / 1_000 }
    yield { sharedLabels, metricName: `${name}_count`, value }
  }
}
