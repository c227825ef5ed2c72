// Random bytes by the hundred on every port there is: the process lives, serves, and can be asked.
import { statSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { Choices } from '../helpers/choices.ts'
import { connecting, connectTo, exchange, resetNow } from '../helpers/clients.ts'
import { echoHost } from '../helpers/hosts.ts'
import { seed } from '../helpers/seed.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { until } from '../helpers/until.ts'

const CONNECTIONS = 200
const AT_ONCE = 25
const BYTES_MAX = 20_000

type Openings = readonly [string, ...string[]]

const OPENINGS = {
  service: ['', 'GET / HTTP/1.1\r\n', '\u0016\u0003\u0001'],
  proxy: ['', 'PROXY TCP4 1.2.3.4 ', '\r\n\r\n\0\r\nQUIT\n!\u0011', 'PROXY UNKNOWN\r\n'],
  ssh: ['', 'SSH-2.0-OpenSSH_9.2\r\n', 'SSH-1.5-x\r\n', 'SSH-2.0-x\r\n\0\0\0\u0010\u0005\u0014'],
  control: ['', '{"address":"', '[[[[[[[[', '{"address":{"a":1}}\n', 'null\n', '\n\n\n'],
} as const

test(`hostile bytes on the service, ssh and control ports end nothing (SEED=${seed})`, async () => {
  const random = new Choices(seed)
  const host = await echoHost()
  onTestFinished(() => host.close())
  const services =
    serviceOf('open', [host.address]) +
    serviceOf('proxied', [host.address], { door: 'proxy="require" ' })
  const sluice = await startSluice({ services })

  await assault(sluice.addressOf('open'), OPENINGS.service, random)
  await assault(sluice.addressOf('proxied'), OPENINGS.proxy, random)
  await assault(`127.0.0.1:${sluice.target.port}`, OPENINGS.ssh, random)
  await assault(`unix:${sluice.controlPath}`, OPENINGS.control, random)

  await expectWell(sluice)
  await sluice.stop()
})

test('an exception that nobody caught is logged with its stack, and traffic goes on', async () => {
  const host = await echoHost()
  onTestFinished(() => host.close())
  const sluice = await startSluice({ services: serviceOf('open', [host.address]) })
  const client = await connectTo(sluice.addressOf('open'))
  const received = client.received()
  await sluice.command("js require('fs').stat('/', () => { throw new Error('from nowhere') })")
  const line = await until(async () => sluice.logged('uncaught exception')[0], 'it is logged')
  expect(line).toMatchObject({ level: 'error', reason: 'from nowhere' })
  expect(line.stack).toMatch(/Error: from nowhere\n +at /)
  client.socket.end('still here')
  expect((await received).toString()).toBe('still here')
  expect(await exchange(sluice.addressOf('open'), 'hello')).toBe('hello')
  await sluice.child.stop()
})

async function expectWell(sluice: SluiceProcess): Promise<void> {
  expect(sluice.child.running).toBe(true)
  // Strangers used up the log-ins of the next seconds; ssh says so by closing.
  const version = await until(async () => {
    const { status, out } = await sluice.ssh('show version --json')
    return status === 0 ? out : undefined
  }, 'show version answers')
  expect(JSON.parse(version)).toMatchObject({ version: expect.any(String) })
  expect(await exchange(sluice.addressOf('open'), 'hello')).toBe('hello')
  const question = '{"address":"127.0.0.1:1"}\n'
  expect(await exchange(`unix:${sluice.controlPath}`, question)).toBe('{"error":"unknown"}\n')
  expect(statSync(sluice.controlPath).isSocket()).toBe(true)
  await until(async () => (await sluice.show('sessions')).length === 0, 'no session is left')
  sluice.assertNoSurprises()
}

async function assault(address: string, openings: Openings, random: Choices) {
  for (let sent = 0; sent < CONNECTIONS; sent += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => attack(address, openings, random)))
  }
}

/** One connection of rubbish that ends in one of three ways. Whatever happens to it is fine. */
async function attack(address: string, openings: Openings, random: Choices) {
  const client = connecting(address)
  client.socket.resume()
  client.socket.write(Buffer.from(random.oneOf(openings), 'latin1'))
  client.socket.write(random.bytes(random.below(BYTES_MAX)))
  const { socket } = client
  // A Unix socket knows no reset.
  const reset = address.startsWith('unix:') ? () => socket.destroy() : () => resetNow(socket)
  random.oneOf([
    () => socket.end(),
    () => socket.once('connect', reset),
    () => socket.once('connect', () => socket.destroy()),
  ])()
  const patience = setTimeout(() => client.socket.destroy(), random.below(1_000) + 100)
  await client.closed()
  clearTimeout(patience)
}
