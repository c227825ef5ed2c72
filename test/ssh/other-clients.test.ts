// Clients that are not OpenSSH: PuTTY's plink and Dropbear's dbclient. One command that works and one that
// does not, and the exit status of each.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../src/base/password-hash.ts'
import { pathOf } from '../helpers/programs.ts'
import { type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey } from '../helpers/ssh-client.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sluice-others-'))
const key = makeClientKey(folder, 'key')
const dropbearKey = join(folder, 'dropbear-key')
const PASSWORD = 'correct horse'
let sluice: SshBalancer

beforeAll(async () => {
  await run('dropbearconvert', ['openssh', 'dropbear', key.file, dropbearKey])
  const password = await hashPassword(PASSWORD)
  sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line], password }])
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test.each([
  ['show groups', 0, /web\/main/],
  ['nope', 2, /^$/],
] as const)('plink runs %s and ends with %d', async (line, status, out) => {
  const server = sluice.server.fingerprint
  const args = ['-ssh', '-batch', '-hostkey', server, '-P', String(sluice.port)]
  const login = ['-l', 'op', '-pw', PASSWORD, '127.0.0.1', line]
  const end = await endOf('plink', [...args, ...login])
  expect(end).toMatchObject({ status, out: expect.stringMatching(out) })
})

test.each([
  ['show groups', 0, /web\/main/],
  ['nope', 2, /^$/],
] as const)('dbclient runs %s and ends with %d', async (line, status, out) => {
  const args = ['-y', '-y', '-T', '-i', dropbearKey, '-p', String(sluice.port)]
  const end = await endOf('dbclient', [...args, 'op@127.0.0.1', line])
  expect(end).toMatchObject({ status, out: expect.stringMatching(out) })
})

async function endOf(
  name: 'plink' | 'dbclient',
  args: readonly string[],
): Promise<{ status: number; out: string; err: string }> {
  const env = { ...process.env, HOME: folder }
  return run(pathOf(name), [...args], { env, timeout: 20_000 }).then(
    ({ stdout, stderr }) => ({ status: 0, out: stdout, err: stderr }),
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => ({
      status: error.code,
      out: error.stdout,
      err: error.stderr,
    }),
  )
}
