// A process that a test starts, with what it says and how it ends. Whatever the test does, the process and
// everything below it are gone when the test is over.
import { type ChildProcess, spawn } from 'node:child_process'
import { treeOf } from '../../scripts/bench/processes.ts'
import { eventually } from './eventually.ts'
import { whenOver } from './when-over.ts'

export interface ChildOptions {
  readonly folder: string
  /** Run as somebody else, where the test runs as root. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined
  /** Taken as its standard input, to the end. */
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
}

export interface ChildEnd {
  /** Null where a signal ended it. */
  readonly status: number | null
  readonly out: string
  readonly err: string
}

const STOP_MS = 15_000

export class TestChild {
  readonly name: string
  readonly pid: number
  /** Resolves when the process and its outputs have ended; never rejects. */
  readonly ended: Promise<ChildEnd>
  readonly #process: ChildProcess
  #out = ''
  #err = ''

  /** Start a program; must be called within a test or a hook. */
  constructor(program: string, args: readonly string[], options: ChildOptions) {
    const { folder, owner, input, env = {} } = options
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...owner,
    })
    this.#process = child
    this.name = program
    this.pid = child.pid ?? 0
    child.stdout?.on('data', (piece: Buffer) => (this.#out += piece.toString()))
    child.stderr?.on('data', (piece: Buffer) => (this.#err += piece.toString()))
    // It may leave before it read everything.
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => (this.#err += error.message))
      child.once('close', (status) => resolve({ status, out: this.#out, err: this.#err }))
    })
    whenOver(() => this.destroy())
  }

  /** Stop reading what it says, as `| head -1` does. */
  leaveOutputs(): void {
    this.#process.stdout?.destroy()
    this.#process.stderr?.destroy()
  }

  get running(): boolean {
    return this.pid > 0 && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** What it wrote to standard output so far. */
  get out(): string {
    return this.#out
  }

  get err(): string {
    return this.#err
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#process.kill(signal)
  }

  /** Wait until its two outputs together match. @throws where it ends before that */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return eventually(
      () => {
        const said = pattern.exec(this.#out) ?? pattern.exec(this.#err)
        if (said === null && !this.running) {
          throw new Error(`${this.name} ended and had said: ${this.#out}${this.#err}`)
        }
        return said
      },
      `${this.name} says ${pattern}: ${this.#err.slice(-2_000)}`,
    )
  }

  /** Ask it to end, and insist after a while. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ChildEnd> {
    this.signal(signal)
    const insist = setTimeout(() => void this.destroy(), STOP_MS)
    const end = await this.ended
    clearTimeout(insist)
    return end
  }

  /** End it and everything below it at once, as a power cut would. */
  async destroy(): Promise<void> {
    if (!this.running) return
    for (const pid of treeOf(this.pid)) killQuietly(pid)
    await this.ended
  }
}

/** Run a program to its end. */
export function runChild(
  program: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildEnd> {
  return new TestChild(program, args, options).ended
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
