// Three threads of the splice engine under the load of 64 clients: what operators do reaches the sessions of every thread,
// and no others; none of the load is lost.
import type { AddressInfo, Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectTo, exchange, type TestClient } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { startNginx } from '../helpers/nginx.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { spliceMissing } from '../helpers/splice-missing.ts'
import { resultOf, spawnSsh } from '../helpers/ssh-client.ts'
import { until } from '../helpers/until.ts'
import { runWrk } from '../helpers/wrk.ts'

const missing = spliceMissing()
const THREADS = 3
const LOAD_CLIENTS = 64
const LOAD_SECONDS = 6
const CLIENTS = 12

interface HostRow {
  readonly name: string
  readonly open: number
  readonly total: number
}

interface SessionRow {
  readonly id: number
  readonly client: string
  readonly host: string
}

interface Told {
  readonly id: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}

interface Loaded {
  readonly sluice: SluiceProcess
  /** The hosts a and b of the service `echo`, of which the load knows nothing. */
  readonly hosts: readonly TestHost[]
  /** Resolves at the end of the load, when not one of its clients was let down; then stops Sluice. */
  readonly over: () => Promise<void>
}

describe.skipIf(missing !== '')(`${missing}on three threads, under load`, () => {
  test('a host is drained again and again', async () => {
    const { sluice, over } = await start()
    for (const name of ['a', 'b', 'a']) {
      const drained = await sluice.ssh(`drain host load/main/${name} --wait --timeout 10s`)
      expect(drained).toMatchObject({ status: 0 })
      const [empty, other] = await rowsOf(sluice, name)
      expect(empty?.open).toBe(0)
      await until(async () => {
        const [later, busy] = await rowsOf(sluice, name)
        expect(later?.total).toBe(empty?.total)
        return (busy?.total ?? 0) > (other?.total ?? 0)
      }, 'the other host has all of the load')
      await sluice.command(`enable host load/main/${name}`)
    }
    await over()
  })

  test('sessions are ended by number, by client and by host, and the others go on', async () => {
    const { sluice, hosts, over } = await start()
    const clients = await talkingClients(sluice)
    const rows = await sluice.show<SessionRow>('sessions echo')
    expect(rows.map(({ client }) => client)).toEqual([...clients.keys()])
    const [one, two] = rows.filter(({ host }) => host === 'b')
    await endedBy(sluice, clients, `kill session ${one?.id}`, [one])
    await endedBy(sluice, clients, `kill client ${two?.client}`, [two])
    await endedBy(
      sluice,
      clients,
      'kill host echo/main/a',
      rows.filter(({ host }) => host === 'a'),
    )
    await eventually(() => hosts[0]?.sockets.size === 0, 'the host sees all of them go')
    expect(clients.size).toBe(CLIENTS / 2 - 2)
    for (const client of clients.values()) {
      await talk(client)
      client.socket.destroy()
    }
    await over()
  })

  test('each host learns who is behind each of its connections', async () => {
    const { sluice, hosts, over } = await start()
    const clients = await talkingClients(sluice)
    const behind = hosts.flatMap(({ sockets }) => [...sockets])
    const answers = await Promise.all(behind.map((socket) => whoIsBehind(socket, sluice)))
    const rows = await sluice.show<SessionRow>('sessions echo')
    const known = rows.map(({ id, client, host }) => ({
      client,
      service: 'echo',
      host,
      session: id,
    }))
    expect(answers).toHaveLength(clients.size)
    expect(answers).toEqual(expect.arrayContaining(known))
    for (const { socket } of clients.values()) socket.destroy()
    await over()
  })

  test('every session is told of once when it ends, and who is next is known before', async () => {
    const { sluice, over } = await start()
    const { told, leave } = tailOfEcho(sluice)
    const address = sluice.addressOf('echo')
    await until(async () => {
      await exchange(address)
      return told().length > 0
    }, 'a session is told of')
    const texts = Array.from({ length: 60 }, (_, i) => `${i}`.padStart(1_000 + i, '.'))
    expect(await Promise.all(texts.map((text) => exchange(address, text)))).toEqual(texts)
    const lengths = texts.map(({ length }) => length)
    const seen = () => told().filter(({ bytesFromClient }) => bytesFromClient > 0)
    await eventually(() => seen().length === lengths.length, 'all are told of')
    expect(seen().map(({ bytesFromHost }) => bytesFromHost)).toEqual(
      expect.arrayContaining(lengths),
    )
    expect(new Set(told().map(({ id }) => id)).size).toBe(told().length)
    const { verdict } = JSON.parse(await sluice.command('explain pick echo --json')) as {
      verdict: string
    }
    expect(verdict).toMatch(/^the next client is given echo\/main\/[ab]$/)
    expect(await sluice.command('explain pick load')).toContain('load/main/')
    await leave()
    await over()
  })
})

async function start(): Promise<Loaded> {
  const [nginxes, hosts] = await Promise.all([
    Promise.all([startNginx(), startNginx()]),
    Promise.all([echoHost(), echoHost()]),
  ])
  for (const host of hosts) onTestFinished(() => host.close())
  const load = serviceOf(
    'load',
    nginxes.map(({ port }) => port),
  )
  const echo = serviceOf(
    'echo',
    hosts.map(({ address }) => address),
  )
  const services = `${load}${echo}<engine threads="${THREADS}"/>`
  const sluice = await startSluice({ services })
  const url = `http://${sluice.addressOf('load')}/`
  const report = runWrk(url, { seconds: LOAD_SECONDS, newConnections: true })
  await until(() => allBusy(sluice), 'every thread has its part of the load')
  const over = async () => {
    const { errors, requests, text } = await report
    expect({ errors, text }).toEqual({ errors: 0, text })
    expect(requests).toBeGreaterThan(LOAD_CLIENTS)
    await sluice.stop()
  }
  return { sluice, hosts, over }
}

async function allBusy(sluice: SluiceProcess): Promise<boolean> {
  const { engineThreads } = JSON.parse(await sluice.command('show engine --json')) as {
    engineThreads: readonly { accepted: number }[]
  }
  return engineThreads.length === THREADS && engineThreads.every(({ accepted }) => accepted > 0)
}

/** The host of the load with this name, and the other one. */
async function rowsOf(sluice: SluiceProcess, name: string): Promise<readonly HostRow[]> {
  const rows = await sluice.show<HostRow>('hosts load')
  return rows.toSorted((one, other) => Number(other.name === name) - Number(one.name === name))
}

/** Clients of `echo` by the address that sessions show; each was answered by its host. */
async function talkingClients(sluice: SluiceProcess): Promise<Map<string, TestClient>> {
  const clients = new Map<string, TestClient>()
  for (let i = 0; i < CLIENTS; i++) {
    const client = await connectTo(sluice.addressOf('echo'))
    onTestFinished(() => void client.socket.destroy())
    const { port } = client.socket.address() as AddressInfo
    clients.set(`127.0.0.1:${port}`, client)
    client.socket.resume()
    await talk(client)
  }
  return clients
}

/** The host says its own end, too: the load has so many connections that another one may begin at the same port. */
async function whoIsBehind(socket: Socket, sluice: SluiceProcess): Promise<unknown> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  const address = `${remoteAddress}:${remotePort}`
  const question = JSON.stringify({ address, to: `${localAddress}:${localPort}` })
  return JSON.parse(await exchange(`unix:${sluice.controlPath}`, `${question}\n`))
}

async function talk({ socket }: TestClient): Promise<void> {
  const heard = socket.bytesRead
  socket.write('hello')
  await eventually(() => socket.bytesRead > heard, 'the host answers')
}

/** The command ends these sessions, which leave `clients`, and says how many they are. */
async function endedBy(
  sluice: SluiceProcess,
  clients: Map<string, TestClient>,
  command: string,
  rows: readonly (SessionRow | undefined)[],
): Promise<void> {
  const ended = rows.map((row) => row?.client ?? '')
  const left = [...clients.keys()].filter((client) => !ended.includes(client))
  expect(await sluice.command(command)).toMatch(new RegExp(`: ${rows.length} sessions? ended`))
  for (const client of ended) {
    await clients.get(client)?.closed()
    clients.delete(client)
  }
  const rest = await sluice.show<SessionRow>('sessions echo')
  expect(rest.map(({ client }) => client)).toEqual(left)
}

function tailOfEcho(sluice: SluiceProcess) {
  const child = spawnSsh(sluice.target, ['tail sessions echo --json'])
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = resultOf(child)
  const told = () => {
    const lines = said.split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Told)
  }
  const leave = async () => {
    child.kill('SIGTERM')
    expect((await ended).err).toBe('')
  }
  return { told, leave }
}
