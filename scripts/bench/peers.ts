// The columns of the table: who is measured, and how each is told to balance one set-up on one thread.
// A new column is a new row here.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installed } from './environment.ts'
import type { Command } from './children.ts'
import { streamCommand, streamMissing } from './nginx.ts'
import type { Scheduler, Setup } from './setups.ts'

export const PEER_NAMES = ['direct', 'bare', 'sluice', 'haproxy', 'nginx'] as const
export type PeerName = (typeof PEER_NAMES)[number]
/** All but `direct`, which has no process of its own. */
export type RelayName = Exclude<PeerName, 'direct'>

export interface Job {
  readonly setup: Setup
  readonly port: number
  /** Its own empty folder, for its config and whatever it writes. */
  readonly folder: string
  readonly sessionsMax: number
  readonly descriptors: number
  /** Let SIGUSR2 collect garbage, where the peer runs on Node. */
  readonly collectable: boolean
}

export interface Relay {
  readonly runtime: 'node' | 'native'
  readonly schedulers: readonly Scheduler[]
  /** Why it cannot run here; undefined when it can. */
  missing(): string | undefined
  /** Write what it reads at its start, and say how to start it. */
  command(job: Job): Promise<Command>
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const BOTH: readonly Scheduler[] = ['roundrobin', 'leastconns']
const HAPROXY_BALANCE: Record<Scheduler, string> = {
  roundrobin: 'roundrobin',
  leastconns: 'leastconn',
}

const bare: Relay = {
  runtime: 'node',
  schedulers: ['roundrobin'],
  missing: () => undefined,
  async command(job) {
    const targets = job.setup.targets.map(({ ip, port }) => `${ip}:${port}`)
    return node(job, [programPath('bare-relay.js'), String(job.port), ...targets])
  },
}

const haproxy: Relay = {
  runtime: 'native',
  schedulers: BOTH,
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
  missing: streamMissing,
  command({ setup: { targets, scheduler }, port, folder, descriptors }) {
    return streamCommand({ port, targets, scheduler, folder, descriptors })
  },
}

/** Whoever has a process, in the order of the columns. */
export const RELAYS: Readonly<Record<RelayName, Relay>> = {
  bare,
  sluice: sluice('node'),
  haproxy,
  nginx,
}

export function programPath(file: string): string {
  return fileURLToPath(new URL(`programs/${file}`, import.meta.url))
}

function sluice(engine: 'node' | 'splice'): Relay {
  return {
    runtime: engine === 'node' ? 'node' : 'native',
    schedulers: BOTH,
    missing: () => (existsSync(MAIN) ? undefined : 'dist/main.js is missing, run npm run build'),
    async command(job) {
      const file = join(job.folder, 'config.xml')
      await writeFile(file, sluiceConfig(job), { mode: 0o600 })
      return node(job, [MAIN, 'run', '--config', file, '--engine', engine])
    },
  }
}

function node({ folder, collectable }: Job, args: readonly string[]): Command {
  const preload = ['--expose-gc', '--import', programPath('collect-on-signal.js')]
  return { program: process.execPath, args: [...(collectable ? preload : []), ...args], folder }
}

function sluiceConfig({ setup: { scheduler, targets }, port }: Job): string {
  const hosts = targets.map(
    ({ ip, port }, index) => `      <host name="h${index}" ip="${ip}:${port}" weight="1"/>`,
  )
  return `<config>
  <service name="web">
    <listen ip="127.0.0.1:${port}"/>
    <group name="main" scheduler="${scheduler}" enable="true">
${hosts.join('\n')}
    </group>
  </service>
  <admin><ssh listen="localhost:2222" enable="false"/></admin>
  <manager>
    <hostCheck interval="10" enable="false"/>
    <configCheck interval="10" enable="false"/>
    <heartbeat interval="20" enable="false"/>
  </manager>
  <logging level="error"/>
</config>
`
}

function haproxyConfig({ setup: { scheduler, targets }, port, sessionsMax }: Job): string {
  const servers = targets.map(({ ip, port }, index) => `  server h${index} ${ip}:${port}`)
  return `global
  nbthread 1
  maxconn ${sessionsMax}
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen web
  bind 127.0.0.1:${port} backlog 4096
  balance ${HAPROXY_BALANCE[scheduler]}
${servers.join('\n')}
`
}
