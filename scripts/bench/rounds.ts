// The order of the run: warm up, then rounds in which every scenario meets every peer, and each round
// starts with another peer. One failed measurement is noted and the run goes on.
import { runWrk } from './loads.ts'
import { type PeerName, RELAYS, type RelayName } from './peers.ts'
import { formatNumber } from './report.ts'
import type { Rig } from './rig.ts'
import type { Scenario } from './scenario.ts'
import type { SetupName } from './setups.ts'
import type { Sample } from './statistics.ts'
import type { Figures } from './traffic.ts'

export interface Plan {
  readonly rounds: number
  readonly seconds: number
  readonly peers: readonly PeerName[]
  readonly scenarios: readonly Scenario[]
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface Outcome {
  readonly samples: readonly Sample[]
  /** What failed, each once, however many rounds it failed in. */
  readonly failures: ReadonlySet<string>
}

interface Step {
  readonly round: number
  readonly peer: PeerName
  readonly scenario: Scenario
}

/** JavaScript gets faster while it runs; the others are as fast as they will be. */
export async function warmUp(
  rig: Rig,
  relays: readonly RelayName[],
  setups: readonly SetupName[],
): Promise<void> {
  const onNode = relays.filter((name) => RELAYS[name].runtime === 'node')
  for (const name of onNode) {
    for (const setup of setups.filter((each) => rig.started(name, each))) {
      const { port } = rig.relay(name, setup)
      await runWrk(rig, { port, path: '5', seconds: 1, connections: 'new' })
      if (setup === 'web') await runWrk(rig, { port, path: '18k', seconds: 1, connections: 'kept' })
    }
  }
}

export async function runRounds(rig: Rig, plan: Plan): Promise<Outcome> {
  const steps = stepsOf(plan).filter((step) => runs(rig, step))
  const samples: Sample[] = []
  const failures = new Set<string>()
  let left = costOf(plan, steps)
  plan.say(`${steps.length} measurements, about ${minutes(left)}`)
  for (const [index, step] of steps.entries()) {
    plan.signal.throwIfAborted()
    const progress = `${index + 1}/${steps.length}, ${minutes(left)} left`
    plan.say(await measured(rig, plan, step, progress, samples, failures))
    left -= step.scenario.costSeconds(plan.seconds)
  }
  return { samples, failures }
}

function stepsOf({ rounds, peers, scenarios }: Plan): Step[] {
  return Array.from({ length: rounds }, (_, round) =>
    scenarios.flatMap((scenario) =>
      rotated(peers, round)
        .filter((peer) => scenario.suits(peer))
        .map((peer) => ({ round, peer, scenario })),
    ),
  ).flat()
}

/** What did not start has a note of its own already. */
function runs(rig: Rig, { peer, scenario }: Step): boolean {
  return peer === 'direct' || scenario.setups.every((setup) => rig.started(peer, setup))
}

/** In seconds. */
function costOf({ seconds }: Plan, steps: readonly Step[]): number {
  return steps.reduce((sum, { scenario }) => sum + scenario.costSeconds(seconds), 0)
}

function minutes(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
}

export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = items.length === 0 ? 0 : by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

/** Measure one step, keep what came of it, and tell it in one line. */
async function measured(
  rig: Rig,
  { seconds, signal }: Plan,
  { round, peer, scenario }: Step,
  progress: string,
  samples: Sample[],
  failures: Set<string>,
): Promise<string> {
  const what = `${scenario.title}, ${peer}`
  const start = `[${progress}] round ${round + 1}  ${scenario.title.padEnd(26)} ${peer.padEnd(11)}`
  try {
    const { figures, errors } = await scenario.measure(rig, peer, seconds, round)
    if (errors > 0) failures.add(`${what}: clients saw errors (${errors} in round ${round + 1})`)
    samples.push({ round, peer, scenario: scenario.title, figures })
    return `${start} ${formatFigures(figures)}`
  } catch (error) {
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    failures.add(`${what}: ${reason}`)
    return `${start} failed: ${reason}`
  }
}

function formatFigures(figures: Figures): string {
  return Object.entries(figures)
    .map(([figure, value]) => `${formatNumber(value)} ${figure}`)
    .join(' · ')
}
