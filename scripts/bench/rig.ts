// Everything that runs while the bench measures: one folder, the hosts, and each peer once for each
// set-up. All of it starts before the first measurement; idle processes cost nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, Children, type Command } from './children.ts'
import { nginxInstalled, webHostCommand } from './nginx.ts'
import { type Job, programPath, RELAYS, type RelayName } from './peers.ts'
import { freePorts, listening } from './ports.ts'
import { descriptorsMax } from './processes.ts'
import { type HostPorts, type Setup, type SetupName, setupsOver } from './setups.ts'

const BODIES = { '5': 5, '18k': 18_000, '64m': 64 * 1024 * 1024 } as const
const WEB_PORTS = 3
/** Descriptors that are no session: logs, epoll, listening sockets, shared libraries. */
const DESCRIPTORS_SPARE = 500
/** Room for wrk's clients beside the idle sessions; twice this stays well below the spare above. */
const SESSIONS_SPARE = 100
/** More is not needed here, and nginx reserves memory for each. */
const DESCRIPTORS_WANTED = 16_384

export const IDLE_SESSIONS = 5_000

export interface Running {
  readonly child: Child
  readonly port: number
}

export class Rig {
  readonly children = new Children()
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  /** A session takes two descriptors in a relay. */
  readonly idleSessions = Math.min(IDLE_SESSIONS, Math.floor(descriptors() / 2) - DESCRIPTORS_SPARE)
  #setups: Record<SetupName, Setup> | undefined
  #relays = new Map<string, Running>()
  #folders = 0

  /**
   * Start the hosts, then every relay for every set-up that it knows the scheduler of.
   *
   * @returns a sentence for each relay that did not start; the others are ready
   */
  async start(names: readonly RelayName[], setups: readonly SetupName[]): Promise<string[]> {
    const failures: string[] = []
    this.#setups = setupsOver(await this.#startHosts())
    for (const setup of setups) {
      for (const name of names.filter((name) => this.#knows(name, setup))) {
        const failure = await this.#keepRelay(name, setup)
        if (failure !== undefined) failures.push(failure)
      }
    }
    return failures
  }

  started(name: RelayName, setup: SetupName): boolean {
    return this.#relays.has(`${name}/${setup}`)
  }

  setup(name: SetupName): Setup {
    const setup = this.#setups?.[name]
    if (!setup) throw new Error('the rig is not started')
    return setup
  }

  relay(name: RelayName, setup: SetupName): Running {
    const running = this.#relays.get(`${name}/${setup}`)
    if (!running) throw new Error(`${name}/${setup} did not start`)
    return running
  }

  /** One more process of a relay, for whoever needs it untouched; the caller stops it. */
  async startRelay(name: RelayName, setup: SetupName, collectable = false): Promise<Running> {
    const [port = 0] = await freePorts(1)
    const job: Job = {
      setup: this.setup(setup),
      port,
      folder: await this.#ownFolder(`${name}-${setup}`),
      sessionsMax: this.idleSessions + SESSIONS_SPARE,
      descriptors: descriptors(),
      collectable,
    }
    const child = this.children.start(`${name}/${setup}`, await RELAYS[name].command(job))
    await listening(child, port)
    return { child, port }
  }

  /** A program out of `programs/` on plain Node. */
  program(file: string, ...args: readonly (string | number)[]): Command {
    const words = [programPath(file), ...args.map(String)]
    return { program: process.execPath, args: words, folder: this.folder }
  }

  async stop(): Promise<void> {
    await this.children.close()
    this.#removeFolder()
  }

  /** For the end of the process only. */
  abandon(): void {
    this.children.killAll()
    this.#removeFolder()
  }

  #knows(name: RelayName, setup: SetupName): boolean {
    return RELAYS[name].schedulers.includes(this.setup(setup).scheduler)
  }

  async #keepRelay(name: RelayName, setup: SetupName): Promise<string | undefined> {
    try {
      this.#relays.set(`${name}/${setup}`, await this.startRelay(name, setup))
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async #startHosts(): Promise<HostPorts> {
    const [everywhere = 0, hold = 0, ...web] = await freePorts(2 + WEB_PORTS)
    const addresses = [`0.0.0.0:${everywhere}`, ...web.map((port) => `127.0.0.1:${port}`)]
    const host = this.children.start('the web host', await this.#webHost(addresses))
    const holder = this.children.start('the hold host', this.program('hold-host.js', hold))
    await Promise.all([...web, everywhere].map((port) => listening(host, port)))
    await listening(holder, hold)
    return { web, everywhere, hold }
  }

  async #webHost(addresses: readonly string[]): Promise<Command> {
    if (!nginxInstalled()) return this.program('web-host.js', ...addresses)
    const folder = await this.#ownFolder('web-host')
    for (const [name, size] of Object.entries(BODIES)) {
      await writeFile(join(folder, name), Buffer.alloc(size, 'a'))
    }
    return webHostCommand(folder, addresses, descriptors())
  }

  async #ownFolder(name: string): Promise<string> {
    const folder = join(this.folder, `${name}-${this.#folders++}`)
    await mkdir(folder)
    return folder
  }

  #removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function descriptors(): number {
  return Math.min(descriptorsMax(), DESCRIPTORS_WANTED)
}
