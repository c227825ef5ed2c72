// What it takes to load the page with many hosts and open sessions. Held against the target is the server's part: all that
// a browser asks for, asked by a bare client one after the other, in the order in which the browser asked. What a real
// browser makes of it, with an empty cache and with a full one, is for information: its own work is most of that.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium, type Page, type Request } from 'playwright-core'
import { type Balancer, sessionsHere, startBalancer } from './balancer.ts'
import { Client, logIn } from './client.ts'
import { type Figure, say, tell } from './figures.ts'
import { readOptions } from './options.ts'

const MOST_MS = 50
/** Loads by the bare client in each round; the slowest is the round's. */
const LOADS = 25
const WARM = 10
const FIRST_ROW_MS = 30_000
/** Within it a page has asked for all that it shows. */
const SETTLED_MS = 500
/** Runs in the page before all of its own: whoever looks from outside comes late. A service or a host is a row. */
const NOTE_FIRST_ROW = `new MutationObserver((_, seen) => {
  if (document.querySelector('main article, main tbody tr') === null) return
  seen.disconnect()
  performance.mark('first row')
}).observe(document, { childList: true, subtree: true })`
const ARGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

interface View {
  readonly name: string
  readonly hash: string
}

const VIEWS: readonly View[] = [
  { name: 'overview', hash: '#/' },
  { name: 'service of 1,000 hosts', hash: '#/services/web' },
]

const { rounds, engine } = readOptions(process.argv.slice(2))
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-page-'))
const balancer = await startBalancer(engine, { sessions: sessionsHere() })
try {
  const cookie = await logIn(balancer.url)
  const found: Figure[] = []
  for (const view of VIEWS) found.push(...(await measured(view, balancer, cookie)))
  tell(found)
} finally {
  await balancer.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function measured(view: View, of: Balancer, cookie: string): Promise<readonly Figure[]> {
  const [cold, warm, slowest, cpuMs]: [Load[], Load[], number[], number[]] = [[], [], [], []]
  for (let round = 0; round < rounds; round++) {
    const loads = await inBrowser(view, of, cookie)
    cold.push(loads.cold)
    warm.push(loads.warm)
    const client = new Client(of.url, await headersOf(of, cookie))
    const bare = await loadsOf(of, client, loads.asked)
    client.close()
    slowest.push(Math.max(...bare.ms))
    cpuMs.push(Math.max(...bare.cpuMs))
    say(`  ${view.name}: round ${round + 1} of ${rounds}, ${loads.asked.length} requests`)
  }
  const { name } = view
  return [
    { name: `${name}, server's part (ms)`, most: MOST_MS, values: slowest, cpuMs },
    ...browserFigures(`${name}, browser, empty cache`, cold),
    ...browserFigures(`${name}, browser, full cache`, warm),
  ]
}

function browserFigures(name: string, loads: readonly Load[]): readonly Figure[] {
  const cpuMs = loads.map((load) => load.cpuMs)
  return [
    { name: `${name}: loaded (ms)`, values: loads.map(({ loadedMs }) => loadedMs) },
    { name: `${name}: first row (ms)`, values: loads.map(({ rowMs }) => rowMs), cpuMs },
  ]
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

interface Load {
  /** From the start of the navigation, in milliseconds. */
  readonly loadedMs: number
  readonly rowMs: number
  /** Of Sluice, until a moment after. */
  readonly cpuMs: number
}

interface Loads {
  readonly cold: Load
  readonly warm: Load
  /** With an empty cache. */
  readonly asked: readonly Asked[]
}

async function inBrowser(view: View, of: Balancer, cookie: string): Promise<Loads> {
  const profile = mkdtempSync(join(folder, 'profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: ARGS,
    headless: true,
  })
  try {
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: of.url, httpOnly: true, sameSite: 'Strict' }])
    await context.addInitScript({ content: NOTE_FIRST_ROW })
    const [page = await context.newPage()] = context.pages()
    const requests: Request[] = []
    page.on('request', (request) => requests.push(request))
    const cold = await load(page, view, of)
    const asked = requests.map((request) => askedBy(request, of.url))
    return { cold, warm: await load(page, view, of), asked }
  } finally {
    await context.close()
  }
}

async function load(page: Page, { hash }: View, of: Balancer): Promise<Load> {
  await page.goto('about:blank')
  const before = of.cpuMs()
  await page.goto(`${of.url}/${hash}`, { waitUntil: 'load' })
  await page.waitForFunction(
    () => performance.getEntriesByName('first row').length > 0,
    undefined,
    {
      timeout: FIRST_ROW_MS,
    },
  )
  await pause(SETTLED_MS)
  const [loadedMs, rowMs] = [
    await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd"),
    await page.evaluate<number>("performance.getEntriesByName('first row')[0].startTime"),
  ]
  return { loadedMs, rowMs, cpuMs: of.cpuMs() - before }
}

function askedBy(request: Request, url: string): Asked {
  const path = request.url().replace(url, '').replace(/#.*/, '')
  return { method: request.method(), path, body: request.postDataJSON() ?? undefined }
}

async function headersOf(
  { url }: Balancer,
  cookie: string,
): Promise<Readonly<Record<string, string>>> {
  const reply = await fetch(`${url}/api/v1/me`, { headers: { cookie } })
  const { csrf } = (await reply.json()) as { readonly csrf: string }
  return { cookie, 'x-sluice-csrf': csrf, origin: url, 'accept-encoding': 'gzip, deflate, br' }
}

async function loadsOf(of: Balancer, client: Client, asked: readonly Asked[]) {
  const [ms, cpuMs]: [number[], number[]] = [[], []]
  for (let turn = -WARM; turn < LOADS; turn++) {
    const [start, cpuBefore] = [performance.now(), of.cpuMs()]
    for (const each of asked) await ask(client, each)
    if (turn < 0) continue
    ms.push(performance.now() - start)
    cpuMs.push(of.cpuMs() - cpuBefore)
  }
  return { ms, cpuMs }
}

async function ask(client: Client, { method, path, body }: Asked): Promise<void> {
  if (path.startsWith('/api/v1/events')) (await client.stream(path)).destroy()
  else await client.read(path, { method, body })
}
