// Clients that come and go at random, in a process of their own: they send and read back, leave in the middle, reset,
// or are gone before they are connected. Prints what it did as one line of JSON.
//
//   node --import tsx churn-clients.ts ADDRESS SEED SECONDS CONNECTIONS
import { setTimeout as pause } from 'node:timers/promises'
import { Choices } from '../../helpers/choices.ts'
import { connecting, resetNow, type TestClient } from '../../helpers/clients.ts'

export interface Churned {
  readonly connections: number
  /** Echoes that were not what was sent, or did not come. */
  readonly wrong: number
}

const AT_ONCE = 64
const BYTES_MAX = 60_000
const PAUSE_MS_MAX = 100
/** Nothing here takes longer than a moment; what does would otherwise look like patience. */
const LIFE_MS_MAX = 20_000

const [address = '', seed = '', seconds = '', connectionsMin = ''] = process.argv.slice(2)
const choices = new Choices(Number(seed))
const payload = choices.bytes(BYTES_MAX)
const endsAt = performance.now() + Number(seconds) * 1_000
let connections = 0
let wrong = 0

const LIVES: readonly [Life, ...Life[]] = [echo, echo, leave, reset, hold, neverCome]
type Life = (client: TestClient) => Promise<void>

await Promise.all(Array.from({ length: AT_ONCE }, comeAndGo))
process.stdout.write(`${JSON.stringify({ connections, wrong } satisfies Churned)}\n`)

async function comeAndGo(): Promise<void> {
  while (performance.now() < endsAt || connections < Number(connectionsMin)) {
    connections += 1
    const client = connecting(address)
    const overdue = setTimeout(() => {
      wrong += 1
      client.socket.destroy()
    }, LIFE_MS_MAX)
    await choices.oneOf(LIVES)(client)
    await client.closed()
    clearTimeout(overdue)
    await pause(choices.below(PAUSE_MS_MAX))
  }
}

/** Send, end, and read it all back. */
async function echo(client: TestClient): Promise<void> {
  const { socket } = client
  const sent = payload.subarray(choices.below(BYTES_MAX))
  const back = client.received()
  socket.end(sent)
  if (!(await back).equals(sent)) wrong += 1
  socket.destroy()
}

/** Send, and be gone when the first byte comes back. */
async function leave({ socket }: TestClient): Promise<void> {
  socket.write(payload)
  socket.once('data', () => socket.destroy())
}

async function reset({ socket }: TestClient): Promise<void> {
  socket.write(payload.subarray(choices.below(BYTES_MAX)))
  socket.once('connect', () => resetNow(socket)).resume()
}

/** Stay for a while without a word. */
async function hold({ socket }: TestClient): Promise<void> {
  await pause(choices.below(PAUSE_MS_MAX))
  socket.resume().end()
}

async function neverCome({ socket }: TestClient): Promise<void> {
  socket.destroy()
}
