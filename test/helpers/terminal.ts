// A real terminal for tests: ssh inside tmux, with a server of its own that nobody else uses. What is on the
// screen is asked again and again until it is what the test waits for.
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type SshTarget, sshArgs } from './ssh-client.ts'

const run = promisify(execFile)

const POLL_MS = 20
const DEADLINE_MS = 8_000
let lastNumber = 0

/** The screen where a line may be typed. */
export const PROMPT = /sluice>\s*$/m

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  /** What the client says its terminal is. */
  readonly type?: string
  /** Variables that ssh sends along. */
  readonly environment?: Readonly<Record<string, string>>
  /** A command instead of the prompt; `-t` in front of it asks for a terminal. */
  readonly command?: readonly string[]
}

export class TestTerminal {
  readonly #socket: string

  private constructor(socket: string) {
    this.#socket = socket
  }

  /** Log in as `target`; when ssh ends, `status=N` appears and the screen stays. */
  static async open(target: SshTarget, options: TerminalOptions = {}): Promise<TestTerminal> {
    const {
      columns = 80,
      rows = 24,
      type = 'xterm-256color',
      environment = {},
      command = [],
    } = options
    const socket = `sluice-test-${process.pid}-${++lastNumber}`
    const flags = command.filter((word) => word.startsWith('-'))
    const rest = command.filter((word) => !word.startsWith('-'))
    const words = ['ssh', ...flags, ...sshArgs(target), ...rest]
      .map((word) => `'${word}'`)
      .join(' ')
    const variables = Object.entries({ TERM: type, ...environment })
    const exported = variables.map(([name, value]) => `${name}='${value}'`).join(' ')
    const script = `env ${exported} ${words}; echo "status=$?"; exec cat`
    const size = ['-x', String(columns), '-y', String(rows)]
    await run('tmux', [
      '-f',
      '/dev/null',
      '-L',
      socket,
      'new-session',
      '-d',
      ...size,
      'sh',
      '-c',
      script,
    ])
    return new TestTerminal(socket)
  }

  /** Press keys by their tmux names: `Enter`, `Tab`, `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  /** Type text as it stands. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text)
  }

  /** Type a line and press Enter. */
  async line(text: string): Promise<void> {
    await this.type(text)
    await this.press('Enter')
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows))
  }

  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-S', '-200')
  }

  /** The screen with its colours. */
  async coloredScreen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e', '-S', '-200')
  }

  /** Is the alternate screen shown, and the cursor? */
  async modes(): Promise<{ readonly alternate: boolean; readonly cursor: boolean }> {
    const flags = await this.#tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}')
    const [alternate, cursor] = flags.trim().split(' ')
    return { alternate: alternate === '1', cursor: cursor === '1' }
  }

  /** Wait until the screen shows it. @returns the screen */
  async shows(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + DEADLINE_MS
    let screen = await this.screen()
    while (!pattern.test(screen)) {
      if (performance.now() > deadline)
        throw new Error(`no ${pattern} on the screen:\n${screen.trimEnd()}`)
      await sleep(POLL_MS)
      screen = await this.screen()
    }
    return screen
  }

  /** Press a key again and again until the screen shows it. Two presses may arrive as one piece, which readline takes for pasted text. */
  async pressUntil(key: string, pattern: RegExp): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS
    while (!pattern.test(await this.screen())) {
      if (performance.now() > deadline) throw new Error(`no ${pattern} after pressing ${key}`)
      await this.press(key)
      await sleep(5 * POLL_MS)
    }
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server')
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-L', this.#socket, ...args])
    return stdout
  }
}

/** Log in, do the task at the prompt, and close the terminal whatever comes of it. */
export async function atPrompt(
  target: SshTarget,
  task: (terminal: TestTerminal) => Promise<void>,
  options: TerminalOptions = {},
): Promise<void> {
  const terminal = await TestTerminal.open(target, options)
  try {
    await terminal.shows(PROMPT)
    await task(terminal)
  } finally {
    await terminal.close()
  }
}
