// The certificate of the page: made where none is given, replaced in time, reloaded live, and refused with the cure where
// files do not fit.
import { X509Certificate } from 'node:crypto'
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { once } from 'node:events'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import { Certificate } from '../../../src/web/access/certificate.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'
import { logInTo } from '../../helpers/web-client.ts'
import {
  PASSWORDS,
  type RunningWeb,
  type StartWebOptions,
  startWeb,
} from '../../helpers/web-server.ts'

const DAY_MS = 24 * 3_600_000
const NONE = { certificate: '', key: '' }

/** A folder with the files of a certificate for `name`. */
async function given(name = 'lb.example', folder?: string) {
  const to = folder ?? (await temporaryFolder())
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
  })
  const files = { certificate: join(to, 'page.crt'), key: join(to, 'page.key') }
  writeFileSync(files.certificate, made.cert)
  writeFileSync(files.key, made.private, { mode: 0o600 })
  return files
}

const parsed = (file: string) => new X509Certificate(readFileSync(file))

test('one is made where none is given: for this machine, by a key that nobody else can read', async () => {
  const keysFolder = join(await temporaryFolder(), 'keys')
  const log = new RecordingLog()
  const certificate = await Certificate.load(NONE, { keysFolder, log })
  const [file, key] = [join(keysFolder, 'web.crt'), join(keysFolder, 'web.key')]
  const made = parsed(file)
  expect(made.checkHost('localhost')).toBe('localhost')
  expect([made.checkIP('127.0.0.1'), made.checkIP('::1')]).not.toContain(undefined)
  expect(made.ca).toBe(false)
  expect(Date.parse(made.validTo) - Date.now()).toBeGreaterThan(725 * DAY_MS)
  expect(statSync(key).mode & 0o777).toBe(0o600)
  expect(certificate.fingerprint).toBe(made.fingerprint256)
  expect(log.of('web certificate')).toMatchObject([{ facts: { fingerprint: made.fingerprint256 } }])
  const again = await Certificate.load(NONE, { keysFolder, log })
  expect(again.fingerprint).toBe(certificate.fingerprint)
  expect(await again.reload(NONE)).toBeUndefined()
})

test('a self-made one is replaced a month before its end, and where its making was cut short', async () => {
  const keysFolder = join(await temporaryFolder(), 'keys')
  let ahead = 0
  const options = { keysFolder, log: new RecordingLog(), now: () => Date.now() + ahead }
  const certificate = await Certificate.load(NONE, options)
  const first = certificate.fingerprint
  ahead = 699 * DAY_MS
  expect(await certificate.reload(NONE)).toBeUndefined()
  ahead = 701 * DAY_MS
  expect(await certificate.reload(NONE)).toBeDefined()
  const second = certificate.fingerprint
  expect(second).not.toBe(first)
  const other = await given()
  writeFileSync(join(keysFolder, 'web.key'), readFileSync(other.key))
  expect((await Certificate.load(NONE, options)).fingerprint).not.toBe(second)
  rmSync(join(keysFolder, 'web.key'))
  await Certificate.load(NONE, options)
  expect(statSync(join(keysFolder, 'web.key')).mode & 0o777).toBe(0o600)
})

test('what somebody else put under that name is left alone', async () => {
  const keysFolder = await temporaryFolder()
  const files = await given('lb.example')
  writeFileSync(join(keysFolder, 'web.crt'), readFileSync(files.certificate))
  writeFileSync(join(keysFolder, 'web.key'), readFileSync(files.key), { mode: 0o600 })
  const now = () => Date.now() + 10_000 * DAY_MS
  const log = new RecordingLog()
  const certificate = await Certificate.load(NONE, { keysFolder, log, now })
  expect(certificate.fingerprint).toBe(parsed(files.certificate).fingerprint256)
  expect(log.of('web certificate has ended')).toHaveLength(1)
})

test('files that cannot be served are refused with their names and what to do', async () => {
  const [files, other, folder] = [await given(), await given(), await temporaryFolder()]
  const load = (web: typeof NONE) =>
    Certificate.load(web, { keysFolder: folder, log: new RecordingLog() })
  const broken = join(folder, 'broken')
  writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nno\n', { mode: 0o600 })
  const { certificate, key } = files
  const missing = join(folder, 'missing')
  await expect(load({ certificate, key: other.key })).rejects.toThrow(
    `the key ${other.key} is not that of the certificate ${certificate}`,
  )
  await expect(load({ certificate: broken, key })).rejects.toThrow(`${broken} is no certificate`)
  await expect(load({ certificate, key: broken })).rejects.toThrow(`${broken} is no private key`)
  await expect(load({ certificate: missing, key })).rejects.toThrow(`certificate ${missing}`)
  await expect(load({ certificate, key: missing })).rejects.toThrow(`there is no key ${missing}`)
  await expect(load({ certificate, key: '' })).rejects.toThrow('needs key="…" as well')
  await expect(load({ certificate: '', key })).rejects.toThrow('needs certificate="…" as well')
  chmodSync(key, 0o644)
  await expect(load(files)).rejects.toThrow(`run: chmod 600 ${key}`)
  chmodSync(folder, 0o777)
  await expect(load(NONE)).rejects.toThrow(`run: chmod o-w ${folder}`)
})

async function startSecure(options: StartWebOptions['settings'] = {}): Promise<RunningWeb> {
  const web = await startWeb({ settings: { secure: true, ...options } })
  onTestFinished(() => web.stop())
  return web
}

async function connectTo(web: RunningWeb, options: object = {}): Promise<TLSSocket> {
  const socket = connect({
    port: web.port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...options,
  })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

const shownBy = async (web: RunningWeb) => (await connectTo(web)).getPeerX509Certificate()

test('over TLS the cookie goes over TLS alone, to this host alone', async () => {
  const web = await startSecure()
  const body = { user: 'alice', password: PASSWORDS.alice }
  const reply = await web.stranger.post('/api/v1/login', body, { origin: web.url })
  expect(reply).toMatchObject({ status: 200, body: { secure: true, insecure: false } })
  expect(reply.headers['set-cookie']?.[0]).toMatch(
    /^__Host-sluice-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
  )
  expect(reply.headers['strict-transport-security']).toMatch(/^max-age=/)
  const plain = web.url.replace('https', 'http')
  expect((await web.stranger.post('/api/v1/login', body, { origin: plain })).status).toBe(403)
  const { client } = await web.login('alice')
  const unprefixed = (client.headers['cookie'] ?? '').replace('__Host-', '')
  expect((await client.get('/api/v1/me', { cookie: unprefixed })).status).toBe(401)
  expect(web.server.fingerprint).toBe((await shownBy(web))?.fingerprint256)
})

test('nothing older than TLS 1.2 is spoken', async () => {
  const web = await startSecure()
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }
  await expect(connectTo(web, old)).rejects.toThrow(/protocol version|alert|ssl/i)
  const socket = await connectTo(web, { maxVersion: 'TLSv1.2' })
  expect(socket.getProtocol()).toBe('TLSv1.2')
})

test('another certificate is shown from the reload on, to whoever comes; a bad one changes nothing', async () => {
  const folder = await temporaryFolder()
  const files = await given('one.example', folder)
  const web = await startSecure(files)
  expect((await shownBy(web))?.subject).toContain('one.example')
  const { client } = await web.login('alice')
  await given('two.example', folder)
  expect((await shownBy(web))?.subject).toContain('one.example')
  await web.server.reload()
  expect((await shownBy(web))?.subject).toContain('two.example')
  expect((await client.get('/api/v1/me')).status).toBe(200)
  const other = await given('three.example')
  writeFileSync(files.certificate, readFileSync(other.certificate))
  await web.server.reload()
  expect((await shownBy(web))?.subject).toContain('two.example')
  expect(web.log.of('web certificate not reloaded')).toMatchObject([
    { reason: expect.stringContaining(`the key ${files.key} is not that of the certificate`) },
  ])
})

test('an address that others reach is not opened without TLS, unless that is meant, and then it is told', async () => {
  await expect(startWeb({ settings: { listen: '0.0.0.0:0' } })).rejects.toThrow('secure="true"')
  const web = await startWeb({ settings: { listen: '0.0.0.0:0', insecure: true } })
  onTestFinished(() => web.stop())
  expect(web.log.of('web is not encrypted')).toHaveLength(1)
  expect(web.url).not.toContain('0.0.0.0')
  const { me } = await logInTo(`http://127.0.0.1:${web.port}`, {
    user: 'alice',
    password: PASSWORDS.alice,
  })
  expect(me).toMatchObject({ secure: false, insecure: true })
})
