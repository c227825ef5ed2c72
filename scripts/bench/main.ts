// `npm run bench`: one table of Sluice beside its peers, measured in one run on this machine. Progress
// goes to stderr, the report to stdout. Whatever was started is stopped, also on Ctrl-C and on failure.
import { writeFile } from 'node:fs/promises'
import { installed, readEnvironment } from './environment.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import type { RelayName } from './peers.ts'
import { formatRun, type Run } from './report.ts'
import { Rig } from './rig.ts'
import { runRounds, warmUp } from './rounds.ts'
import { askedFor, rigNotes, select, setupsFor } from './selection.ts'
import { judge, targetsOn } from './targets.ts'

const INTERRUPTED = 130
const WRONG_USE = 2

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
  const rig = new Rig(options)
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
  const { peers, scenarios, notes } = select(options, environment.cpus)
  const relays = peers.filter((peer): peer is RelayName => peer !== 'direct')
  const setups = setupsFor(scenarios)
  say(`starting ${peers.join(', ')}`)
  const failedStarts = await rig.start(relays, setups)
  say('warming up')
  if (installed('wrk')) await warmUp(rig, relays, setups)
  const plan = { rounds, seconds, peers, scenarios, signal, say }
  const { samples, failures } = await runRounds(rig, plan)
  const targets = askedFor(options, targetsOn(environment.cpus)).map((each) => judge(each, samples))
  const all = [...notes, ...rigNotes(rig, scenarios), ...failedStarts, ...failures]
  const run: Run = { environment, rounds, seconds, peers, samples, targets, notes: all }
  console.log(formatRun(run))
  if (json) await writeFile(json, `${JSON.stringify(run, undefined, 2)}\n`)
}

function say(line: string): void {
  console.error(line)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
