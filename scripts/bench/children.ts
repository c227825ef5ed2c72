// Every process the bench starts: started here, remembered here, stopped here by its own id. Nothing
// outlives the bench, also when it fails or is interrupted.
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { treeOf } from './processes.ts'

const STOP_MS = 3_000
const STDERR_BYTES_MAX = 4_000

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** Where it runs; whatever it writes beside itself belongs into the bench's own folder. */
  readonly folder: string
  /** Something will be typed into it; otherwise it reads nothing. */
  readonly typed?: boolean
}

/** One started process with what it has said so far. */
export class Child {
  readonly name: string
  readonly pid: number
  /** Resolves with the exit status once the process and its output have ended; never rejects. */
  readonly ended: Promise<number>
  #out = ''
  #err = ''
  #process: ChildProcess

  constructor(name: string, { program, args, folder, typed = false }: Command) {
    const stdin = typed ? 'pipe' : 'ignore'
    const started = spawn(program, args, { cwd: folder, stdio: [stdin, 'pipe', 'pipe'] })
    this.name = name
    this.pid = started.pid ?? 0
    this.#process = started
    // It may end before it read everything.
    started.stdin?.on('error', () => {})
    started.stdout?.on('data', (text) => (this.#out += text))
    started.stderr?.on(
      'data',
      (text) => (this.#err = `${this.#err}${text}`.slice(-STDERR_BYTES_MAX)),
    )
    this.ended = new Promise((resolve) => {
      started.once('error', (error) => resolve(this.#failed(error)))
      started.once('close', (code) => resolve(code ?? 1))
    })
  }

  get running(): boolean {
    return this.pid > 0 && this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Everything it wrote to stdout. */
  get output(): string {
    return this.#out
  }

  /** The last it wrote to stderr, on one line. */
  get lastWords(): string {
    return this.#err.trim().replaceAll('\n', ' | ') || 'it said nothing'
  }

  type(text: string): void {
    this.#process.stdin?.write(text)
  }

  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#process.kill(signal)
  }

  /** Ask, wait, then insist. The whole tree is noted first: a killed nginx leaves its worker behind. */
  async stop(): Promise<void> {
    const tree = this.running ? treeOf(this.pid) : []
    this.signal('SIGTERM')
    const late = new AbortController()
    const inTime = this.ended.then(() => late.abort())
    await Promise.race([inTime, sleep(STOP_MS, undefined, { signal: late.signal }).catch(() => {})])
    if (this.running) for (const pid of tree) killQuietly(pid)
    await this.ended
  }

  #failed(error: Error): number {
    this.#err += error.message
    return 1
  }
}

export class Children {
  readonly #running = new Set<Child>()
  #closed = false

  start(name: string, command: Command): Child {
    if (this.#closed) throw new Error('the bench is being stopped')
    const child = new Child(name, command)
    this.#running.add(child)
    void child.ended.then(() => this.#running.delete(child))
    return child
  }

  /** Run to the end and return what it printed; a status other than 0 is an error. */
  async run(name: string, command: Command): Promise<string> {
    const child = this.start(name, command)
    const status = await child.ended
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${child.lastWords}`)
    return child.output
  }

  /** Stop all of them; from here on none can be started. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#running].map((child) => child.stop()))
  }

  /** The last resort while the process exits, when nothing can be waited for. */
  killAll(): void {
    for (const child of this.#running) if (child.running) treeOf(child.pid).forEach(killQuietly)
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}
