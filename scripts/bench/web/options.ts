// What is typed behind this bench, handed on to each of its parts.
import { parseArgs } from 'node:util'

export const PARTS = ['reads', 'page', 'streams', 'metrics'] as const
export type Part = (typeof PARTS)[number]

const ENGINES = ['auto', 'node', 'splice'] as const
export type EngineChoice = (typeof ENGINES)[number]

export interface Options {
  readonly only: readonly Part[]
  readonly rounds: number
  readonly engine: EngineChoice
}

/** @throws Error with what is accepted */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: PARTS.join(',') },
      rounds: { type: 'string', default: '3' },
      engine: { type: 'string', default: 'auto' },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds is a whole number from 1 on, got ${values.rounds}`)
  const only = values.only.split(',').map((part) => oneOf(PARTS, part, '--only'))
  return { only, rounds, engine: oneOf(ENGINES, values.engine, '--engine') }
}

function oneOf<Name extends string>(names: readonly Name[], given: string, flag: string): Name {
  const found = names.find((name) => name === given)
  if (found === undefined) throw new Error(`${flag} takes ${names.join(', ')}; got ${given}`)
  return found
}
