// The process that is measured: the built one, as an operator starts it, with a thousand hosts in one service, some more
// services, an operator with a password, a program with a token, and as many open sessions as are wanted. It never saves,
// so that what was changed stays a difference.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { hashOfToken, newToken } from '../../../src/base/token-hash.ts'
import { type Child, Children } from '../children.ts'
import { descriptorsMax } from '../descriptors.ts'
import { freePorts, listening } from '../ports.ts'
import { cpuNsOf, treeOf } from '../processes.ts'
import type { EngineChoice } from './options.ts'

const MAIN = join(import.meta.dirname, '../../../dist/main.js')
const PROGRAMS = join(import.meta.dirname, '..', 'programs')
const HOSTS = 1_000
const MORE_SERVICES = 9
const SESSIONS = 10_000
/** Descriptors of a process that are no session's. */
const OTHER_DESCRIPTORS = 200

export const OPERATOR = { user: 'bench', password: 'correct horse battery staple' } as const

export interface Balancer {
  readonly url: string
  readonly token: string
  /** Of the service `web`. */
  readonly port: number
  readonly sessions: number
  /** CPU time so far, in milliseconds. */
  cpuMs(): number
  close(): Promise<void>
}

/** How many sessions can be held here: ten thousand where descriptors allow, two of which each of them takes. */
export function sessionsHere(): number {
  return Math.min(SESSIONS, Math.floor((descriptorsMax() - OTHER_DESCRIPTORS) / 2))
}

export async function startBalancer(
  engine: EngineChoice,
  { sessions = 0, hostPort }: { readonly sessions?: number; readonly hostPort?: number } = {},
): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-web-'))
  const children = new Children()
  const close = async () => {
    await children.close()
    rmSync(folder, { recursive: true, force: true })
  }
  // By this the bench stops its parts when it is interrupted.
  process.once('SIGTERM', () => void close().finally(() => process.exit(1)))
  const [hold = 0, port = 0, webPort = 0] = await freePorts(3)
  const token = newToken()
  try {
    const config = join(folder, 'config.xml')
    const ports = { host: hostPort ?? hold, port, webPort }
    writeFileSync(config, await documentOf(ports, token), { mode: 0o600 })
    const args = [MAIN, 'run', '--config', config, '--engine', engine]
    const child = children.start('sluice', { program: process.execPath, args, folder })
    await listening(child, webPort)
    if (sessions > 0) await holdSessions(children, { folder, hold, port, sessions })
    const cpuMs = () => cpuNsOf(treeOf(child.pid)) / 1e6
    return { url: `http://127.0.0.1:${webPort}`, token, port, sessions, cpuMs, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Held {
  readonly folder: string
  readonly hold: number
  readonly port: number
  readonly sessions: number
}

async function holdSessions(
  children: Children,
  { folder, hold, port, sessions }: Held,
): Promise<void> {
  const program = (name: string, ...args: readonly number[]): Child => {
    const all = [join(PROGRAMS, name), ...args.map(String)]
    return children.start(name, { program: process.execPath, args: all, folder })
  }
  await listening(program('hold-host.js', hold), hold)
  const clients = program('hold-clients.js', port, sessions)
  while (!clients.output.includes('ready')) {
    if (!clients.running) throw new Error(`no sessions: ${clients.lastWords}`)
    await sleep(50)
  }
}

async function documentOf(
  ports: { readonly host: number; readonly port: number; readonly webPort: number },
  token: string,
): Promise<string> {
  const more = Array.from({ length: MORE_SERVICES }, (_, index) => {
    return serviceOf(`service-${index}`, 1, '', ports.host)
  })
  const { user, password } = OPERATOR
  return `<config>
${serviceOf('web', HOSTS, `<listen ip="127.0.0.1:${ports.port}" maxSessions="20000" />`, ports.host)}
${more.join('\n')}
  <admin>
    <web listen="127.0.0.1:${ports.webPort}" enable="true" />
    <user name="${user}" access="full" password="${await hashPassword(password)}" />
    <token name="bench" access="full" hash="${hashOfToken(token)}" />
  </admin>
  <manager>
    <hostCheck enable="false" />
    <configCheck sync="off" />
  </manager>
  <logging file="sluice.log" level="error" />
</config>
`
}

function serviceOf(name: string, hosts: number, listen: string, port: number): string {
  const lines = Array.from({ length: hosts }, (_, index) => {
    return `      <host name="host-${index}" ip="127.0.0.1:${port}" />`
  })
  return `  <service name="${name}">
    ${listen}
    <group name="main" scheduler="roundrobin" enable="true">
${lines.join('\n')}
    </group>
  </service>`
}
