// Commands that show what the ssh plane gives a command: the whole screen, input, pieces of an answer. Put
// behind the real ones with `vi.mock` of the command table.
import { once } from 'node:events'
import { command, streamCommand } from '../../src/commands/command.ts'
import type { CommandContext } from '../../src/commands/context.ts'
import type { Screen } from '../../src/commands/screen/screen.ts'

/** What the probes were given and how they ended. */
export const seen = { streamsOpen: 0, pieces: 0, inputBytes: 0, inputFault: '', aborted: 0 }

const probe = { role: 'readonly', json: { list: false, fields: [] }, examples: [] } as const

/** Fills the screen with the last key and the size, until `q`; `x` throws, and at 70 columns it keeps Ctrl-C. */
const paint = command({
  ...probe,
  words: ['paint'],
  summary: 'fill the screen',
  run: async (_given, { screen, signal }) => {
    if (screen === undefined) return 'no screen'
    screen.enter()
    await untilQ(screen, signal)
    return 'painted'
  },
  text: (result) => `${result}\n`,
})

async function untilQ(screen: Screen, signal: AbortSignal): Promise<void> {
  let last = 'none'
  const show = () =>
    screen.write(`\x1b[H\x1b[31mkey=${last} size=${screen.columns}x${screen.rows}\x1b[K`)
  show()
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      seen.aborted += 1
      resolve()
    })
    screen.take({
      resize: show,
      key: ({ name, ctrl }) => {
        last = ctrl ? `ctrl-${name}` : name
        show()
        if (name === 'q') resolve()
        if (name === 'x' && !ctrl) reject(new TypeError('painted over the edge'))
        return last === 'ctrl-c' && screen.columns === 70
      },
    })
  })
}

/** Counts the bytes of its input. */
const swallow = command({
  ...probe,
  words: ['swallow'],
  summary: 'read all input',
  run: async (_given, { input }) => {
    Object.assign(seen, { inputBytes: 0, inputFault: '' })
    if (input === undefined) return 'no input'
    try {
      for await (const bytes of input) seen.inputBytes += bytes.length
    } catch (error) {
      seen.inputFault = String(error)
      throw error
    }
    return `${seen.inputBytes} bytes`
  },
  text: (result) => `${result}\n`,
})

/** Prints a long line for ever. */
const chatter = streamCommand({
  ...probe,
  words: ['chatter'],
  summary: 'print for ever',
  run: (_given, context) => lines(context),
  text: (line) => `${line}\n`,
})

async function* lines({ signal }: CommandContext): AsyncGenerator<string> {
  seen.streamsOpen += 1
  try {
    for (let number = 0; !signal.aborted; number++) {
      seen.pieces = number
      yield `${number} ${'x'.repeat(1_000)}`
      // Others get a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    seen.streamsOpen -= 1
  }
}

/** Prints one line and then waits until it is interrupted. */
const linger = streamCommand({
  ...probe,
  words: ['linger'],
  summary: 'print once and wait',
  run: async function* (_given, { signal }: CommandContext) {
    seen.streamsOpen += 1
    try {
      yield 'waiting'
      if (!signal.aborted) await once(signal, 'abort')
    } finally {
      seen.streamsOpen -= 1
    }
  },
  text: (line) => `${line}\n`,
})

/** Prints so many numbered lines at once. */
const many = command({
  ...probe,
  words: ['lines'],
  summary: 'print a hundred lines',
  run: () => Array.from({ length: 100 }, (_, index) => `line ${index + 1}`),
  text: (rows) => `${rows.join('\n')}\n`,
})

export const PROBES = [paint, swallow, chatter, linger, many]
