// The command line of the bench: read once, complete and checked afterwards.
import { parseArgs } from 'node:util'
import { ENGINES, type EngineName } from './job.ts'
import { PEER_NAMES, type PeerName } from './peers.ts'
import { FAMILIES, type Family } from './scenario.ts'

export interface Options {
  readonly rounds: number
  /** Length of one measurement; wrk takes whole seconds only. */
  readonly seconds: number
  readonly peers: readonly PeerName[]
  readonly families: readonly Family[]
  /** What moves the bytes of the column `sluice`. */
  readonly engine: EngineName
  /** Measure two engine threads on a machine with too few CPUs for it, too. */
  readonly forceThreads: boolean
  /** Where to write every sample, or nothing. */
  readonly json: string | undefined
  readonly help: boolean
}

export const USAGE = `npm run bench -- [options]

  --rounds N         rounds; every figure is the median over them      (default 5)
  --seconds N        length of one measurement, whole seconds          (default 2)
  --quick            one round of one second, to see that all of it works
  --only NAMES       columns, out of ${PEER_NAMES.join(',')}
  --scenarios NAMES  rows, out of ${FAMILIES.join(',')}
  --engine NAME      engine of the column sluice, out of ${ENGINES.join(',')}  (default splice)
  --force-threads    compare two engine threads with one, however few CPUs there are
  --json FILE        also write every sample as JSON
  --help`

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      engine: { type: 'string', default: 'splice' },
      'force-threads': { type: 'boolean', default: false },
      scenarios: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    rounds: wholeNumber('--rounds', values.rounds, values.quick ? 1 : 5),
    seconds: wholeNumber('--seconds', values.seconds, values.quick ? 1 : 2),
    peers: namesOut('--only', values.only, PEER_NAMES),
    families: namesOut('--scenarios', values.scenarios, FAMILIES),
    engine: engineOut(values.engine),
    forceThreads: values['force-threads'],
    json: values.json,
    help: values.help,
  }
}

function engineOut(text: string): EngineName {
  const engine = ENGINES.find((name) => name === text)
  if (engine !== undefined) return engine
  throw new RangeError(`--engine is one of ${ENGINES.join(', ')}; got ${text}`)
}

function wholeNumber(option: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (Number.isInteger(number) && number >= 1) return number
  throw new RangeError(`${option} is a whole number from 1 up, got ${text}`)
}

/** In the order of the table, whatever order they were typed in. */
function namesOut<Name extends string>(
  option: string,
  text: string | undefined,
  accepted: readonly Name[],
): readonly Name[] {
  if (text === undefined) return accepted
  const wanted = text.split(',').map((name) => name.trim())
  const wrong = wanted.find((name) => !accepted.some((each) => each === name))
  if (wrong === undefined) return accepted.filter((name) => wanted.includes(name))
  throw new RangeError(`${option} takes names out of ${accepted.join(', ')}; got ${wrong}`)
}
