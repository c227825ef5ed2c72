// Pipes behind commands: on lines of text, on rows of tables, on items of JSON and on streams.
import { beforeEach, describe, expect, test } from 'vitest'
import type { LogLine } from '../../../src/base/log.ts'
import { runLine } from '../../../src/commands/run.ts'
import type { CommandContext } from '../../../src/commands/context.ts'
import { PIPE_WORDS, PIPES } from '../../../src/commands/line/pipes.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const given = (changed: Partial<CommandContext> = {}) => ({ ...contextOf(process), ...changed })

const { textOf } = answersIn(given)

async function firstWords(line: string): Promise<readonly string[]> {
  const out = await textOf(line)
  return out.split('\n').flatMap((each) => each.split(/\s/, 1).filter((word) => word !== ''))
}

async function refused(line: string): Promise<string> {
  const { exit, out, err } = await runLine(line, given())
  expect({ exit, out }).toEqual({ exit: 2, out: '' })
  return err
}

describe('on a table', () => {
  test('match and except choose rows, and the heading stays', async () => {
    expect(await firstWords('show hosts | match SPARE')).toEqual(['HOST', 'web/spare/s'])
    expect(await firstWords('show hosts | except web/main')).toEqual(['HOST', 'web/spare/s'])
    expect(await firstWords('show hosts | match web/main | except /a | except /b')).toEqual([
      'HOST',
      'web/main/c',
    ])
  })

  test('a text is looked for as it stands, not as a pattern', async () => {
    expect(await textOf('show hosts | match web/m.in')).toBe('')
    expect(await textOf('show hosts | match "(a+)+$" | count')).toBe('0\n')
  })

  test('head and last take rows from one end', async () => {
    expect(await firstWords('show hosts | head 1')).toEqual(['HOST', 'web/main/a'])
    expect(await firstWords('show hosts | last 1')).toEqual(['HOST', 'web/spare/s'])
    expect(await firstWords('show hosts | head 3 | last 1')).toEqual(['HOST', 'web/main/c'])
  })

  test('count says how many rows there are', async () => {
    expect(await textOf('show hosts | count')).toBe('4\n')
    expect(await textOf('show hosts | match web/main | count')).toBe('3\n')
    expect(await textOf('show hosts | count | match 4')).toBe('4\n')
    expect(await textOf('show hosts | count --json').catch(() => 'refused')).toBe('refused')
  })

  test('no row that fits is nothing at all', async () => {
    expect(await textOf('show hosts | match nonsense')).toBe('')
  })

  test('cells are looked at whole, also where the terminal cuts them', async () => {
    const name = 'x'.repeat(60)
    await runLine(`add host web/main/${name}end 10.0.0.9:80`, given())
    const out = await textOf(`show hosts | match ${name}end`, given({ columns: 100 }))
    expect(out.split('\n')[1]?.length).toBeLessThanOrEqual(100)
  })

  test('notes under it stay, and are told on the side where rows are counted', async () => {
    process.state = { ...process.state, unsaved: 'the disk is full' }
    expect(await textOf('show hosts | match spare')).toContain('unsaved: the disk is full\n')
    const notes: string[] = []
    const note = async (text: string) => void notes.push(text)
    expect(await textOf('show hosts | count', given({ note }))).toBe('4\n')
    expect(notes).toEqual(['unsaved: the disk is full\n'])
  })

  test('sessions are not cut at what is shown before a pipe looks at them', async () => {
    process.sessionRows = Array.from({ length: 250 }, (_, index) => sessionRow(index + 1))
    expect(await textOf('show sessions | count')).toBe('250\n')
    expect(await textOf('show sessions | match 192.0.2.1:249 | count')).toBe('1\n')
  })
})

test('other text is chosen line by line', async () => {
  process.state = { ...process.state, running: '<config>\n  <service/>\n</config>\n' }
  expect(await textOf('show config | match service')).toBe('  <service/>\n')
  expect(await textOf('show config | count')).toBe('3\n')
})

describe('on JSON', () => {
  test('json behind a bar is --json', async () => {
    expect(await textOf('show hosts | json')).toBe(await textOf('show hosts --json'))
  })

  test.each(['show hosts --json | match spare', 'show hosts | match spare | json'])(
    '%s chooses items',
    async (line) => {
      expect(JSON.parse(await textOf(line))).toMatchObject([{ path: 'web/spare/s' }])
    },
  )

  test('count is an object, and what does not fit is null', async () => {
    expect(await textOf('show hosts | count | json')).toBe('{"count":4}\n')
    expect(await textOf('show version --json | match nonsense')).toBe('null\n')
    expect(await textOf('show hosts --json | match nonsense')).toBe('[]\n')
  })

  test('a refusal is JSON, too', async () => {
    const { err } = await runLine('show hosts web/none | json', given())
    expect(JSON.parse(err)).toMatchObject({ error: { name: 'NOT_FOUND' } })
  })
})

describe('on a stream', () => {
  function logging(lines: number): {
    printed: string[]
    context: CommandContext
    stopped: () => boolean
  } {
    const printed: string[] = []
    let stopped = false
    process.follow = (_, tell) => {
      for (let number = 1; number <= lines; number++) {
        const event = number % 2 === 0 ? 'even' : 'odd'
        const line: LogLine = {
          time: '2026-11-20T10:00:00.000Z',
          level: 'info',
          event,
          facts: { number },
        }
        tell(line as never)
      }
      return () => {
        stopped = true
      }
    }
    return {
      printed,
      context: given({ print: async (text) => void printed.push(text) }),
      stopped: () => stopped,
    }
  }

  test('pieces go through one by one, and head ends it', async () => {
    const { printed, context, stopped } = logging(20)
    expect(await textOf('tail log | match even | head 2', context)).toBe('')
    expect(printed).toHaveLength(2)
    for (const text of printed) expect(text).toContain('even')
    expect(stopped()).toBe(true)
  })

  test('what is counted or last comes at the end', async () => {
    const { printed, context } = logging(20)
    await textOf('tail log | head 5 | count', context)
    await textOf('tail log | head 5 | last 1 | json', context)
    expect(printed[0]).toBe('5\n')
    expect(JSON.parse(printed[1] ?? '')).toMatchObject({ facts: { number: 5 } })
  })
})

test('the exit status is that of the command', async () => {
  const { exit, out, err } = await runLine('show hosts web/none | count', given())
  expect({ exit, out }).toEqual({ exit: 4, out: '' })
  expect(err).toContain('no group none in web')
})

test('a bar in quotes is no pipe', async () => {
  expect(await textOf('show hosts | match "|" | count')).toBe('0\n')
  const { err } = await runLine("show hosts 'web|main'", given())
  expect(err).toContain('no service web|main')
})

test.each([
  ['show hosts |', 'nothing was typed behind the bar; accepted: match, except, count'],
  ['show hosts | mach x', 'no pipe "mach", did you mean match?; accepted: match, except'],
  ['show hosts | match', 'match needs TEXT'],
  ['show hosts | match a b', '"b" is one word too many behind match; usage: | match TEXT'],
  ['show hosts | count 3', '"3" is one word too many behind count'],
  ['show hosts | head 0', 'N is a whole number from 1 to'],
  ['show hosts | head x', 'got "x"'],
  ['show hosts | watch 10ms', 'from 500ms to'],
  ['show hosts | watch 2s | count', 'watch repeats the whole line, so it stands last'],
  ['drain host web/main/a | watch', 'watch repeats what only looks, and drain host may change'],
  ['tail log | watch', 'tail log goes on by itself'],
  [`show hosts ${'| head '.repeat(17)}`, 'at most 16 pipes'],
  ['| count', 'nothing was typed'],
])('%s is refused', async (line, sentence) => {
  expect(await refused(line)).toContain(sentence)
  expect(process.balancer.hostList.every(({ intent }) => intent === 'enabled')).toBe(true)
})

describe('help pipes', () => {
  test('names each with an example that works', async () => {
    const text = await textOf('help pipes')
    for (const word of PIPE_WORDS) expect(text).toContain(`| ${word}`)
    for (const { example } of Object.values(PIPES)) expect(text).toContain(`  ${example}\n`)
  })

  test.each(['show hosts | ?', 'show hosts | match x | ?'])('is what %s answers', async (line) => {
    expect(await textOf(line)).toBe(await textOf('help pipes'))
  })

  test('is JSON as any help', async () => {
    const pages = JSON.parse(await textOf('help pipes --json'))
    expect(pages.map(({ words }: { words: string }) => words)).toEqual([...PIPE_WORDS])
  })
})
