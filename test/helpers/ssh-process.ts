// Starts the ssh plane in a process of its own, for what a test cannot survive in its own process: lost
// errors, exits, signals.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SshLimits } from '../../src/ssh/ssh-limits.ts'
import type { TestUser } from './ssh-balancer.ts'

const MAIN = fileURLToPath(new URL('./ssh-process-main.ts', import.meta.url))
const DEADLINE_MS = 15_000

export type PrintedLine = Readonly<Record<string, unknown>> & { readonly event: string }

export class SshProcess {
  readonly child: ChildProcess
  readonly folder: string
  readonly lines: PrintedLine[] = []
  readonly #ended: Promise<number | null>
  #look = () => {}

  private constructor(child: ChildProcess, folder: string) {
    this.child = child
    this.folder = folder
    this.#ended = new Promise((resolve) => child.once('close', resolve))
    if (child.stdout === null) throw new TypeError('the child has an output')
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.lines.push(JSON.parse(line))
      this.#look()
    })
  }

  static async start(
    users: readonly TestUser[],
    {
      limits = {},
      env = {},
    }: { limits?: Partial<SshLimits>; env?: Readonly<Record<string, string>> } = {},
  ): Promise<SshProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-ssh-'))
    const file = join(folder, 'start.json')
    writeFileSync(file, JSON.stringify({ users, folder, limits }))
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    const started = new SshProcess(child, folder)
    await started.printed((line) => line.event === 'started')
    return started
  }

  get port(): number {
    return Number(this.lines.find((line) => line.event === 'started')?.port)
  }

  /** Wait for a line of the log. */
  async printed(wanted: (line: PrintedLine) => boolean): Promise<PrintedLine> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(
          new Error(`not logged:\n${this.lines.map((line) => JSON.stringify(line)).join('\n')}`),
        )
      }, DEADLINE_MS)
      this.#look = () => {
        const found = this.lines.find(wanted)
        if (found === undefined) return
        clearTimeout(deadline)
        resolve(found)
      }
      this.#look()
    })
  }

  /** Is it there, and not stopped by a signal (state T)? */
  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Ask it to stop. @returns its exit status */
  async stop(): Promise<number | null> {
    if (this.alive) this.child.kill('SIGINT')
    const status = await this.#ended
    rmSync(this.folder, { recursive: true, force: true })
    return status
  }
}
