// A balancer without sockets and the configuration file that is kept in step with it, in a folder of its own.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenConflict } from '../../src/config/keep/agreement.ts'
import { ConfigSync, type ConfigSyncOptions } from '../../src/config/keep/sync.ts'
import { Balancer } from '../../src/model/balancer.ts'
import type { Change } from '../../src/model/change.ts'
import { FakePorts } from './fake-ports.ts'
import { RecordingLog } from './recording-log.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const WEB = `<config>
  <!-- the front door -->
  <service name="web">
    <listen ip="127.0.0.1:8080" />
    <group name="main" scheduler="roundr" enable="true">
      <host name="a" ip="10.0.0.1:80" />
      <host name="b" ip="10.0.0.2:80" />
    </group>
  </service>
</config>
`

/** `WEB` with other values: a host of weight 5 is `webWith({ a: 5 })`. */
export function webWith(weights: Readonly<Record<string, number>>, text = WEB): string {
  return Object.entries(weights).reduce((edited, [host, weight]) => {
    return edited.replace(
      new RegExp(`(name="${host}" ip="[^"]*")( weight="\\d+")?`),
      `$1 weight="${weight}"`,
    )
  }, text)
}

/** A file that was read. */
export async function keptFile(text = WEB, options: Partial<ConfigSyncOptions> = {}) {
  const folder = await temporaryFolder()
  const file = join(folder, 'config.xml')
  await writeFile(file, text)
  const [ports, log] = [new FakePorts(), new RecordingLog()]
  const balancer = new Balancer({ ports })
  const told: OpenConflict[][] = []
  const onConflicts = (conflicts: readonly OpenConflict[]) => void told.push([...conflicts])
  const sync = new ConfigSync({ balancer, file, log, onConflicts, ...options })
  await sync.start()
  log.lines.length = 0
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  return {
    folder,
    file,
    ports,
    log,
    balancer,
    sync,
    changes,
    /** What was told of conflicts, step by step. */
    told,
    host: (name: string) => balancer.service('web').group('main').host(name),
    stored: () => readFile(file, 'utf8'),
    /** As an editor does it. */
    edit: async (edited: string) => {
      await writeFile(`${file}.swp`, edited)
      await rename(`${file}.swp`, file)
    },
    /** What is in the folder besides revisions. */
    beside: async () => (await readdir(folder)).filter((name) => name !== 'revisions').toSorted(),
    /** Nothing can be saved until the returned function is called: not even root can write over a folder. */
    block: async () => {
      const blocked = join(folder, '.config.xml.tmp')
      await mkdir(join(blocked, 'in-the-way'), { recursive: true })
      return () => rm(blocked, { recursive: true })
    },
  }
}

export type KeptFile = Awaited<ReturnType<typeof keptFile>>
