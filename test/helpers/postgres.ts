// A real PostgreSQL with a fresh data folder, as the user postgres where the test runs as root (it refuses to be
// root), and its own client.
import { execFileSync } from 'node:child_process'
import { chownSync } from 'node:fs'
import { join } from 'node:path'
import { testFolder } from './folder.ts'
import { freePort } from './free-port.ts'
import { pathOf } from './programs.ts'
import { type ChildEnd, runChild, TestChild } from './test-child.ts'

export interface Postgres {
  readonly port: number
  stop(): Promise<void>
}

export async function startPostgres(): Promise<Postgres> {
  const [port, folder, owner] = [await freePort(), testFolder(), ownerOfPostgres()]
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'op', '--auth=trust', '--no-sync', '--locale=C', '-E', 'UTF8']
  const made = await runChild(pathOf('initdb'), initdb, { folder, owner })
  if (made.status !== 0) throw new Error(`initdb: ${made.err}`)
  const settings = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'fsync=off',
    '-c',
    'shared_buffers=8MB',
  ]
  const args = ['-D', data, '-p', String(port), '-k', folder, ...settings]
  const child = new TestChild(pathOf('postgres'), args, { folder, owner })
  await child.says(/ready to accept connections/)
  return {
    port,
    stop: async () => {
      // The fast shutdown: clients are sent away.
      await child.stop('SIGINT')
    },
  }
}

/** Run psql against a port, bare: rows and nothing else. */
export function psql(port: number, sql: string, input = ''): Promise<ChildEnd> {
  const place = ['-h', '127.0.0.1', '-p', String(port), '-U', 'op', '-d', 'postgres']
  const args = [...place, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', sql]
  return runChild(pathOf('psql'), args, { folder: testFolder(), input })
}

function ownerOfPostgres(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}
