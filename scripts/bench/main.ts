// `npm run bench`: one table of Sluice beside its peers, measured in one run on this machine. Progress
// goes to stderr, the report to stdout. Whatever was started is stopped, also on Ctrl-C and on failure.
import { writeFile } from 'node:fs/promises'
import { installed, readEnvironment } from './environment.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { type PeerName, RELAYS, type RelayName } from './peers.ts'
import { formatRun, type Run } from './report.ts'
import { IDLE_SESSIONS, Rig } from './rig.ts'
import { runRounds, warmUp } from './rounds.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'
import type { SetupName } from './setups.ts'
import { nginxInstalled } from './nginx.ts'

const INTERRUPTED = 130
const WRONG_USE = 2

/** What can be measured here, and a sentence for each thing that cannot. */
interface Selection {
  readonly peers: readonly PeerName[]
  readonly scenarios: readonly Scenario[]
  readonly notes: readonly string[]
}

await main()

async function main(): Promise<void> {
  const options = optionsOrUsage(process.argv.slice(2))
  if (options) await benchSafely(options)
}

function optionsOrUsage(args: readonly string[]): Options | undefined {
  try {
    const options = readOptions(args)
    if (!options.help) return options
    console.log(USAGE)
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`)
    process.exitCode = WRONG_USE
  }
  return undefined
}

/** Run with a rig that is taken down again, however the run ends. */
async function benchSafely(options: Options): Promise<void> {
  const rig = new Rig()
  const interrupt = new AbortController()
  const stop = () => {
    interrupt.abort(new Error('interrupted'))
    void rig.children.close()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  process.once('exit', () => rig.abandon())
  try {
    await bench(rig, options, interrupt.signal)
  } catch (error) {
    console.error(`bench: ${interrupt.signal.aborted ? 'interrupted' : messageOf(error)}`)
    process.exitCode = interrupt.signal.aborted ? INTERRUPTED : 1
  } finally {
    await rig.stop()
  }
}

async function bench(rig: Rig, options: Options, signal: AbortSignal): Promise<void> {
  const { rounds, seconds, json } = options
  const environment = readEnvironment()
  const { peers, scenarios, notes } = select(options)
  const relays = peers.filter((peer): peer is RelayName => peer !== 'direct')
  const setups = setupsFor(scenarios)
  say(`starting ${peers.join(', ')}`)
  const failedStarts = await rig.start(relays, setups)
  say('warming up')
  if (installed('wrk')) await warmUp(rig, relays, setups)
  const plan = { rounds, seconds, peers, scenarios, signal, say }
  const { samples, failures } = await runRounds(rig, plan)
  const limits = idleNotes(rig, scenarios)
  const all = [...notes, ...limits, ...failedStarts, ...failures]
  const run: Run = { environment, rounds, seconds, peers, samples, notes: all }
  console.log(formatRun(run))
  if (json) await writeFile(json, `${JSON.stringify(run, undefined, 2)}\n`)
}

function select({ peers, families }: Options): Selection {
  const lost = peers.flatMap((peer) => {
    const why = peer === 'direct' ? undefined : RELAYS[peer].missing()
    return why === undefined ? [] : [{ peer, note: `${peer} is left out: ${why}` }]
  })
  const asked = SCENARIOS.filter(({ family }) => families.includes(family))
  const scenarios = installed('wrk') ? asked : asked.filter(({ needsWrk }) => !needsWrk)
  const wrkNote = 'wrk is not installed: requests, connections and pick cost are left out'
  const hostNote = 'nginx is not installed: a Node server is the host, and limits what is seen'
  return {
    peers: peers.filter((peer) => !lost.some((each) => each.peer === peer)),
    scenarios,
    notes: [
      ...lost.map(({ note }) => note),
      ...(scenarios.length < asked.length ? [wrkNote] : []),
      ...(nginxInstalled() ? [] : [hostNote]),
    ],
  }
}

/** `idle` is not among them: that one starts afresh each time. */
function setupsFor(scenarios: readonly Scenario[]): SetupName[] {
  const setups: SetupName[] = []
  if (scenarios.some(({ family }) => ['keep', 'new', 'bulk'].includes(family))) setups.push('web')
  if (scenarios.some(({ family }) => family === 'pick')) {
    setups.push('few-roundrobin', 'many-roundrobin', 'few-leastconns', 'many-leastconns')
  }
  return setups
}

function idleNotes(rig: Rig, scenarios: readonly Scenario[]): string[] {
  const measured = scenarios.some(({ family }) => family === 'idle')
  if (!measured || rig.idleSessions === IDLE_SESSIONS) return []
  return [`ulimit -n is too low: ${rig.idleSessions} idle sessions instead of ${IDLE_SESSIONS}`]
}

function say(line: string): void {
  console.error(line)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
