// All of Sluice inside the process of the test: a configuration file in a folder of its own, ssh on a port of the
// system's choosing, and an operator of each role with a key.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Sluice } from '../../src/app/run.ts'
import type { OperatorRole } from '../../src/model/fields.ts'
import { makeClientKey, type SshTarget } from './ssh-client.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'

export const ROLES: readonly OperatorRole[] = ['readonly', 'operate', 'full']

/** A service without listeners, with the hosts a and b. */
const SERVICE = `  <service name="web">
    <!-- the front door -->
    <group name="main" enable="true">
      <host name="a" ip="127.0.0.1:9001" />
      <host name="b" ip="127.0.0.1:9002" />
    </group>
  </service>`

export interface RunningSluice {
  readonly sluice: Sluice
  readonly folder: string
  /** Of ssh. */
  readonly port: number
  /** Path of the configuration file. */
  readonly file: string
  /** What is in it. */
  readonly config: string
  /** The operator is called as the role. */
  target(role: OperatorRole, options?: readonly string[]): SshTarget
  stop(): Promise<void>
}

/**
 * @param web port of the web page; without one there is none
 * @param standIn port at which the test itself listens in place of the web page
 */
export async function startRunningSluice({
  web = 0,
  standIn = 0,
  users = '',
}: {
  readonly web?: number
  readonly standIn?: number
  readonly users?: string
} = {}): Promise<RunningSluice> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-app-'))
  const keys = join(folder, 'keys')
  mkdirSync(keys, { mode: 0o700 })
  for (const role of ROLES) makeClientKey(keys, role)
  const file = join(folder, 'config.xml')
  const page = web === 0 ? '' : `\n    <web listen="localhost:${web}" enable="true" />`
  const operators = ROLES.map((role) => `    <user name="${role}" access="${role}" />\n`).join('')
  const document = `<config>
${SERVICE}
  <admin>
    <ssh listen="127.0.0.1:0" enable="true" hostKey="${join(keys, 'host_ed25519')}" keys="${keys}" />${page}
${operators}${users}  </admin>
  <manager><configCheck enable="false" /></manager>
  <logging file="${join(folder, 'sluice.log')}" />
</config>
`
  writeFileSync(file, document, { mode: 0o600 })
  const sluice = await Sluice.start({ config: file, engine: 'node', demo: false })
  // Opened after a restart, which there is none of; tunnels go there at once.
  if (standIn > 0)
    sluice.core.balancer.configure('web', { listen: `localhost:${standIn}`, enable: true })
  const port = Number(sluice.ssh?.address.split(':').at(-1))
  return {
    sluice,
    folder,
    port,
    file,
    get config() {
      return readFileSync(file, 'utf8')
    },
    target(role, options = []) {
      return { folder, port, user: role, key: join(keys, role), options }
    },
    async stop() {
      await sluice.stop(0)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
