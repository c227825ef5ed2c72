// Who is not let in to a running Sluice: strangers with rubbish, strangers who say nothing, and whoever guesses
// passwords. Operators get in all the while, and the audit log has it at the end.
import { randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { auditOf, expectWholeAudit } from '../helpers/audited.ts'
import { runSluice } from '../helpers/built-sluice.ts'
import { connecting, connectTo, exchange, resetNow, type TestClient } from '../helpers/clients.ts'
import { testFolder } from '../helpers/folder.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { type SluiceProcess, serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { sshWithPassword } from '../helpers/ssh-password.ts'

const PASSWORD = 'correct horse battery staple'
const GUESS = 'wrong horse'
const BANNER = 'SSH-2.0-stranger\r\n'
/** Of each kind: with a banner, and without. */
const SILENT = 500

let host: TestHost
let sluice: SluiceProcess

beforeAll(async () => {
  host = await echoHost()
  const passwd = { folder: testFolder(), input: `${PASSWORD}\n` }
  const hash = (await runSluice(['passwd'], passwd)).out.trim()
  const users = `\n    <user name="pat" access="readonly" password="${hash}" />`
  sluice = await startSluice({ services: serviceOf('web', [host.address]), users })
})

afterAll(async () => {
  await sluice.stop()
  await host.close()
})

test.each([
  ['a banner and a reset', BANNER],
  [
    'a banner and random bytes',
    Buffer.concat([Buffer.from(BANNER), randomFillSync(Buffer.alloc(999))]),
  ],
  ['a packet of two gigabytes', `${BANNER}\u007f\u00ff\u00ff\u00ff`],
  ['a request of another protocol', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a banner of 100 KB', `SSH-2.0-${'x'.repeat(100_000)}\r\n`],
  ['an old version', 'SSH-1.5-x\r\n'],
])('%s ends that connection and nothing else', async (_, bytes) => {
  const client = await connectTo(addressOfSsh())
  client.socket.resume()
  client.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  // Its answer shows that the bytes were read.
  await Promise.race([once(client.socket, 'data'), client.closed()])
  resetNow(client.socket)
  await client.closed()
  expect(await sluice.command('show version')).toMatch(/^sluice /)
  expect(await exchange(sluice.addressOf('web'), 'hello')).toBe('hello')
})

test('a thousand connections that say nothing keep nobody else out, and all are closed in time', async () => {
  const silent = Array.from({ length: 2 * SILENT }, (_, n) => stranger(n < SILENT ? BANNER : ''))
  // Those that were not closed at once have a place, which is all that this address gets.
  const held = silent[0]
  if (held === undefined) throw new TypeError('nobody is there')
  await once(held.socket, 'data')
  expect(await ssh(from('127.0.0.2'), ['show version'])).toMatchObject({ status: 0, err: '' })
  expect(held.socket.closed).toBe(false)
  await Promise.all(silent.map((client) => client.closed()))
  expect(await sluice.command('show version')).toMatch(/^sluice /)
}, 60_000)

test('who guesses is disconnected after so many tries', async () => {
  const guess = await sshWithPassword({ ...sluice.target, user: 'pat' }, GUESS, { tries: 10 })
  expect(guess).toMatchObject({ status: 255, out: '' })
  // The client may ask once more before it reads that the connection is over.
  expect(guess.asked).toBeLessThanOrEqual(LIMITS.sshTriesMax + 1)
  const refused = auditOf(sluice).filter(({ event }) => event === 'login refused')
  expect(refused).toHaveLength(LIMITS.sshTriesMax)
  // From this machine nobody is shut out, whatever happened.
  const right = await sshWithPassword({ ...sluice.target, user: 'pat' }, PASSWORD)
  expect(right).toMatchObject({ status: 0 })
})

test('elsewhere the address of who guesses is shut out, with a right key as well, until it is exempt', async () => {
  await sluice.command('set setting ssh penaltyExempt 10.0.0.0/8')
  const guesser = from('127.0.0.3')
  const guess = await sshWithPassword({ ...guesser, user: 'pat' }, GUESS, { tries: 5 })
  expect(guess).toMatchObject({ status: 255 })
  expect(await ssh(guesser, ['show version'])).toMatchObject({ status: 255, out: '' })
  expect(sluice.logged('ssh address shut out')).toMatchObject([{ address: '127.0.0.3' }])
  // Others are not meant.
  expect(await ssh(from('127.0.0.4'), ['show version'])).toMatchObject({ status: 0 })
  await sluice.command('set setting ssh penaltyExempt 127.0.0.0/8')
  expect(await ssh(guesser, ['show version'])).toMatchObject({ status: 0 })
})

test('the audit log has who guessed and from where, and no guess', async () => {
  const refused = { event: 'login refused', operator: 'pat' }
  const exempt = { event: 'change', origin: 'ssh:op', field: 'penaltyExempt' }
  await expectWholeAudit(
    sluice,
    [
      { ...refused, address: '127.0.0.1' },
      { ...refused, address: '127.0.0.3' },
      { event: 'login', operator: 'pat', address: '127.0.0.1' },
      { event: 'login', operator: 'op', address: '127.0.0.2' },
      exempt,
    ],
    [PASSWORD, GUESS],
  )
})

function addressOfSsh(): string {
  return `127.0.0.1:${sluice.target.port}`
}

/** The operator at another address of this machine. */
function from(address: string): SshTarget {
  return { ...sluice.target, options: [`BindAddress=${address}`] }
}

/** A connection that says this and then nothing, until it is closed for it. */
function stranger(words: string): TestClient {
  const client = connecting(addressOfSsh())
  onTestFinished(() => void client.socket.destroy())
  client.socket.resume()
  client.socket.write(words)
  // It was opened to be closed by the other side, and then has no more to say.
  client.socket.once('end', () => client.socket.end())
  return client
}
