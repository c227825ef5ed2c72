// Clients that come and go at random, in a process of their own: they exchange, stream, end first or last, read slowly, leave
// in the middle, reset, stay too long, or are gone before they are connected. Every byte that comes is looked at. Prints what
// they did as one line of JSON.
//
//   node --import tsx churn-clients.ts SEED ROUND SECONDS CONNECTIONS ADDRESS,…    (the first is always open)
import { setTimeout as pause } from 'node:timers/promises'
import { Choices } from '../../helpers/choices.ts'
import { connecting, resetNow } from '../../helpers/clients.ts'
import { Pattern } from '../../helpers/pattern.ts'
import { ChurnClient } from './churn-client.ts'

export interface Churned {
  readonly connections: number
  /** Transfers of which all came, as it was sent. */
  readonly whole: number
  /** Those that broke off, as they may where hosts and operators come in between; what came was right. */
  readonly cut: number
  /** Bytes that were not what was sent; the first few. */
  readonly wrong: readonly string[]
  /** Ends that came early and looked right; the first few. */
  readonly early: readonly string[]
  readonly bytes: number
}

/** More of the same say nothing new. */
const TOLD_MAX = 10
const AT_ONCE = 64
const SMALL_BYTES_MAX = 60_000
const LARGE_BYTES_MAX = 6_000_000
const SLOW_BYTES_MAX = 1_500_000
const PAUSE_MS_MAX = 20
const SLOW_MS_MAX = 60
/** Nothing here takes longer than a moment; what does would otherwise look like patience. */
const LIFE_MS_MAX = 40_000

const [seed = '', round = '', seconds = '', connectionsMin = '', addresses = '', network = ''] =
  process.argv.slice(2)
const [address = '', ...passing] = addresses.split(',')
const choices = new Choices(Number(seed) + Number(round))
const pattern = new Pattern(Number(seed))
const endsAt = performance.now() + Number(seconds) * 1_000
const figures = { connections: 0, whole: 0, cut: 0, bytes: 0 }
const wrong: string[] = []
const early: string[] = []

type Life = (client: ChurnClient) => Promise<void>
const SHORT: readonly [Life, ...Life[]] = [exchange, exchange, leave, reset, hold, neverCome, late]
const LONG: readonly [Life, ...Life[]] = [stream, download, breathe, readSlowly, broken]
/** For each long life so many short ones. */
const SHORT_FOR_LONG = 12
/** And for one that outstays. */
const SHORT_FOR_IDLE = 400

await Promise.all(Array.from({ length: AT_ONCE }, comeAndGo))
process.stdout.write(`${JSON.stringify({ ...figures, wrong, early } satisfies Churned)}\n`)

async function comeAndGo(): Promise<void> {
  while (performance.now() < endsAt || figures.connections < Number(connectionsMin)) {
    figures.connections += 1
    const life = nextLife()
    const at = choices.below(8) === 0 ? choices.oneOf([address, ...passing]) : address
    const client = new ChurnClient(connecting(at), pattern)
    const overdue = setTimeout(() => {
      // A reset is said once. On a network that drops packets nobody may ever hear of it.
      if (life !== broken || network !== 'lossy') tell(wrong, life, 'took too long')
      client.socket.destroy()
    }, LIFE_MS_MAX)
    await life(client)
    await client.closed()
    clearTimeout(overdue)
    note(life, client)
    await pause(choices.below(PAUSE_MS_MAX))
  }
}

function nextLife(): Life {
  if (choices.below(SHORT_FOR_IDLE) === 0) return idle
  return choices.oneOf(choices.below(SHORT_FOR_LONG) === 0 ? LONG : SHORT)
}

function note(life: Life, { outcome, fault, early: earlyEnd, heard }: ChurnClient): void {
  figures.bytes += heard
  if (outcome !== undefined) figures[outcome] += 1
  if (fault !== undefined) tell(wrong, life, fault)
  if (earlyEnd !== undefined) tell(early, life, earlyEnd)
}

function tell(list: string[], { name }: Life, what: string): void {
  if (list.length < TOLD_MAX) list.push(`${name}: ${what}`)
}

/** Send, end, and read it all back. */
async function exchange(client: ChurnClient): Promise<void> {
  await echoed(client, choices.below(SMALL_BYTES_MAX))
}

/** As much both ways as makes each direction stream. */
async function stream(client: ChurnClient): Promise<void> {
  await echoed(client, choices.below(LARGE_BYTES_MAX))
}

async function echoed(client: ChurnClient, bytes: number): Promise<void> {
  client.ask('echo')
  if (choices.below(2) === 0) await client.exchange(bytes)
  else await client.say(bytes)
  await endAndHear(client)
}

async function endAndHear(client: ChurnClient): Promise<void> {
  const all = client.hearsAll(client.said)
  client.socket.end()
  await all
}

/** End first, and read on. */
async function download(client: ChurnClient): Promise<void> {
  const bytes = choices.below(LARGE_BYTES_MAX)
  client.ask('download', bytes)
  client.socket.end()
  await client.hearsAll(bytes)
}

/** Now much, now little, on one connection. */
async function breathe(client: ChurnClient): Promise<void> {
  client.ask('echo')
  const rounds = 1 + choices.below(3)
  for (let i = 0; i < rounds; i++) {
    await client.exchange(choices.below(LARGE_BYTES_MAX / 4))
    for (let j = 0; j < 12; j++) await client.exchange(1 + choices.below(200))
  }
  await endAndHear(client)
}

async function readSlowly(client: ChurnClient): Promise<void> {
  const bytes = choices.below(SLOW_BYTES_MAX)
  client.ask('download', bytes)
  client.readSlowly(() => choices.below(SLOW_MS_MAX))
  await client.hearsAll(bytes)
  client.socket.end()
}

/** The host ends first, and is told something all the same. */
async function late(client: ChurnClient): Promise<void> {
  const bytes = choices.below(SMALL_BYTES_MAX)
  client.staysOn = true
  client.ask('greet', bytes)
  await client.hearsAll(bytes)
  client.socket.end(pattern.at(0, SMALL_BYTES_MAX))
}

/** The host resets in the middle. */
async function broken(client: ChurnClient): Promise<void> {
  client.ask('reset')
  await client.say(choices.below(LARGE_BYTES_MAX))
  client.socket.end()
  await client.closed()
}

/** Send, and be gone when the first byte comes back. */
async function leave(client: ChurnClient): Promise<void> {
  client.ask('echo')
  client.socket.once('data', () => client.socket.destroy())
  await client.say(choices.below(LARGE_BYTES_MAX / 10))
}

async function reset(client: ChurnClient): Promise<void> {
  const { socket } = client
  client.ask('echo')
  void client.say(choices.below(LARGE_BYTES_MAX / 10))
  const after = choices.below(3)
  if (after === 0) socket.once('connect', () => resetNow(socket))
  else await pause(choices.below(PAUSE_MS_MAX) * after).then(() => resetNow(socket))
}

/** Stay for a while without a word. */
async function hold({ socket }: ChurnClient): Promise<void> {
  await pause(choices.below(PAUSE_MS_MAX))
  socket.end()
}

/** Stay until somebody has enough of it. */
async function idle(client: ChurnClient): Promise<void> {
  client.ask('echo')
  await client.exchange(choices.below(SMALL_BYTES_MAX))
  await client.over()
}

async function neverCome({ socket }: ChurnClient): Promise<void> {
  socket.destroy()
}
