// The keys by which this machine is recognised: made once, shown as ssh-keygen shows them, refused where others
// could have had them, and several at a time so that one can take the place of another.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { formatHostKey, loadHostKeys, readHostKeys } from '../../../src/ssh/access/host-keys.ts'
import { startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, type SshResult } from '../../helpers/ssh-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-host-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))
const rsa = makeClientKey(folder, 'host_rsa', '-t', 'rsa', '-b', '3072').file
const ecdsa = makeClientKey(folder, 'host_ecdsa', '-t', 'ecdsa').file

test('a missing key is made once, for its owner only, and shown as ssh-keygen shows it', async () => {
  const file = join(folder, 'new', 'host_ed25519')
  const [made] = await loadHostKeys(file)
  if (made === undefined) throw new TypeError('there is no key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700)
  expect(keygen('-lf', file).trim()).toBe(formatHostKey(made))
  const [again] = await loadHostKeys(file)
  expect(again?.fingerprint).toBe(made.fingerprint)
})

test('several keys, one of each kind, are taken in their order', async () => {
  const first = join(folder, 'several')
  const keys = await loadHostKeys(`${first}, ${rsa} ,${ecdsa}`)
  expect(keys.map(({ algorithm, bits }) => [algorithm, bits])).toEqual([
    ['ED25519', 256],
    ['RSA', 3072],
    ['ECDSA', 256],
  ])
  for (const key of keys) expect(keygen('-lf', key.file).trim()).toBe(formatHostKey(key))
  const twice = readHostKeys(`${rsa},${rsa}`)
  const message = expect.stringMatching(/of one kind/)
  await expect(twice).rejects.toMatchObject({ code: 'VALUE_BAD', message })
  await expect(readHostKeys(' , ')).rejects.toMatchObject({ code: 'VALUE_BAD' })
})

test('only the first is made, and showing makes none', async () => {
  const [first, second] = [join(folder, 'made'), join(folder, 'not-made')]
  const message = expect.stringContaining(`ssh-keygen -q -t rsa -b 3072 -N '' -f ${second}`)
  await expect(loadHostKeys(`${first},${second}`)).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message,
  })
  expect([existsSync(first), existsSync(second)]).toEqual([true, false])
  await expect(readHostKeys(second)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  expect(existsSync(second)).toBe(false)
})

test('a key that others may read, or that lies where everybody writes, is refused with the cure', async () => {
  const file = join(folder, 'open', 'host')
  await loadHostKeys(file)
  chmodSync(file, 0o644)
  await expect(loadHostKeys(file)).rejects.toMatchObject({
    code: 'KEY_UNSAFE',
    message: expect.stringContaining(`mode 0644); run: chmod 600 ${file}`),
  })
  chmodSync(file, 0o600)
  chmodSync(join(folder, 'open'), 0o777)
  const refusal = {
    code: 'KEY_UNSAFE',
    message: expect.stringContaining(`run: chmod o-w ${join(folder, 'open')}`),
  }
  await expect(loadHostKeys(file)).rejects.toMatchObject(refusal)
  await expect(loadHostKeys(join(folder, 'open', 'other'))).rejects.toMatchObject(refusal)
  expect(existsSync(join(folder, 'open', 'other'))).toBe(false)
})

test('what is no key of use is refused and stays as it is', async () => {
  const file = join(folder, 'bad')
  writeFileSync(file, '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ==\n-----END PRIVATE KEY-----\n', {
    mode: 0o600,
  })
  await expect(loadHostKeys(file)).rejects.toMatchObject({ code: 'KEY_UNSAFE' })
  expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY/)
  const short = makeClientKey(folder, 'short', '-t', 'rsa', '-b', '1024').file
  await expect(loadHostKeys(short)).rejects.toMatchObject({
    code: 'KEY_UNSAFE',
    message: expect.stringContaining('this one has 1024'),
  })
  mkdirSync(join(folder, 'folder'), { mode: 0o700 })
  await expect(loadHostKeys(join(folder, 'folder'))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
  })
})

test('a client finds the kind of key that it asks for, an RSA key never with SHA-1', async () => {
  const key = makeClientKey(folder, 'op')
  const sluice = await startSshBalancer([{ name: 'op', access: 'full', keys: [key.line] }])
  const as = (algorithm: string): Promise<SshResult> => {
    rmSync(join(folder, 'known_hosts'), { force: true })
    const options = [`HostKeyAlgorithms=${algorithm}`]
    return ssh({ folder, port: sluice.port, user: 'op', key: key.file, options }, ['show groups'])
  }
  try {
    const [own] = sluice.server.hostKeys
    expect(await as('ssh-ed25519')).toMatchObject({ status: 0, err: '' })
    expect(await as('rsa-sha2-512')).toMatchObject({ status: 255 })
    // What SIGHUP does after another file was named.
    sluice.balancer.configure('ssh', { hostKey: `${own?.file},${rsa},${ecdsa}` })
    await sluice.server.reload()
    expect(sluice.server.hostKeys.map(({ algorithm }) => algorithm)).toEqual([
      'ED25519',
      'RSA',
      'ECDSA',
    ])
    for (const algorithm of [
      'ssh-ed25519',
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ecdsa-sha2-nistp256',
    ]) {
      expect({ algorithm, ...(await as(algorithm)) }).toMatchObject({
        algorithm,
        status: 0,
        err: '',
      })
    }
    expect(await as('ssh-rsa')).toMatchObject({ status: 255 })
    sluice.balancer.configure('ssh', { hostKey: join(folder, 'gone', 'x,y') })
    await sluice.server.reload()
    expect(sluice.server.hostKeys).toHaveLength(3)
    expect(sluice.log.of('ssh host keys not reloaded')).toHaveLength(1)
    expect(await as('ssh-ed25519')).toMatchObject({ status: 0 })
  } finally {
    await sluice.stop()
  }
})

function keygen(...args: string[]): string {
  return execFileSync('ssh-keygen', args, { encoding: 'utf8' })
}
