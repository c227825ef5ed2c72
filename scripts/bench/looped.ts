// The same traffic while an operator's endless loop holds the main thread of Sluice, beside the same traffic without
// it and, as a control, with the same loop in a process that has nothing to do with Sluice. The loop takes a CPU: on a
// machine with few of them it slows clients and hosts, too, and only the control tells that from Sluice's own share.
import { setTimeout as sleep } from 'node:timers/promises'
import { Operator } from './operator.ts'
import { threadsCpuNsOf } from './processes.ts'
import type { Rig, Running } from './rig.ts'
import type { Measurement, Scenario } from './scenario.ts'
import { type Spent, spendAt } from './spend.ts'
import { type Figures, figuresOf, P50, P99, type Traffic } from './traffic.ts'

/** What all engine threads are called; the loop's own CPU time must not count as theirs. */
const ENGINE_THREADS = 'sluice-io'
/** Sluice cuts a loop after 5 s; the load must be over before that. */
const SECONDS_MAX = 3
const LOOK_MS = 10
/** Start, log-in, and waiting until the loop was cut. */
const EXTRA_SECONDS = 7

const WAYS = ['undisturbed', 'control', 'looped'] as const
type Way = (typeof WAYS)[number]

export function loopedTitle({ title }: Traffic): string {
  return `${title}, looped`
}

/** `figure` while looping divided by the same `of` another way. */
export function loopedRatio(figure: string, of: Exclude<Way, 'looped'>): string {
  return `${figure}, looped / ${of}`
}

export function looped(traffic: Traffic): Scenario {
  const plain = [traffic.rate, P50, P99, traffic.cpu]
  const judged = [traffic.rate, P99, traffic.cpu]
  const ratios = (['undisturbed', 'control'] as const).flatMap((of) =>
    judged.map((figure) => loopedRatio(figure, of)),
  )
  return {
    family: 'loop',
    title: loopedTitle(traffic),
    needsWrk: traffic.family !== 'bulk',
    setups: ['looped'],
    figures: [...plain, ...ratios],
    suits: (peer) => peer === 'sluice',
    costSeconds: (seconds) => 3 * Math.min(seconds, SECONDS_MAX) + EXTRA_SECONDS,
    measure: (rig, _peer, seconds, round) =>
      measure(rig, traffic, Math.min(seconds, SECONDS_MAX), round),
  }
}

/** Each round begins with another way. */
async function measure(
  rig: Rig,
  traffic: Traffic,
  seconds: number,
  round: number,
): Promise<Measurement> {
  const sluice = rig.relay('sluice', 'looped')
  const spent = new Map<Way, Spent>()
  const run = () =>
    spendAt(
      sluice,
      (port) => traffic.run(rig, port, seconds),
      ({ child }) => threadsCpuNsOf(child.pid, ENGINE_THREADS),
    )
  for (let turn = 0; turn < WAYS.length; turn += 1) {
    const way = WAYS[(round + turn) % WAYS.length] ?? 'looped'
    spent.set(way, await RUN[way](rig, sluice, run))
  }
  return measurementOf(traffic, spent)
}

const RUN: Record<Way, (rig: Rig, sluice: Running, run: () => Promise<Spent>) => Promise<Spent>> = {
  undisturbed: (_rig, _sluice, run) => run(),
  control: besideALoop,
  looped: whileLooping,
}

async function besideALoop(rig: Rig, _sluice: Running, run: () => Promise<Spent>): Promise<Spent> {
  const loop = rig.children.start('endless-loop.js', rig.program('endless-loop.js'))
  try {
    while (loop.running && !loop.output.includes('looping')) await sleep(LOOK_MS)
    return await run()
  } finally {
    await loop.stop()
  }
}

/** @throws when the loop was cut before the load was over: then traffic was measured without it */
async function whileLooping(rig: Rig, sluice: Running, run: () => Promise<Spent>): Promise<Spent> {
  const operator = await Operator.login(rig, sluice)
  try {
    await operator.loop()
    return await untilCut(operator, run)
  } finally {
    await operator.logout()
  }
}

/** Also after a load that failed: whoever is measured next must not meet what is left of the loop. */
async function untilCut(operator: Operator, run: () => Promise<Spent>): Promise<Spent> {
  try {
    const spent = await run()
    if (operator.cut) throw new Error('the loop was cut before the load was over')
    return spent
  } finally {
    await operator.looped()
  }
}

function measurementOf(traffic: Traffic, spent: ReadonlyMap<Way, Spent>): Measurement {
  const figures = new Map<Way, Figures>()
  let errors = 0
  for (const [way, load] of spent) {
    figures.set(way, figuresOf(traffic, load, load.cpuNs))
    errors += load.errors
  }
  const own = figures.get('looped') ?? {}
  const ratios = (['undisturbed', 'control'] as const).flatMap((of) => {
    const others = figures.get(of) ?? {}
    const both = [traffic.rate, P99, traffic.cpu].filter((name) => name in own && name in others)
    return both.map((name) => [
      loopedRatio(name, of),
      (own[name] ?? Number.NaN) / (others[name] ?? Number.NaN),
    ])
  })
  return { figures: { ...own, ...(Object.fromEntries(ratios) as Figures) }, errors }
}
