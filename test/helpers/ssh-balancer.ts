// A running process for ssh tests: a real balancer whose ports open nothing, the commands' view of it, and
// a log that remembers. Starts an ssh server on a port of the system's choosing, in a folder of its own.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Facts, Log, LogLine, LogLevel } from '../../src/base/log.ts'
import type { Process } from '../../src/commands/context.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { Journal } from '../../src/model/journal.ts'
import type { UserSnapshot } from '../../src/model/snapshot.ts'
import { trialOn } from '../../src/app/documents/trial.ts'
import { stubCandidates } from './stub-candidates.ts'
import { stubParts } from './stub-parts.ts'
import { type SshServer, type SshServerOptions, startSshServer } from '../../src/ssh/server.ts'

/** A log whose lines a test can read. */
export class MemoryLog implements Log {
  readonly lines: LogLine[] = []

  error(event: string, facts?: Facts): void {
    this.#add('error', event, facts)
  }

  warn(event: string, facts?: Facts): void {
    this.#add('warn', event, facts)
  }

  info(event: string, facts?: Facts): void {
    this.#add('info', event, facts)
  }

  debug(event: string, facts?: Facts): void {
    this.#add('debug', event, facts)
  }

  /** The facts of all lines with this event. */
  of(event: string): readonly Facts[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.facts)
  }

  #add(level: LogLevel, event: string, facts: Facts = {}): void {
    this.lines.push({ time: new Date().toISOString(), level, event, facts })
  }
}

/** A service `web` with a group `main` of the hosts a, b and c. */
async function demoBalancer(): Promise<Balancer> {
  const ports = { open: async () => '127.0.0.1:8080', close: async () => {} }
  const balancer = new Balancer({ ports })
  const web = await balancer.addService('web')
  const main = web.addGroup('main')
  for (const name of ['a', 'b', 'c']) main.addHost(name, `127.0.0.1:900${'abc'.indexOf(name) + 1}`)
  return balancer
}

function processOf(balancer: Balancer, log: MemoryLog): Process {
  const journal = new Journal(balancer)
  journal.start()
  return {
    ...stubParts(),
    version: '0.1.0',
    engine: { name: 'node', reason: 'of a test', threads: [], exceptions: [], eventsLost: 0 },
    startedAt: Date.now(),
    balancer,
    journal,
    candidates: stubCandidates(balancer),
    sessions: () => [],
    sessionCount: 0,
    logLines: () => log.lines,
    document: () => ({
      file: 'config.xml',
      running: '<config/>',
      stored: '<config/>',
      unsaved: undefined,
      readOnly: false,
      revision: 1,
    }),
    save: async () => ({ written: true, file: 'config.xml', revision: 1 }),
    stop: () => {},
    trial: () => trialOn(balancer),
    actingOn({ balancer: of, journal: its }) {
      return { ...this, balancer: of, journal: its }
    },
  }
}

export type TestUser = Partial<UserSnapshot> & { readonly name: string }

export interface SshBalancer {
  readonly balancer: Balancer
  readonly log: MemoryLog
  readonly server: SshServer
  /** Where keys, history and whatever the test needs lie; removed at the end. */
  readonly folder: string
  readonly port: number
  stop(): Promise<void>
}

/** Enough for a test that makes many connections from one address. */
const MANY = {
  acceptsPerSecond: 10_000,
  acceptsBurst: 10_000,
  unauthenticatedPerAddressMax: 32,
  unauthenticatedDropFrom: 1_000,
}

export async function startSshBalancer(
  users: readonly TestUser[],
  options: Partial<SshServerOptions> & { readonly folder?: string } = {},
): Promise<SshBalancer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sluice-ssh-'))
  mkdirSync(join(folder, 'keys'), { recursive: true, mode: 0o700 })
  const balancer = await demoBalancer()
  balancer.setUsers(users)
  balancer.configure('ssh', { hostKey: join(folder, 'keys', 'host_ed25519') })
  const log = new MemoryLog()
  const server = await startSshServer({
    process: processOf(balancer, log),
    log,
    listen: '127.0.0.1:0',
    keysFolder: () => join(folder, 'keys'),
    prompt: {},
    ...options,
    limits: { ...MANY, ...options.limits },
  })
  const port = Number(server.address.split(':').at(-1))
  const stop = async () => {
    await server.stop()
    if (options.folder === undefined) rmSync(folder, { recursive: true })
  }
  return { balancer, log, server, folder, port, stop }
}
