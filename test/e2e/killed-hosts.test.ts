// Hosts that go away under load: one of three, then all of them, and how they come back.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { connectTo, exchange, type TestClient } from '../helpers/clients.ts'
import { testFolder } from '../helpers/folder.ts'
import { freePorts } from '../helpers/free-port.ts'
import { startNginx } from '../helpers/nginx.ts'
import {
  type Logged,
  serviceOf,
  type SluiceProcess,
  startSluice,
} from '../helpers/sluice-process.ts'
import { TestChild } from '../helpers/test-child.ts'
import { until } from '../helpers/until.ts'
import { runWrk } from '../helpers/wrk.ts'

const WEB_HOST = fileURLToPath(new URL('./programs/web-host.js', import.meta.url))
const CLIENTS = 64
/** Sessions a host may have: two hosts cannot carry 64 clients, so some of them have to wait in the queue. */
const PLACES = 24
const LOAD_SECONDS = 4
/** The figure. Probes run every second and take a millisecond: the rest is margin for a slow machine. */
const BACK_WITHIN_MS = 2_000
/** The node engine has no threads, and takes no notice. */
const THREADS = ['<engine threads="1"/>', '<engine threads="3"/>']
const REQUEST = 'GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n'

interface HostRow {
  readonly name: string
  readonly health: string
  readonly total: number
  readonly failed: number
}

test.each(THREADS)(
  'one of three hosts stops under the load of 64 clients, and no client notices, %s',
  async (threads) => {
    const ports = await freePorts(3)
    const hosts = await Promise.all(ports.map((port, i) => startWebHost('abc'.charAt(i), port)))
    const host = `maxSessions="${PLACES}" `
    const sluice = await startSluice({ services: serviceOf('web', ports, { host }) + threads })
    const load = runWrk(`http://${sluice.addressOf('web')}/`, {
      seconds: LOAD_SECONDS,
      newConnections: true,
    })
    const before = await untilLoaded(sluice)
    const { status } = (await hosts[1]?.stop('SIGTERM')) ?? {}
    const { errors, requests, text } = await load

    expect({ errors, text }).toEqual({ errors: 0, text })
    expect(hosts[1]?.out).toContain(`left with ${PLACES} requests`)
    expect(status).toBe(0)
    expect(requests).toBeGreaterThan(before)
    const rows = await sluice.show<HostRow>('hosts')
    expect(rows.map(({ health }) => health === 'down')).toEqual([false, true, false])
    expect(rows[1]?.failed).toBeGreaterThan(0)
    expect(sluice.logged('host down')).toMatchObject([{ service: 'web', group: 'main', host: 'b' }])
    expect(sluice.logged('PANIC')).toEqual([])
    await sluice.stop()
  },
)

test.each(THREADS)(
  'one of three hosts is killed under load: it takes what it had in its hands, and nothing more, %s',
  async (threads) => {
    const hosts = await Promise.all([1, 2, 3].map(() => startNginx()))
    const ports = hosts.map(({ port }) => port)
    const sluice = await startSluice({ services: serviceOf('web', ports) + threads })
    const url = `http://${sluice.addressOf('web')}/`
    const load = runWrk(url, { seconds: LOAD_SECONDS, newConnections: true })
    await untilLoaded(sluice)
    await hosts[1]?.kill()
    const during = await load
    expect(during.errors).toBeLessThanOrEqual(CLIENTS)
    const { errors, requests, text } = await runWrk(url, { seconds: 1, newConnections: true })
    expect({ errors, text }).toEqual({ errors: 0, text })
    expect(requests).toBeGreaterThan(CLIENTS)
    await sluice.stop()
  },
)

test('when all hosts are killed clients are closed, PANIC is visible, and the first host back ends it', async () => {
  const ports = await freePorts(3)
  const hosts = await Promise.all(ports.map((port, i) => startWebHost('abc'.charAt(i), port)))
  const sluice = await startSluice({ services: serviceOf('web', ports) })
  const address = sluice.addressOf('web')
  // Half a request each: these are open when their host dies.
  const clients = await Promise.all(
    [1, 2, 3].map(() => connectedWith(address, 'GET / HTTP/1.1\r\n')),
  )
  await until(async () => (await openOf(sluice)) === 3, 'three sessions are open')

  await Promise.all(hosts.map((host) => host.destroy()))
  await Promise.all(clients.map((client) => client.closed()))
  // The next client finds out: it is tried on each of them, and closed.
  expect(await exchange(address, REQUEST)).toBe('')
  const [panic] = await loggedBy(sluice, 'PANIC')
  expect(panic).toMatchObject({ level: 'error', service: 'web', group: 'main' })
  expect(await sluice.show('services')).toMatchObject([{ name: 'web', panic: true }])
  expect(await sluice.show('groups')).toMatchObject([{ path: 'web/main', panic: true }])
  expect((await sluice.show<HostRow>('hosts')).map(({ health }) => health)).toEqual(
    Array(3).fill('down'),
  )
  for (const what of ['services', 'groups', 'hosts']) {
    expect(await sluice.command(`show ${what}`)).toMatch(/panic/i)
  }

  // Nobody asks now: it is Sluice that looks.
  const back = await startWebHost('c', ports[2] ?? 0)
  const [over] = await loggedBy(sluice, 'panic is over')
  const since = Number(/since (\d+)/.exec(back.out)?.[1])
  expect(Date.parse(over?.time ?? '') - since).toBeLessThanOrEqual(BACK_WITHIN_MS)
  expect(await exchange(address, REQUEST)).toContain('\r\n\r\nc\n')
  expect(await loggedBy(sluice, 'host up')).toMatchObject([{ host: 'c' }])
  expect(await sluice.show('services')).toMatchObject([{ name: 'web', panic: false, ready: 1 }])
  await sluice.stop()
})

async function startWebHost(name: string, port: number): Promise<TestChild> {
  const args = [WEB_HOST, name, String(port), String(PLACES)]
  const child = new TestChild(process.execPath, args, { folder: testFolder() })
  await child.says(/listening/)
  return child
}

async function connectedWith(address: string, text: string): Promise<TestClient> {
  const client = await connectTo(address)
  client.socket.on('end', () => client.socket.end()).resume()
  client.socket.write(text)
  return client
}

/** Wait until the load is on its way. @returns how many sessions there were */
function untilLoaded(sluice: SluiceProcess): Promise<number> {
  return until(async () => {
    const rows = await sluice.show<HostRow>('hosts')
    const total = rows.reduce((sum, row) => sum + row.total, 0)
    return total > 10 * CLIENTS ? total : undefined
  }, 'sessions under load')
}

/** The lines of an event, once there are some: the log is written behind. */
function loggedBy(sluice: SluiceProcess, event: string): Promise<readonly Logged[]> {
  const lines = async () => {
    const found = sluice.logged(event)
    return found.length > 0 ? found : undefined
  }
  return until(lines, `"${event}" is logged`, { everyMs: 20 })
}

async function openOf(sluice: SluiceProcess): Promise<number> {
  const rows = await sluice.show<{ readonly open: number }>('hosts')
  return rows.reduce((sum, { open }) => sum + open, 0)
}
