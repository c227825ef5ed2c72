// What many strangers and many operators do to the traffic and to the memory of one process. Figures are the
// bench's business (`npm run bench:ssh`); here nothing may break.
import ssh2 from 'ssh2'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { echoHost } from '../helpers/hosts.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { exchange } from '../helpers/clients.ts'

/** Long in a soak, short in the suite. */
const SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 5)
const CLIENTS = 64
const LOGINS = 400

test('strangers who flood the ssh port with handshakes cost no client its connection', async () => {
  const sluice = await serving()
  const until = performance.now() + SECONDS * 1_000
  let answered = 0
  const client = async () => {
    while (performance.now() < until) {
      const text = `client ${answered}`
      expect(await exchange(sluice.addressOf('web'), text)).toBe(text)
      answered += 1
    }
  }
  const stranger = async () => {
    while (performance.now() < until) await knock(sluice.target.port)
  }
  await Promise.all([
    ...Array.from({ length: CLIENTS }, client),
    ...Array.from({ length: 8 }, stranger),
  ])
  expect(answered).toBeGreaterThan(CLIENTS)
  expect(await sluice.command('show version')).toMatch(/^sluice /)
  await sluice.stop()
})

test('four hundred logins that each keep a megabyte fit into a small heap', {
  timeout: 90_000,
}, async () => {
  const sluice = await serving({ NODE_OPTIONS: '--max-old-space-size=96' })
  const privateKey = readFileSync(sluice.target.key ?? '')
  for (let number = 0; number < LOGINS; number += 1) {
    const client = new ssh2.Client()
    const { port, user } = sluice.target
    // ssh2's client leaves Nagle on, and four hundred times 40 ms are too long for a test.
    const sock = connect({ host: '127.0.0.1', port, noDelay: true })
    client.connect({ sock, username: user, privateKey })
    await once(client, 'ready')
    const length = await answerOf(client, 'js mine = new Array(131072).fill(0.5); mine.length')
    expect(length).toBe('131072\n')
    const closed = once(client, 'close')
    client.end()
    await closed
  }
  expect(await sluice.command('show version')).toMatch(/^sluice /)
  await sluice.stop()
})

async function serving(env: Readonly<Record<string, string>> = {}): Promise<SluiceProcess> {
  const host = await echoHost()
  onTestFinished(() => host.close())
  return startSluice({ services: serviceOf('web', [host.address]), env })
}

/** A whole key exchange and a refused key; whatever the door does about it is right. */
async function knock(port: number): Promise<void> {
  const client = new ssh2.Client()
  const closed = new Promise((resolve) => {
    client.on('error', () => client.end())
    client.on('close', () => resolve(undefined))
  })
  client.connect({ host: '127.0.0.1', port, username: 'stranger', privateKey: strangersKey })
  await closed
}

const strangersKey = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private

function answerOf(client: ssh2.Client, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, stream) => {
      if (error !== undefined) return reject(error)
      let answer = ''
      stream.on('data', (bytes: Buffer) => (answer += bytes.toString()))
      return stream.once('close', () => resolve(answer))
    })
  })
}
