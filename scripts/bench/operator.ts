// An operator who loops: logs in with OpenSSH, types an endless loop at the prompt, and tells whether it still runs.
// Sluice cuts such a loop by itself after a while; until then its main thread does nothing else.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './children.ts'
import { mainThreadCpuNsOf } from './processes.ts'
import type { Rig, Running } from './rig.ts'
import { keyOf } from './sluice.ts'

const LOOP = 'while (true) {}'
const PROMPT = /sluice>/
/** What Sluice says at the prompt when it has ended the loop. */
const CUT = /cut after/
/** CPU time of the main thread that nothing but a loop takes; typing and evaluating a line takes a tenth. */
const LOOPING_NS = 150e6
const LOOK_MS = 20
const DEADLINE_MS = 15_000

export class Operator {
  readonly #sluice: Running
  readonly #terminal: Child

  private constructor(sluice: Running, terminal: Child) {
    this.#sluice = sluice
    this.#terminal = terminal
  }

  /** Log in; resolves at the prompt. */
  static async login(rig: Rig, sluice: Running): Promise<Operator> {
    const args = sshArgs(sluice)
    const terminal = rig.children.start('ssh', {
      program: 'ssh',
      args,
      folder: sluice.folder,
      typed: true,
    })
    const operator = new Operator(sluice, terminal)
    await operator.#until(() => PROMPT.test(terminal.output), 'there was no prompt')
    return operator
  }

  /** Has the loop ended? */
  get cut(): boolean {
    return CUT.test(this.#terminal.output)
  }

  /** Type the loop; resolves when the main thread is in it. */
  async loop(): Promise<void> {
    const before = mainThreadCpuNsOf(this.#sluice.child.pid)
    this.#terminal.type(`${LOOP}\r`)
    const spent = () => mainThreadCpuNsOf(this.#sluice.child.pid) - before
    await this.#until(() => spent() > LOOPING_NS, 'the loop did not start')
  }

  /** Resolves when the loop was cut, so that nothing of it is left for who comes next. */
  async looped(): Promise<void> {
    await this.#until(() => this.cut, 'the loop was not cut')
  }

  async logout(): Promise<void> {
    await this.#terminal.stop()
  }

  async #until(done: () => boolean, otherwise: string): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS
    while (!done()) {
      if (!this.#terminal.running) throw new Error(`ssh ended: ${this.#terminal.lastWords}`)
      if (Date.now() > deadline) throw new Error(`${otherwise} within ${DEADLINE_MS} ms`)
      await sleep(LOOK_MS)
    }
  }
}

/** Without the configuration, keys and known hosts of whoever runs the bench. */
function sshArgs({ folder, sshPort }: Running): string[] {
  const options = [
    `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
    'StrictHostKeyChecking=accept-new',
    'IdentitiesOnly=yes',
    'BatchMode=yes',
    'LogLevel=ERROR',
  ]
  const named = options.flatMap((option) => ['-o', option])
  return ['-tt', '-F', 'none', ...named, '-i', keyOf(folder), '-p', String(sshPort), 'op@127.0.0.1']
}
