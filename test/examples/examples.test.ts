// The examples do what they say, against small real hosts, and the page about embedding shows them as they are.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { connecting, connectTo, exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { type TestHost, echoHost, namingHost } from '../helpers/hosts.ts'
import { socketPath } from '../helpers/socket-path.ts'
import { PLACES, retire, startAll } from './full.ts'

const SHORTEST = fileURLToPath(new URL('./shortest.ts', import.meta.url))

test('shortest: one front address, three hosts', async () => {
  const hosts = await Promise.all(['a', 'b', 'c'].map((name) => until(namingHost(name))))
  const path = socketPath()
  const front = `unix:${path}`
  const args = ['--import', 'tsx', SHORTEST, front, ...hosts.map((host) => host.address)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  })
  await listening(path)
  const got = new Set<string>()
  for (let client = 0; client < 3; client++) got.add(await exchange(front))
  expect([...got].filter((name) => !'abc'.includes(name))).toEqual([])
  expect(hosts.reduce((sum, host) => sum + host.accepted, 0)).toBeGreaterThanOrEqual(3)
})

test('full: weights, a function that picks, and what changes is told', async () => {
  const { lb, told } = await startFull(await until(namingHost('s')))
  const [shop = '', api = ''] = ['shop', 'api'].map((service) => lb.addresses[service]?.[0])
  expect([await exchange(shop), await exchange(shop), await exchange(shop)].join('')).toBe('bbs')
  expect([await exchange(api), await exchange(api)].join('')).toBe('ss')
  lb.balancer.service('shop').enableGroup('spare')
  expect(await exchange(shop)).toBe('x')
  expect(told).toEqual(['shop: enabledGroup from "main" to "spare"'])
})

test('full: a host is retired when its open session is over, and not before', async () => {
  const echo = await until(echoHost())
  const { lb, told } = await startFull(echo)
  const [shop = ''] = lb.addresses['shop'] ?? []
  const client = await connectTo(lb.addresses['api']?.[0] ?? '')
  await eventually(() => echo.accepted === 1, 'the client is in')
  const retired = retire(lb, 'api', 'small')
  expect(told).toEqual(['api/main/small: intent from "enabled" to "draining"'])
  client.socket.end('still here')
  expect((await client.received()).toString()).toBe('still here')
  await retired
  await client.closed()
  expect(told.slice(1)).toEqual(['remove api/main/small'])
  expect(await exchange(lb.addresses['api']?.[0] ?? '')).toBe('b')
  // The host of the same name in the other service is another one.
  expect(lb.balancer.find('shop/main/small')).toMatchObject({ intent: 'enabled' })
  expect(await exchange(shop)).toBe('b')
})

test('docs/embedding.md shows the shortest one as it is, and a piece of the full one', () => {
  const page = readFileSync('docs/embedding.md', 'utf8')
  const [shortest = '', piece = ''] = [...page.matchAll(/```ts\n(.*?)```/gs)].map(
    ([, code]) => code,
  )
  expect(shortest).toBe(writtenIn('shortest.ts'))
  expect(piece).toMatch(/\S/)
  expect(writtenIn('full.ts')).toContain(piece)
})

/** An example as an application would write it, without the comment at its top. */
function writtenIn(name: string): string {
  const source = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8')
  return source.replace(/^(\/\/.*\n)+/, '').replace("'../../src/index.ts'", "'sluice'")
}

async function startFull(small: TestHost) {
  const [big, spare] = [await until(namingHost('b')), await until(namingHost('x'))]
  const told: string[] = []
  const places: typeof PLACES = {
    shop: '127.0.0.1:0',
    api: '127.0.0.1:0',
    big: big.address,
    small: small.address,
    spare: spare.address,
  }
  const lb = await startAll(places, (line) => told.push(line))
  onTestFinished(() => lb.stop(0))
  return { lb, told }
}

async function until(starting: Promise<TestHost>): Promise<TestHost> {
  const host = await starting
  onTestFinished(() => host.close())
  return host
}

/** Resolves when somebody takes clients on this Unix socket. */
async function listening(path: string): Promise<void> {
  await eventually(() => existsSync(path), `${path} is there`)
  for (let taken = false; !taken; ) {
    const client = connecting(`unix:${path}`)
    client.socket.once('connect', () => {
      taken = true
      client.socket.destroy()
    })
    await client.closed()
  }
}
