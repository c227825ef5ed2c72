// Certificates as ssh-keygen signs them and the OpenSSH client shows them; and what is no certificate.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  faultOfCertificate,
  isCertificate,
  parseCertificate,
} from '../../../src/ssh/access/certificates.ts'
import { parseKeyLine } from '../../../src/ssh/access/key-line.ts'
import { parsePublicKey } from '../../../src/ssh/access/public-keys.ts'
import { wireString } from '../../../src/ssh/access/wire.ts'
import { randomFrom, seed } from '../../helpers/seed.ts'
import { type SshBalancer, startSshBalancer } from '../../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, type SshResult } from '../../helpers/ssh-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-certificates-'))
const authority = makeClientKey(folder, 'authority')
const rsaAuthority = makeClientKey(folder, 'rsa-authority', '-t', 'rsa', '-b', '2048')
const stranger = makeClientKey(folder, 'stranger')
const key = makeClientKey(folder, 'key')
let sluice: SshBalancer

beforeAll(async () => {
  const lines = [`cert-authority ${authority.line}`, `cert-authority ${rsaAuthority.line}`]
  const forced = `cert-authority,command="show hosts" ${authority.line}`
  sluice = await startSshBalancer([
    { name: 'alice', access: 'full', keys: lines },
    {
      name: 'team',
      access: 'full',
      keys: [`cert-authority,principals="ops,dev" ${authority.line}`],
    },
    { name: 'far', access: 'full', keys: [`cert-authority,from="10.0.0.0/8" ${authority.line}`] },
    { name: 'forced', access: 'full', keys: [forced] },
    { name: 'plain', access: 'full', keys: [authority.line, key.line] },
  ])
})

afterAll(async () => {
  await sluice.stop()
  rmSync(folder, { recursive: true })
})

test.each([
  ['ed25519', ['-t', 'ed25519']],
  ['ecdsa256', ['-t', 'ecdsa', '-b', '256']],
  ['ecdsa384', ['-t', 'ecdsa', '-b', '384']],
  ['ecdsa521', ['-t', 'ecdsa', '-b', '521']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
])(
  'a certificate for a key of the kind %s logs in, whichever authority signed it',
  async (name, how) => {
    const file = makeClientKey(folder, `kind-${name}`, ...how).file
    for (const by of [authority.file, rsaAuthority.file]) {
      sign(file, ['-n', 'alice'], by)
      expect(await as('alice', file)).toMatchObject({ status: 0, err: '' })
    }
    expect(sluice.log.of('ssh login').at(-1)).toMatchObject({
      how: expect.stringMatching(/^certificate "the id" \(serial 7\) of SHA256:/),
    })
  },
)

test.each([
  ['is for another name', ['-n', 'bob'], /it is for "bob"$/],
  ['is for nobody', [], /it is for nobody$/],
  ['has expired', ['-n', 'alice', '-V', '20200101:20200102'], /it has expired$/],
  ['is not valid yet', ['-n', 'alice', '-V', '20990101:20990102'], /not valid yet$/],
  ['is for another address', ['-n', 'alice', '-O', 'source-address=10.0.0.0/8'], /this address$/],
  [
    'has an unknown condition',
    ['-n', 'alice', '-O', 'critical:nice@example.com=1'],
    /"nice@example.com" is not known/,
  ],
])('a certificate that %s is refused', async (_name, how, reason) => {
  const file = freshKey()
  sign(file, how)
  expect(await as('alice', file)).toMatchObject({ status: 255 })
  expect(sluice.log.of('ssh login refused').at(-1)?.reason).toMatch(reason)
})

test('a certificate for hosts is refused, which no client would show', () => {
  const { file } = makeClientKey(folder, 'host')
  sign(file, ['-h', '-n', 'alice'])
  const certificate = parseCertificate(certificateOf(file))
  const by = parseKeyLine(authority.line)
  if (typeof certificate === 'string' || typeof by === 'string') throw new TypeError('not parsed')
  const circumstances = { authority: by.key, names: ['alice'], now: Date.now() }
  expect(faultOfCertificate(certificate, circumstances)).toBe('it is for hosts, not for operators')
})

test('a certificate of an unknown authority is refused, and so is one signed with SHA-1', async () => {
  const file = freshKey()
  sign(file, ['-n', 'alice'], stranger.file)
  expect(await as('alice', file)).toMatchObject({ status: 255 })
  expect(sluice.log.of('ssh login refused').at(-1)?.reason).toMatch(/authority is not listed$/)
  sign(file, ['-n', 'alice', '-t', 'ssh-rsa'], rsaAuthority.file)
  expect(await as('alice', file)).toMatchObject({ status: 255 })
  expect(sluice.log.of('ssh login refused').at(-1)?.reason).toMatch(/did not sign it$/)
})

test('an authority that is listed as a plain key vouches for nobody but itself', async () => {
  const { file } = makeClientKey(folder, 'another')
  sign(file, ['-n', 'plain'])
  expect(await as('plain', file)).toMatchObject({ status: 255 })
  expect(await as('plain', authority.file)).toMatchObject({ status: 0 })
  expect(await as('alice', authority.file)).toMatchObject({ status: 255 })
})

test('principals= names who else is meant', async () => {
  const file = freshKey()
  sign(file, ['-n', 'dev'])
  expect(await as('team', file)).toMatchObject({ status: 0 })
  sign(file, ['-n', 'team'])
  expect(await as('team', file)).toMatchObject({ status: 255 })
})

test('options of the authority count, too', async () => {
  const file = freshKey()
  sign(file, ['-n', 'far'])
  expect(await as('far', file)).toMatchObject({ status: 255 })
})

test('a forced command of the certificate is run, and two that differ are refused', async () => {
  const file = freshKey()
  sign(file, ['-n', 'alice,forced', '-O', 'force-command=show groups --json'])
  expect(JSON.parse((await as('alice', file, ['stop'])).out)).toMatchObject([{ name: 'main' }])
  expect(await as('forced', file)).toMatchObject({ status: 255 })
  sign(file, ['-n', 'forced', '-O', 'force-command=show hosts'])
  expect((await as('forced', file, ['stop'])).out).toMatch(/web\/main\/a/)
})

test('a terminal and source addresses are what the certificate allows', async () => {
  const file = freshKey()
  const info = ['LogLevel=INFO']
  sign(file, ['-n', 'alice', '-O', 'clear', '-O', 'source-address=127.0.0.0/8,::1/128'])
  expect((await as('alice', file, ['-tt', 'show groups'], info)).err).toMatch(/PTY allocation/)
  sign(file, ['-n', 'alice', '-O', 'clear', '-O', 'permit-pty'])
  expect((await as('alice', file, ['-tt', 'show groups'], info)).err).not.toMatch(/PTY/)
})

test('a certificate is no key to list', () => {
  sign(key.file, ['-n', 'plain'])
  expect(parseKeyLine(readFileSync(`${key.file}-cert.pub`, 'utf8'))).toMatch(/list its authority/)
})

test('a certificate that was cut or prolonged at any place is no certificate', () => {
  const whole = certificateOf(key.file)
  const plain = parseKeyLine(key.line)
  if (typeof plain === 'string') throw new TypeError(plain)
  const { fingerprint } = plain
  expect(parseCertificate(whole)).toMatchObject({ fingerprint, serial: 7n, principals: ['plain'] })
  for (let length = 0; length < whole.length; length++) {
    expect(typeof parseCertificate(whole.subarray(0, length))).toBe('string')
  }
  expect(parseCertificate(Buffer.concat([whole, Buffer.alloc(1)]))).toMatch(/more than it should/)
})

test('lengths that lie cost nothing', () => {
  const type = wireString('ssh-ed25519-cert-v01@openssh.com')
  const huge = Buffer.from('ffffffff', 'hex')
  expect(parseCertificate(Buffer.concat([type, huge]))).toMatch(/ends too early/)
  expect(isCertificate(huge)).toBe(false)
  expect(isCertificate(Buffer.alloc(0))).toBe(false)
})

test(`certificates with random damage end in a verdict (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const file = freshKey()
  sign(file, ['-n', 'alice'])
  const whole = certificateOf(file)
  for (let round = 0; round < 5_000; round++) {
    const bytes = Buffer.from(whole)
    for (let times = 0; times < 3; times++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    }
    expect(['string', 'object']).toContain(typeof parseCertificate(bytes))
    expect(['string', 'object']).toContain(typeof parsePublicKey(bytes.subarray(round % 64)))
  }
})

let keys = 0

/** A copy, because a client shows the certificate that lies beside the key. */
function freshKey(): string {
  const file = join(folder, `fresh${keys++}`)
  copyFileSync(key.file, file)
  copyFileSync(`${key.file}.pub`, `${file}.pub`)
  return file
}

function sign(file: string, how: readonly string[], by = authority.file): void {
  const words = ['-q', '-s', by, '-I', 'the id', '-z', '7', ...how, `${file}.pub`]
  execFileSync('ssh-keygen', words)
}

function certificateOf(file: string): Buffer {
  const line = readFileSync(`${file}-cert.pub`, 'utf8')
  return Buffer.from(line.split(' ')[1] ?? '', 'base64')
}

function as(
  user: string,
  file: string,
  words: readonly string[] = ['show groups'],
  options: readonly string[] = [],
): Promise<SshResult> {
  return ssh({ folder, port: sluice.port, user, key: file, options }, words)
}
