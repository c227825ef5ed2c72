// A balancer to ssh into, with two operators of one key: `op` of role full and `view` of role readonly.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SshServerOptions } from '../../src/ssh/server.ts'
import { type SshBalancer, startSshBalancer } from './ssh-balancer.ts'
import { type ClientKey, makeClientKey, type SshTarget } from './ssh-client.ts'

export interface SshOperators extends SshBalancer {
  /** Of both. */
  readonly key: ClientKey
  readonly full: SshTarget
  readonly view: SshTarget
}

export async function startSshOperators(
  options: Partial<SshServerOptions> = {},
): Promise<SshOperators> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-operators-'))
  const key = makeClientKey(folder, 'key')
  const keys = [key.line]
  const users = [
    { name: 'op', access: 'full', keys },
    { name: 'view', access: 'readonly', keys },
  ] as const
  const sluice = await startSshBalancer(users, { ...options, folder })
  const full = { folder, port: sluice.port, user: 'op', key: key.file }
  const view = { ...full, user: 'view' }
  const stop = async () => {
    await sluice.stop()
    rmSync(folder, { recursive: true })
  }
  return { ...sluice, key, full, view, stop }
}
