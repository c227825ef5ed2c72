// Two engine threads against one. Clients and hosts must have CPUs of their own for that, or it is they who are measured.
import { type Load, runWrk, type WrkOptions } from './loads.ts'
import type { Rig } from './rig.ts'
import type { Scenario } from './scenario.ts'
import { type Spent, spendAt } from './spend.ts'
import { NEW_5, KEPT_5, type Traffic } from './traffic.ts'

/** Two threads of Sluice, two of wrk, two workers of nginx. */
export const THREADS_CPUS = 6
const CLIENT_THREADS = 2
const START_SECONDS = 1

export const TWO_OVER_ONE = 'throughput, 2 threads / 1'

export function threadsTitle({ title }: Traffic): string {
  return `${title}, threads`
}

export const THREADS: readonly Scenario[] = [threads(KEPT_5, 'kept'), threads(NEW_5, 'new')]

function threads(traffic: Traffic, connections: WrkOptions['connections']): Scenario {
  const figureOf = (count: number) => `${traffic.rate}, ${count} thread${count === 1 ? '' : 's'}`
  return {
    family: 'threads',
    title: threadsTitle(traffic),
    needsWrk: true,
    setups: ['wide'],
    figures: [figureOf(1), figureOf(2), TWO_OVER_ONE],
    suits: (peer) => peer === 'sluice',
    costSeconds: (seconds) => 2 * (seconds + START_SECONDS),
    async measure(rig, _peer, seconds, round) {
      const run = (engineThreads: number) => measured(rig, connections, seconds, engineThreads)
      const first = round % 2 === 0 ? await run(1) : undefined
      const two = await run(2)
      const one = first ?? (await run(1))
      const [rateOfOne, rateOfTwo] = [one, two].map(({ count, seconds }: Load) => count / seconds)
      return {
        errors: one.errors + two.errors,
        figures: {
          [figureOf(1)]: rateOfOne ?? Number.NaN,
          [figureOf(2)]: rateOfTwo ?? Number.NaN,
          [TWO_OVER_ONE]: (rateOfTwo ?? Number.NaN) / (rateOfOne ?? Number.NaN),
        },
      }
    },
  }
}

/** Each count of threads is a process of its own. */
async function measured(
  rig: Rig,
  connections: WrkOptions['connections'],
  seconds: number,
  engineThreads: number,
): Promise<Spent> {
  const sluice = await rig.startRelay('sluice', 'wide', { engineThreads })
  try {
    return await spendAt(sluice, (port) =>
      runWrk(rig, { port, path: '5', seconds, connections, threads: CLIENT_THREADS }),
    )
  } finally {
    await sluice.child.stop()
  }
}
