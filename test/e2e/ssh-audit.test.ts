// What a stranger is offered, judged by ssh-audit: nothing to warn of with the defaults, and with old algorithms
// for old clients nothing that is broken.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pathOf } from '../helpers/programs.ts'
import { type SluiceProcess, startAgain, startSluice } from '../helpers/sluice-process.ts'
import { makeClientKey, ssh } from '../helpers/ssh-client.ts'
import { TestChild } from '../helpers/test-child.ts'

test('with the defaults there is nothing to warn of, also after SIGHUP with an RSA key beside the first', async () => {
  const sluice = await startSluice({ services: '' })
  expect(await complaintsOf(sluice)).toEqual([])
  makeClientKey(join(sluice.folder, 'keys'), 'host_rsa', '-t', 'rsa', '-b', '3072')
  set(sluice, 'hostKey="keys/host_ed25519,keys/host_rsa"')
  process.kill(sluice.child.pid, 'SIGHUP')
  const rsa = { ...sluice.target, options: ['HostKeyAlgorithms=rsa-sha2-512'] }
  const known = join(sluice.folder, 'known_hosts')
  const withRsa = async () => {
    rmSync(known, { force: true })
    return (await ssh(rsa, ['show version'])).status
  }
  await expect.poll(withRsa).toBe(0)
  const out = await audit(sluice)
  expect(out).toMatch(/rsa-sha2-512 \(3072-bit\)/)
  expect(out).not.toMatch(/\(key\) ssh-rsa/)
  expect(await complaintsOf(sluice)).toEqual([])
  await sluice.stop()
})

test('old algorithms are told of at the start, and none of them is broken', async () => {
  const plain = await startSluice({ services: '' })
  await plain.stop()
  set(plain, 'algorithms="old"')
  const old = await startAgain(plain.folder)
  expect(old.logged('ssh offers old algorithms')).toHaveLength(1)
  const out = await audit(old)
  expect(out).toMatch(/diffie-hellman-group14-sha256/)
  expect(out).not.toMatch(/cbc|sha1\b|group1-|ssh-dss|arcfour|3des|md5|1024/i)
  await old.stop()
})

/** Lines that warn. Debian's ssh-audit is older than strict key exchange, whose sign it does not know. */
async function complaintsOf(sluice: SluiceProcess): Promise<readonly string[]> {
  const out = await audit(sluice)
  expect(out).toMatch(/kex-strict-s-v00@openssh\.com/)
  const lines = out.split('\n').filter((line) => /\[(warn|fail)\]/.test(line))
  return lines.filter((line) => !line.includes('kex-strict-s-v00@openssh.com'))
}

async function audit({ folder, target }: SluiceProcess): Promise<string> {
  const args = ['-n', `127.0.0.1:${target.port}`]
  const { out } = await new TestChild(pathOf('ssh-audit'), args, { folder }).ended
  return out
}

function set({ file }: SluiceProcess, attribute: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replace('<ssh ', `<ssh ${attribute} `))
}
