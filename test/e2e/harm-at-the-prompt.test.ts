// What an operator with the whole process in hand can do by accident, while clients are served and another operator
// works: loops, throws, exits, floods, and leaving in the middle of things.
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { residentBytesOf } from '../../scripts/bench/processes.ts'
import { type TestClient, connectTo } from '../helpers/clients.ts'
import { echoHost } from '../helpers/hosts.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { spawnSsh } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'
import { until } from '../helpers/until.ts'

const MEGABYTE = 1024 * 1024

test('an endless loop is cut, and the sessions of clients go on where they were', async () => {
  const { sluice, client } = await serving()
  const looping = sluice.ssh('js while (true) {}')
  client.socket.write('in the middle of a loop')
  const { status, err } = await looping
  expect({ status, err }).toMatchObject({ status: 1, err: /cut/ as unknown })
  expect(await echoed(client, 'in the middle of a loop')).toBe(true)
  await stillWell(sluice, client)
})

test.each([
  ['throw', 'throw new Error("by hand")'],
  ['a rejection in a timer', 'setTimeout(() => Promise.reject(new Error("late")), 1)'],
  ['a throw in a microtask', 'queueMicrotask(() => { throw new Error("soon") })'],
  ['process.exit()', 'process.exit()'],
  ['process.abort()', 'process.abort()'],
  ['process.kill(process.pid)', 'process.kill(process.pid)'],
  ['exit behind an import', '(await import("node:process")).exit(3)'],
  ['exit behind a timer', 'setTimeout(() => process.exit(3), 1)'],
  ['exit handed to a promise', 'Promise.resolve(3).then((await import("process")).default.exit)'],
  ['exit replaced', 'process.exit = 1'],
  ['a signal by hand', '(await import("process")).default.emit("SIGTERM")'],
  ['an error that is no text', 'setTimeout(() => { throw Object.create(null) }, 1)'],
  ['an error that throws', 'setTimeout(() => { throw { get stack() { throw 1 } } }, 1)'],
])('%s ends nothing', async (_, code) => {
  const { sluice, client } = await serving()
  const terminal = await TestTerminal.open(sluice.target)
  onTestFinished(() => terminal.close())
  await terminal.shows(/sluice>/)
  await terminal.line(code)
  // The prompt is back, and so is everybody else.
  await terminal.line('40 + 2')
  await terminal.shows(/^42$/m)
  await stillWell(sluice, client)
})

test('fifty megabytes for a reader who stopped reading grow nothing, and others work on', async () => {
  const { sluice, client } = await serving()
  const reader = spawnSsh(sluice.target, ['-tt'])
  onTestFinished(() => void reader.kill('SIGKILL'))
  await once(reader.stdout, 'data')
  reader.stdout.pause()
  const before = residentBytesOf([sluice.child.pid])
  reader.stdin.write('for (let i = 0; i < 50; i++) console.log("x".repeat(1024 * 1024))\r')
  await until(async () => sluice.logged('ssh prompt input').length === 1, 'the line arrived')
  await stillWell(sluice, client)
  const grown = residentBytesOf([sluice.child.pid]) - before
  expect(grown / MEGABYTE).toBeLessThan(150)
  reader.kill('SIGKILL')
  await until(async () => sluice.logged('ssh logout').length >= 1, 'the login is over')
})

test('who leaves in the middle of an await leaves nothing behind', async () => {
  const { sluice, client } = await serving()
  const handlesBefore = await handlesOf(sluice)
  for (let number = 1; number <= 5; number += 1) {
    const operator = spawnSsh(sluice.target, ['-tt'])
    await once(operator.stdout, 'data')
    operator.stdin.write(
      'lb.follow(() => {}); setInterval(() => {}, 10); await new Promise(() => {})\r',
    )
    await until(async () => sluice.logged('ssh prompt input').length === number, 'the line arrived')
    operator.kill('SIGKILL')
    await once(operator, 'close')
  }
  await until(async () => (await handlesOf(sluice)) === handlesBefore, 'everything is given back')
  await stillWell(sluice, client)
})

interface Serving {
  readonly sluice: SluiceProcess
  readonly client: TestClient
}

async function serving(): Promise<Serving> {
  const host = await echoHost()
  onTestFinished(() => host.close())
  const port = Number(host.address.split(':').at(-1))
  const sluice = await startSluice({ services: serviceOf('web', [port]) })
  const client = await connectTo(sluice.addressOf('web'))
  onTestFinished(() => void client.socket.destroy())
  return { sluice, client }
}

/** The session of before still carries bytes, another operator is answered, new clients are served, and it stops in good order. */
async function stillWell(sluice: SluiceProcess, client: TestClient): Promise<void> {
  client.socket.write('still there?')
  expect(await echoed(client, 'still there?')).toBe(true)
  expect(await sluice.command('show version')).toMatch(/^sluice /)
  const another = await connectTo(sluice.addressOf('web'))
  another.socket.write('and for me?')
  expect(await echoed(another, 'and for me?')).toBe(true)
  another.socket.destroy()
}

async function echoed({ socket }: TestClient, text: string): Promise<boolean> {
  let received = ''
  while (!received.includes(text)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    received += chunk.toString()
  }
  return true
}

/** Timers and descriptors of the process, as far as they can be seen from outside and from its prompt. */
async function handlesOf(sluice: SluiceProcess): Promise<string> {
  const timers = await sluice.command(
    'js process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length',
  )
  const descriptors = readdirSync(`/proc/${sluice.child.pid}/fd`).length
  return `${timers.trim()} timers, ${descriptors} descriptors`
}
