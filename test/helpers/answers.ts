// What commands answer: the text or the data of one that has to succeed, the refusal of one that must not.
import { expect } from 'vitest'
import type { CommandContext } from '../../src/commands/context.ts'
import { type Outcome, runLine } from '../../src/commands/run.ts'

export interface Answers {
  /** Its result; exit 0, and nothing to complain of. */
  readonly textOf: (line: string, context?: CommandContext) => Promise<string>
  readonly jsonOf: (line: string, context?: CommandContext) => Promise<unknown>
  /** It ends with this exit, no result, and a message with this in it. */
  readonly refused: (line: string, exit: number, sentence: string) => Promise<Outcome>
}

/** @param given makes the context of each line that is given none */
export function answersIn(given: () => CommandContext): Answers {
  const textOf: Answers['textOf'] = async (line, context = given()) => {
    const { exit, out, err } = await runLine(line, context)
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    return out
  }
  return {
    textOf,
    async jsonOf(line, context) {
      return JSON.parse(await textOf(`${line} --json`, context))
    },
    async refused(line, exit, sentence) {
      const outcome = await runLine(line, given())
      expect(outcome).toMatchObject({ exit, out: '' })
      expect(outcome.err).toContain(sentence)
      return outcome
    },
  }
}
