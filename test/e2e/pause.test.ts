// Pausing, rebalancing and ending sessions over ssh, with real clients: nobody is lost who is not meant.
import { expect, onTestFinished, test } from 'vitest'
import { connectTo, exchange, type TestClient } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost, namingHost } from '../helpers/hosts.ts'
import { startNginx } from '../helpers/nginx.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { until } from '../helpers/until.ts'
import { runWrk } from '../helpers/wrk.ts'

const CLIENTS = 64
const PAUSES = 4
const LOAD_SECONDS = 8
/** The node engine has no threads, and takes no notice. */
const THREADS = ['<engine threads="1"/>', '<engine threads="3"/>']

interface GroupRow {
  readonly waiting: number
  readonly rebalance: { readonly most: number; readonly ended: number } | null
}

test.each(THREADS)(
  'a service is paused and resumed again and again under the load of 64 clients, and nobody is lost, %s',
  async (threads) => {
    const hosts = await Promise.all([startNginx(), startNginx()])
    const ports = hosts.map(({ port }) => port)
    const sluice = await startSluice({ services: serviceOf('web', ports) + threads })
    const url = `http://${sluice.addressOf('web')}/`
    const load = runWrk(url, { seconds: LOAD_SECONDS, newConnections: true })
    await until(async () => (await totalOf(sluice)) > CLIENTS, 'the load has begun')

    for (let round = 1; round <= PAUSES; round++) {
      await sluice.command('pause service web')
      await until(async () => (await waitingOf(sluice)) === CLIENTS, 'every client is held')
      const [before, again] = [await totalOf(sluice), await totalOf(sluice)]
      expect(again).toBe(before)
      expect(await sluice.command('show sessions --limit 1')).toMatch(/ held /)
      expect(await sluice.command('show services')).toContain(
        'PAUSED: new clients of web wait until',
      )
      expect(await sluice.command('resume service web')).toContain(`${CLIENTS} clients that waited`)
      await until(async () => (await totalOf(sluice)) > before + CLIENTS, 'everybody goes on')
    }

    const { errors, requests, text } = await load
    expect({ errors, text }).toEqual({ errors: 0, text })
    expect(requests).toBeGreaterThan(PAUSES * CLIENTS)
    const rows = await sluice.show<{ failed: number }>('services')
    expect(rows).toMatchObject([{ failed: 0, pausedUntil: null }])
    expect(await sluice.show('hosts')).toMatchObject([{ failed: 0 }, { failed: 0 }])
    expect(sluice.config).not.toContain('pause')
    await sluice.stop()
  },
)

test('a pause that is forgotten ends by itself, and a stop serves who is held', async () => {
  const host = await namingHost('served')
  onTestFinished(() => host.close())
  const sluice = await startSluice({ services: serviceOf('web', [host.address]) })
  const address = sluice.addressOf('web')
  await sluice.command('pause service web --max-hold 1s')
  expect(await exchange(address)).toBe('served')
  const line = await until(
    async () => sluice.logged('pause ended by itself')[0],
    'it is in the log',
  )
  expect(line).toMatchObject({ level: 'warn', service: 'web' })
  await sluice.command('pause service web --max-hold 10m')
  const held = [exchange(address), exchange(address), exchange(address)]
  await until(async () => (await waitingOf(sluice)) === held.length, 'all are held')
  await sluice.stop()
  expect(await Promise.all(held)).toEqual(['served', 'served', 'served'])
})

test('a rebalance ends the idlest sessions of a host with too many, over time, and no other', async () => {
  const sluice = await startEchoing()
  await sluice.command('disable host web/main/b')
  const clients = await talkingClients(sluice, 20)
  await sluice.command('enable host web/main/b')
  // Whoever talks again is not idle any more.
  await sluice.show('sessions')
  const busy = clients.filter((_, index) => index % 2 === 0)
  await Promise.all(busy.map((client) => talk(client)))
  const answer = await sluice.command('rebalance group web/main --share 50% --over 2s')
  expect(answer).toContain('web/main: ends up to 10 sessions over 2s')
  const [group] = await sluice.show<GroupRow>('groups')
  expect(group?.rebalance).toMatchObject({ most: 10 })
  const isOpen = ({ socket }: TestClient) => !socket.destroyed
  await eventually(() => clients.filter(isOpen).length === busy.length, 'the idle ones are gone')
  expect(clients.filter(isOpen)).toEqual(busy)
  await until(async () => sluice.logged('rebalance ended').length === 1, 'it has ended')
  await until(async () => sluice.logged('session').length >= 10, 'all are in the log')
  const reasons = sluice.logged('session').map(({ reason }) => reason)
  expect(reasons).toEqual(Array.from({ length: 10 }, () => 'rebalanced'))
  expect(await sluice.command('rebalance group web/main --share 100%')).toContain(
    'up to 5 sessions',
  )
  expect(await sluice.command('rebalance group web/main --stop')).toContain('0 of up to 5 sessions')
  await Promise.all(busy.map((client) => talk(client)))
  await sluice.command('kill client 127.0.0.1')
  await sluice.stop()
})

test('sessions are ended by number, by host and by client', async () => {
  const sluice = await startEchoing()
  const clients = await talkingClients(sluice, 8)
  const rows = await sluice.show<{ id: number; client: string; host: string }>('sessions')
  const [first, second] = rows
  expect(await sluice.command(`kill session ${first?.id}`)).toBe(
    `session ${first?.id}: 1 session ended\n`,
  )
  expect(await sluice.ssh(`kill session ${first?.id}`)).toMatchObject({ status: 4, out: '' })
  expect(await sluice.command(`kill client ${second?.client}`)).toContain(': 1 session ended')
  const onB = rows.slice(2).filter(({ host }) => host === 'b').length
  expect(await sluice.command('kill host web/main/b')).toBe(`web/main/b: ${onB} sessions ended\n`)
  expect(await sluice.command('kill client 127.0.0.0/8 --json')).toContain(`"ended":${6 - onB}`)
  for (const client of clients) await client.closed()
  await until(async () => sluice.logged('session').length === 8, 'all are in the log')
  const reasons = sluice.logged('session').map(({ reason }) => reason)
  expect(reasons).toEqual(Array.from({ length: 8 }, () => 'killed'))
  expect(await sluice.show('sessions')).toEqual([])
  await sluice.stop()
})

/** Two hosts a and b behind `web`, whose sessions are logged when they end. */
async function startEchoing(): Promise<SluiceProcess> {
  const hosts = [await echoHost(), await echoHost()]
  onTestFinished(async () => {
    await Promise.all(hosts.map((host) => host.close()))
  })
  const addresses = hosts.map(({ address }) => address)
  const sluice = await startSluice({ services: serviceOf('web', addresses) })
  await sluice.command('set service web accessLog true')
  return sluice
}

async function talkingClients(sluice: SluiceProcess, count: number): Promise<TestClient[]> {
  const clients: TestClient[] = []
  for (let i = 0; i < count; i++) {
    const client = await connectTo(sluice.addressOf('web'))
    onTestFinished(() => {
      client.socket.destroy()
    })
    clients.push(client)
    await talk(client)
  }
  return clients
}

/** Say something and hear it again. */
async function talk({ socket }: TestClient): Promise<void> {
  const heard = socket.bytesRead
  socket.resume()
  socket.write('hello')
  await eventually(() => socket.bytesRead > heard, 'the host answers')
}

async function waitingOf(sluice: SluiceProcess): Promise<number> {
  const rows = await sluice.show<GroupRow>('groups')
  return rows[0]?.waiting ?? 0
}

async function totalOf(sluice: SluiceProcess): Promise<number> {
  const rows = await sluice.show<{ total: number }>('services')
  return rows[0]?.total ?? 0
}
