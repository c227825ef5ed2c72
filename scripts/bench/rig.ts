// Everything that runs while the bench measures: one folder, the hosts, and each peer once for each
// set-up. All of it starts before the first measurement; idle processes cost nothing.
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, Children, type Command } from './children.ts'
import { compileFetchClients } from './compiled.ts'
import { raiseDescriptors } from './descriptors.ts'
import type { EngineName, Job } from './job.ts'
import { nginxInstalled, webHostCommand } from './nginx.ts'
import { programPath, RELAYS, type RelayName } from './peers.ts'
import { freePorts, listening } from './ports.ts'
import { type HostPorts, type Setup, type SetupName, setupsOver } from './setups.ts'

const BODIES = { '5': 5, '18k': 18_000, '64m': 64 * 1024 * 1024 } as const
const WEB_PORTS = 3
/** Workers of the host behind two engine threads: it must not be what limits them. */
const WIDE_WORKERS = 2
/** Descriptors that are no session: logs, epoll, listening sockets, kernel pipes, shared libraries. */
const DESCRIPTORS_SPARE = 200
/** Room for sessions that end while new ones come; twice this stays well below the spare above. */
const SESSIONS_SPARE = 20

export const IDLE_SESSIONS = 10_000

export interface Running {
  readonly child: Child
  readonly port: number
  readonly sshPort: number
  /** Where it runs, and its config is. */
  readonly folder: string
}

export interface RigOptions {
  /** What moves the bytes of the column `sluice`. */
  readonly engine: EngineName
}

/** How a relay is started, where it differs from the others. */
export interface Start {
  readonly collectable?: boolean
  readonly engineThreads?: number
}

export class Rig {
  readonly children = new Children()
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  /** Fetches big bodies at next to no cost; undefined where it could not be built. */
  readonly compiled = compileFetchClients(this.folder)
  readonly #descriptors = raiseDescriptors()
  /** A session takes two descriptors in a relay. */
  readonly idleSessions = Math.min(
    IDLE_SESSIONS,
    Math.floor((this.#descriptors - DESCRIPTORS_SPARE) / 2),
  )
  readonly #engine: EngineName
  #setups: Record<SetupName, Setup> | undefined
  #relays = new Map<string, Running>()
  #folders = 0

  constructor({ engine }: RigOptions) {
    this.#engine = engine
  }

  /**
   * Start the hosts, then every relay for every set-up that it knows the scheduler of.
   *
   * @returns a sentence for each relay that did not start; the others are ready
   */
  async start(names: readonly RelayName[], setups: readonly SetupName[]): Promise<string[]> {
    const failures: string[] = []
    this.#setups = setupsOver(await this.#startHosts(setups.includes('wide')))
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
  async startRelay(name: RelayName, setup: SetupName, start: Start = {}): Promise<Running> {
    const { collectable = false, engineThreads = 1 } = start
    const [port = 0, sshPort = 0] = await freePorts(2)
    const folder = await this.#ownFolder(`${name}-${setup}`)
    const job: Job = {
      setup: this.setup(setup),
      port,
      sshPort,
      folder,
      sessionsMax: this.idleSessions + SESSIONS_SPARE,
      descriptors: this.#descriptors,
      collectable,
      engine: this.#engine,
      engineThreads,
    }
    const child = this.children.start(`${name}/${setup}`, await RELAYS[name].command(job))
    await listening(child, port)
    if (setup === 'looped') await listening(child, sshPort)
    return { child, port, sshPort, folder }
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
    const { schedulers, without } = RELAYS[name]
    return schedulers.includes(this.setup(setup).scheduler) && !without.includes(setup)
  }

  async #keepRelay(name: RelayName, setup: SetupName): Promise<string | undefined> {
    try {
      this.#relays.set(`${name}/${setup}`, await this.startRelay(name, setup))
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async #startHosts(wide: boolean): Promise<HostPorts> {
    const ports = await freePorts(2 + 2 * WEB_PORTS)
    const [everywhere = 0, hold = 0, ...web] = ports.slice(0, 2 + WEB_PORTS)
    const widePorts = ports.slice(2 + WEB_PORTS)
    await this.#startWebHost('the web host', [`0.0.0.0:${everywhere}`, ...onLoopback(web)], 1)
    if (wide) await this.#startWebHost('the wide host', onLoopback(widePorts), WIDE_WORKERS)
    const holder = this.children.start('the hold host', this.program('hold-host.js', hold))
    await listening(holder, hold)
    return { web, wide: widePorts, everywhere, hold }
  }

  async #startWebHost(name: string, addresses: readonly string[], workers: number): Promise<void> {
    const host = this.children.start(name, await this.#webHost(addresses, workers))
    const ports = addresses.map((address) => Number(address.split(':').at(-1)))
    await Promise.all(ports.map((port) => listening(host, port)))
  }

  async #webHost(addresses: readonly string[], workers: number): Promise<Command> {
    if (!nginxInstalled()) return this.program('web-host.js', ...addresses)
    const folder = await this.#ownFolder('web-host')
    for (const [name, size] of Object.entries(BODIES)) {
      await writeFile(join(folder, name), Buffer.alloc(size, 'a'))
    }
    return webHostCommand({ folder, addresses, descriptors: this.#descriptors, workers })
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

function onLoopback(ports: readonly number[]): string[] {
  return ports.map((port) => `127.0.0.1:${port}`)
}
