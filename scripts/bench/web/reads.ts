// How long each read takes, as a client sees it, with many hosts and open sessions. What is judged of a round is the
// slowest of its requests.
import { type Balancer, sessionsHere, startBalancer } from './balancer.ts'
import { Client } from './client.ts'
import { type Figure, say, tell } from './figures.ts'
import { readOptions } from './options.ts'

const MOST_MS = 50
/** Of each read in each round. */
const REQUESTS = 25
/** So many answers before the first round: they compile. */
const WARM = 10

const API = '/api/v1'
const CHANGED = '/config/difference'

const READS: readonly string[] = [
  '/me',
  '/services',
  '/services/web',
  '/listeners',
  '/groups',
  '/services/web/groups/main',
  '/hosts',
  '/hosts?scope=service-0',
  '/services/web/groups/main/hosts/host-7',
  '/sessions',
  '/sessions?limit=1000',
  '/sessions?scope=web/main/host-7',
  '/sessions?client=127.0.0.1',
  '/sessions?client=no-such-client',
  '/sessions/7',
  '/config',
  CHANGED,
  '/config/history',
  '/config/conflicts',
  '/config/candidate',
  '/commands',
  '/jobs',
  '/openapi.json',
]

interface Times {
  readonly slowest: number[]
  readonly cpuMs: number[]
}

const { rounds, engine } = readOptions(process.argv.slice(2))
const balancer = await startBalancer(engine, { sessions: sessionsHere() })
const client = new Client(balancer.url, { authorization: `Bearer ${balancer.token}` })
try {
  say(`  ${balancer.sessions} sessions`)
  tell(await measured(balancer))
} finally {
  client.close()
  await balancer.close()
}

async function measured(of: Balancer): Promise<readonly Figure[]> {
  const asked: ReadonlyMap<string, () => Promise<void>> = new Map([
    ...READS.map((path) => [path, async () => void (await client.read(API + path))] as const),
    [`${CHANGED}, after a change`, async () => void (await client.read(API + CHANGED))],
    ['/metrics', async () => void (await client.read('/metrics'))],
  ])
  const times = new Map<string, Times>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, ask] of asked) {
      const isChanged = name.includes(', after')
      const found = await manyOf(of, round === 0 ? WARM : REQUESTS, ask, isChanged)
      if (round > 0) note(times, name, found)
    }
  }
  return Array.from(times, ([name, { slowest, cpuMs }]) => {
    return { name: `GET ${name} (ms)`, most: MOST_MS, values: slowest, cpuMs }
  })
}

interface Found {
  readonly ms: readonly number[]
  readonly cpuMs: readonly number[]
}

async function manyOf(
  of: Balancer,
  count: number,
  ask: () => Promise<void>,
  isChanged: boolean,
): Promise<Found> {
  const [ms, cpuMs]: [number[], number[]] = [[], []]
  for (let request = 0; request < count; request++) {
    if (isChanged) await changeWeight(request)
    const [start, cpuBefore] = [performance.now(), of.cpuMs()]
    await ask()
    ms.push(performance.now() - start)
    cpuMs.push(of.cpuMs() - cpuBefore)
  }
  return { ms, cpuMs }
}

function note(times: Map<string, Times>, name: string, { ms, cpuMs }: Found): void {
  const known = times.get(name) ?? { slowest: [], cpuMs: [] }
  times.set(name, known)
  known.slowest.push(Math.max(...ms))
  known.cpuMs.push(Math.max(...cpuMs))
}

async function changeWeight(turn: number): Promise<void> {
  const body = { weight: 2 + (turn % 100) }
  await client.read(`${API}/services/web/groups/main/hosts/host-0`, { method: 'PATCH', body })
}
