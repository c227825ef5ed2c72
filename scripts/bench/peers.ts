// The columns of the table: who is measured, and how each is told to balance one set-up on one thread.
// A new column is a new row here.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed } from './environment.ts'
import type { Command } from './children.ts'
import { haproxyConfig } from './haproxy.ts'
import type { EngineName, Job } from './job.ts'
import { streamCommand, streamMissing } from './nginx.ts'
import type { Scheduler, SetupName } from './setups.ts'
import { sluiceWords } from './sluice.ts'

export const PEER_NAMES = ['direct', 'bare', 'sluice-node', 'sluice', 'haproxy', 'nginx'] as const
export type PeerName = (typeof PEER_NAMES)[number]
/** All but `direct`, which has no process of its own. */
export type RelayName = Exclude<PeerName, 'direct'>

export interface Relay {
  /** What runs the program: on Node there is JavaScript to warm up and garbage to collect. */
  readonly runtime: 'node' | 'native'
  readonly schedulers: readonly Scheduler[]
  /** Set-ups that make no sense for it. */
  readonly without: readonly SetupName[]
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined
  /** Write what it reads at its start, and say how to start it. */
  command(job: Job): Promise<Command>
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const BOTH: readonly Scheduler[] = ['roundrobin', 'leastconns']
const SPECIAL: readonly SetupName[] = ['bulk', 'looped', 'wide']

const bare: Relay = {
  runtime: 'node',
  schedulers: ['roundrobin'],
  without: SPECIAL,
  missing: () => undefined,
  async command(job) {
    const targets = job.setup.targets.map(({ ip, port }) => `${ip}:${port}`)
    return node(job, [programPath('bare-relay.js'), String(job.port), ...targets])
  },
}

const haproxy: Relay = {
  runtime: 'native',
  schedulers: BOTH,
  without: ['looped', 'wide'],
  missing: () => (installed('haproxy') ? undefined : 'haproxy is not installed'),
  async command(job) {
    const file = join(job.folder, 'haproxy.cfg')
    await writeFile(file, haproxyConfig(job))
    return { program: 'haproxy', args: ['-db', '-f', file], folder: job.folder }
  },
}

const nginx: Relay = {
  runtime: 'native',
  schedulers: BOTH,
  without: ['looped', 'wide'],
  missing: streamMissing,
  command: streamCommand,
}

/** Whoever has a process, in the order of the columns. */
export const RELAYS: Readonly<Record<RelayName, Relay>> = {
  bare,
  'sluice-node': sluice(SPECIAL, () => 'node'),
  sluice: sluice([], ({ engine }) => engine),
  haproxy,
  nginx,
}

export function programPath(file: string): string {
  return fileURLToPath(new URL(`programs/${file}`, import.meta.url))
}

function sluice(without: readonly SetupName[], engineOf: (job: Job) => EngineName): Relay {
  return {
    runtime: 'node',
    schedulers: BOTH,
    without,
    missing: () => (existsSync(MAIN) ? undefined : 'dist/main.js is missing, run npm run build'),
    async command(job) {
      return node(job, [MAIN, ...(await sluiceWords(job, engineOf(job)))])
    },
  }
}

function node({ folder, collectable }: Job, args: readonly string[]): Command {
  const preload = ['--expose-gc', '--import', programPath('collect-on-signal.js')]
  return { program: process.execPath, args: [...(collectable ? preload : []), ...args], folder }
}
