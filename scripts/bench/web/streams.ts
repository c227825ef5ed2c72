// What open pages cost the process that serves the traffic: its CPU with so many of them against none. Each is what a page
// is that shows the largest service: a stream of events, and once something was changed, what it reads again. They are
// logged in with a password, a handful for each log-in, and traffic goes on meanwhile.
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { spreadOf } from '../statistics.ts'
import { type Balancer, startBalancer } from './balancer.ts'
import { Client, logIn } from './client.ts'
import { type Figure, say, tell } from './figures.ts'
import { OpenPage } from './open-page.ts'
import { readOptions } from './options.ts'

/** Open, and each sends so many bytes a second both ways. Fewer than are looked at one by one, which is the dear case. */
const SESSIONS = 900
const BYTES = 1_000
/** Of them so many send at the same moment. */
const AT_ONCE = SESSIONS / 20
const SETTLE_MS = 1_000
const MEASURE_MS = 3_000
const REST_MS = 3_000
/** One page costs less than the figure of a single look is off: it comes and goes this often in a round. */
const VISITS = 6
const MOST_PERCENT = { one: 1, hundred: 10 } as const
const HUNDRED = 100
/** A log-in may have a few more, and takes part in the reads of its pages. */
const PAGES_OF_LOGIN = 15

const { rounds, engine } = readOptions(process.argv.slice(2))
const host = await startHost()
const balancer = await startBalancer(engine, { hostPort: portOf(host) })
const traffic = new AbortController()
try {
  const clients = await openClients(balancer.port)
  void keepSending(clients, traffic.signal)
  tell(await measured(balancer))
  traffic.abort()
  for (const client of clients) client.destroy()
} finally {
  await balancer.close()
  host.close()
}

/** CPU in percent of one, a figure of each round. */
interface Found {
  readonly none: number[]
  readonly one: number[]
  readonly hundred: number[]
  /** While a host is changed once a second. */
  readonly noneChanged: number[]
  readonly hundredChanged: number[]
}

async function measured(of: Balancer): Promise<readonly Figure[]> {
  const cookies: string[] = []
  while (cookies.length * PAGES_OF_LOGIN < HUNDRED) cookies.push(await logIn(of.url))
  const found: Found = { none: [], one: [], hundred: [], noneChanged: [], hundredChanged: [] }
  await warmUp(of, cookies)
  for (let round = 1; round <= rounds; round++) {
    await oneRound(of, cookies, found)
    say(`  round ${round} of ${rounds}`)
  }
  const { one, hundred } = MOST_PERCENT
  return [
    { name: 'no page (% of a CPU)', values: found.none },
    { name: '1 page (% of a CPU more)', most: one, values: more(found.one, found.none) },
    { name: '100 pages (% of a CPU more)', most: hundred, values: more(found.hundred, found.none) },
    {
      name: '100 pages, a change a second (% more)',
      values: more(found.hundredChanged, found.noneChanged),
    },
  ]
}

/** Round by round. */
function more(values: readonly number[], than: readonly number[]): readonly number[] {
  return values.map((value, round) => value - (than[round] ?? Number.NaN))
}

/** Code that runs for the first time is compiled, which is no page's cost. */
async function warmUp(of: Balancer, cookies: readonly string[]): Promise<void> {
  const pages = await openPages(of, cookies, HUNDRED)
  await whileChanged(of, pages)
  for (const page of pages) page.close()
}

async function oneRound(of: Balancer, cookies: readonly string[], found: Found): Promise<void> {
  // What went before is over by then, also where this machine is slow.
  await pause(REST_MS)
  const [none, one]: [number[], number[]] = [[], []]
  for (let visit = 0; visit < VISITS; visit++) {
    none.push(await percentWith(of, []))
    const pages = await openPages(of, cookies, 1)
    one.push(await percentWith(of, pages))
    for (const page of pages) page.close()
  }
  found.none.push(medianOf(none))
  found.one.push(medianOf(one))
  const hundred = await openPages(of, cookies, HUNDRED)
  found.hundred.push(await percentWith(of, hundred))
  found.hundredChanged.push(await whileChanged(of, hundred))
  for (const page of hundred) page.close()
  await pause(REST_MS)
  found.noneChanged.push(await whileChanged(of, []))
}

function medianOf(values: readonly number[]): number {
  return spreadOf(values)?.median ?? Number.NaN
}

async function whileChanged(of: Balancer, pages: readonly OpenPage[]): Promise<number> {
  const changing = changes(of)
  try {
    return await percentWith(of, pages)
  } finally {
    await changing.stop()
  }
}

/** CPU of the process, in percent of one. */
async function percentWith(of: Balancer, pages: readonly OpenPage[]): Promise<number> {
  await pause(SETTLE_MS)
  const before = [performance.now(), of.cpuMs()] as const
  await pause(MEASURE_MS)
  const [ms, cpuMs] = [performance.now() - before[0], of.cpuMs() - before[1]]
  for (const page of pages) page.expectOpen()
  return (100 * cpuMs) / ms
}

function changes(of: Balancer): { stop(): Promise<void> } {
  const client = new Client(of.url, { authorization: `Bearer ${of.token}` })
  const over = new AbortController()
  const path = '/api/v1/services/web/groups/main/hosts/host-0'
  const running = (async () => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      await client.read(path, { method: 'PATCH', body: { weight: 2 + (turn % 100) } })
      await pause(1_000, undefined, { signal: over.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      over.abort()
      await running
      client.close()
    },
  }
}

async function openPages(
  { url }: Balancer,
  cookies: readonly string[],
  count: number,
): Promise<readonly OpenPage[]> {
  const pages: OpenPage[] = []
  while (pages.length < count)
    pages.push(await OpenPage.open(url, cookies[pages.length % cookies.length] ?? ''))
  return pages
}

async function openClients(port: number): Promise<readonly Socket[]> {
  const clients: Socket[] = []
  while (clients.length < SESSIONS) {
    const client = connect(port, '127.0.0.1')
    await once(client, 'connect')
    clients.push(client.resume())
  }
  return clients
}

/** They send now and then, not all at the same moment. */
async function keepSending(clients: readonly Socket[], signal: AbortSignal): Promise<void> {
  const text = Buffer.alloc(BYTES)
  for (let next = 0; !signal.aborted; next++) {
    for (let part = 0; part < AT_ONCE; part++)
      clients[(next * AT_ONCE + part) % SESSIONS]?.write(text)
    await pause(50)
  }
}

async function startHost(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
