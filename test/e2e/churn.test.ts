// Ten thousand connections opened and closed at random: in the end Sluice holds what it held in the beginning.
// SLUICE_SOAK_SECONDS=600 makes it ten minutes.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../helpers/folder.ts'
import { echoHost } from '../helpers/hosts.ts'
import { seed } from '../helpers/seed.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { TestChild } from '../helpers/test-child.ts'
import { until } from '../helpers/until.ts'
import type { Churned } from './programs/churn-clients.ts'

const SECONDS = Number(process.env['SLUICE_SOAK_SECONDS'] ?? 15)
const CONNECTIONS = 10_000
const WARM_UP = { seconds: 2, connections: 2_000 }
/** Bytes of heap that may be more in the end: 200 for each of the fewest connections there are. */
const HEAP_GROWTH_MAX = 2_000_000
const CHURN = fileURLToPath(new URL('./programs/churn-clients.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

interface Figures {
  readonly descriptors: number
  /** Sockets, servers and pipes by kind. Timers and reads of files come and go by themselves. */
  readonly handles: Readonly<Record<string, number>>
  readonly heapBytes: number
  readonly residentBytes: number
}

test(`${CONNECTIONS} connections at random for ${SECONDS} s leave nothing behind (SEED=${seed})`, {
  timeout: SECONDS * 2_000 + 90_000,
}, async () => {
  const hosts = await Promise.all([1, 2, 3].map(() => echoHost()))
  onTestFinished(async () => {
    await Promise.all(hosts.map((host) => host.close()))
  })
  const addresses = hosts.map(({ address }) => address)
  const sluice = await startSluice({ services: serviceOf('web', addresses) })
  await churn(sluice, WARM_UP)
  const before = await figuresOf(sluice)
  const { connections, wrong } = await churn(sluice, {
    seconds: SECONDS,
    connections: CONNECTIONS,
  })
  const after = await figuresOf(sluice)
  process.stdout.write(`churn: ${JSON.stringify({ seed, connections, before, after })}\n`)

  expect(wrong).toBe(0)
  expect(connections).toBeGreaterThanOrEqual(CONNECTIONS)
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  expect(after.handles).toEqual(before.handles)
  expect(after.heapBytes).toBeLessThan(before.heapBytes + HEAP_GROWTH_MAX)
  const rows = await sluice.show<{ open: number; total: number; failed: number }>('hosts')
  expect(rows.map(({ open, failed }) => ({ open, failed }))).toEqual(
    Array(3).fill({ open: 0, failed: 0 }),
  )
  await sluice.stop()
})

interface Load {
  readonly seconds: number
  readonly connections: number
}

/** Run the clients to their end, and wait until Sluice has closed the last session. */
async function churn(sluice: SluiceProcess, { seconds, connections }: Load): Promise<Churned> {
  const numbers = [seed, seconds, connections].map(String)
  const args = ['--import', TSX, CHURN, sluice.addressOf('web'), ...numbers]
  const { status, out, err } = await new TestChild(process.execPath, args, {
    folder: testFolder(),
  }).ended
  expect({ status, err }).toEqual({ status: 0, err: '' })
  await until(async () => (await sluice.show('sessions')).length === 0, 'no session is left')
  return JSON.parse(out) as Churned
}

/** What the process holds, garbage left out. */
async function figuresOf(sluice: SluiceProcess): Promise<Figures> {
  const { pid } = sluice.child
  const inside = JSON.parse(
    (await sluice.command(`js ${LOOK_INSIDE}`)).trim().slice(1, -1),
  ) as Pick<Figures, 'handles' | 'heapBytes'>
  // The connection that asked is closing meanwhile.
  const descriptors = await settled(() => readdirSync(`/proc/${pid}/fd`).length)
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const residentBytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024
  return { descriptors, ...inside, residentBytes }
}

/** Evaluated inside the process, so one expression on one line. */
const LOOK_INSIDE = `(() => {
  require('node:v8').setFlagsFromString('--expose-gc');
  const gc = require('node:vm').runInNewContext('gc');
  gc(); gc();
  const { heapUsed, external } = process.memoryUsage();
  const handles = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (kind.endsWith('Wrap')) handles[kind] = (handles[kind] ?? 0) + 1;
  }
  return JSON.stringify({ handles, heapBytes: heapUsed + external });
})()`.replaceAll(/\n\s*/g, ' ')

/** The number once it was the same ten times in a row. */
async function settled(read: () => number): Promise<number> {
  const last: number[] = []
  await until(
    async () => {
      last.unshift(read())
      return last.length >= 10 && new Set(last.slice(0, 10)).size === 1
    },
    'the number stays',
    { everyMs: 30 },
  )
  return last[0] ?? 0
}
