// Does the time of a refusal tell who exists? Tries wrong passwords as operators of every kind and as nobody,
// over both methods, interleaved, and compares the medians. Exit status 1 when they are further apart than allowed.
import ssh2 from 'ssh2'
import { hashPassword } from '../../src/base/password-hash.ts'
import { startSshBalancer } from '../../test/helpers/ssh-balancer.ts'

const ROUNDS = 40
/** How far the slowest kind may be above the fastest, in parts of the fastest. */
const APART_MAX = 0.1
const METHODS = ['password', 'keyboard-interactive'] as const

type Method = (typeof METHODS)[number]

const password = await hashPassword('right')
const sluice = await startSshBalancer(
  [
    { name: 'scrypt', password },
    { name: 'old', password: '..xpoEyRReGzk' },
    { name: 'keyonly', password, auth: 'publickey' },
    { name: 'two', password, auth: 'publickey+password' },
    { name: 'bare' },
  ],
  { limits: { loginsMax: 10 } },
)
const names = [...sluice.balancer.users.map(({ name }) => name), 'nobody']

let failed = false
for (const method of METHODS) {
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times.get(name)?.push(await refusalMs(name, method))
  }
  const medians = [...times].map(([name, all]) => [name, medianOf(all)] as const)
  const values = medians.map(([, median]) => median)
  const apart = Math.max(...values) / Math.min(...values) - 1
  failed ||= apart > APART_MAX
  const shown = medians.map(([name, median]) => `${name} ${median.toFixed(1)} ms`).join(', ')
  console.log(`${method}: ${shown}; ${(apart * 100).toFixed(1)} % apart`)
}
await sluice.stop()
process.exitCode = failed ? 1 : 0

/** From the end of the key exchange to the refusal, in milliseconds. */
function refusalMs(username: string, method: Method): Promise<number> {
  return new Promise((resolve) => {
    const client = new ssh2.Client()
    let from = 0
    client.on('handshake', () => {
      from = performance.now()
    })
    client.on('keyboard-interactive', (_name, _text, _language, _prompts, finish) => {
      finish(['wrong'])
    })
    client.on('error', () => {
      resolve(performance.now() - from)
      client.end()
    })
    const tryKeyboard = method === 'keyboard-interactive'
    const how = tryKeyboard ? { tryKeyboard } : { password: 'wrong' }
    client.connect({ host: '127.0.0.1', port: sluice.port, username, ...how })
  })
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
