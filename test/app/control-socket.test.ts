// The control socket as hosts use it, and as somebody with bad intentions does.
import { once } from 'node:events'
import { existsSync, linkSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ControlSocketOptions, startControlSocket } from '../../src/app/control-socket.ts'
import { LIMITS } from '../../src/base/limits.ts'
import type { Behind } from '../../src/engine/contract.ts'
import { connectTo, exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { socketPath } from '../helpers/socket-path.ts'

const BEHIND: Readonly<Record<string, Behind>> = {
  '127.0.0.1:54321': { client: '203.0.113.9:51234', service: 'web', host: 'a', session: 17 },
  '[2001:db8::7]:80': { client: '[2001:db8::1]:4', service: 'web', host: 'b', session: 18 },
}
const ANSWER = { client: '203.0.113.9:51234', service: 'web', host: 'a', session: 17 }
const UNKNOWN = { error: 'unknown' }
const NOT_UNDERSTOOD = { error: 'ask one JSON object on a line: {"address":"IP:PORT"}' }

describe('questions', () => {
  test('who is behind an address is answered on one line', async () => {
    const { address } = await started()
    expect(await exchange(address, '{"address":"127.0.0.1:54321"}\n')).toBe(
      `${JSON.stringify(ANSWER)}\n`,
    )
  })

  test('an address without a session is unknown', async () => {
    const { ask } = await started()
    expect(await ask('{"address":"127.0.0.1:1"}\n')).toEqual([UNKNOWN])
  })

  test('an address may be written in other ways than ours', async () => {
    const { ask } = await started()
    expect(await ask('{"address":"[::ffff:127.0.0.1]:54321"}\n')).toEqual([ANSWER])
    expect(await ask('{"address":"[2001:0DB8:0::7]:80"}\n')).toMatchObject([{ host: 'b' }])
  })

  test('several questions on one connection are answered in their order', async () => {
    const { ask } = await started()
    const known = '{"address":"127.0.0.1:54321"}'
    expect(await ask(`${known}\n{"address":"10.0.0.1:1"}\r\n{}\n${known}`)).toEqual([
      ANSWER,
      UNKNOWN,
      NOT_UNDERSTOOD,
      ANSWER,
    ])
  })

  test('a connection that stays open goes on being answered', async () => {
    const { address } = await started()
    const client = await connectTo(address)
    for (let i = 0; i < 3; i++) {
      client.socket.write('{"address":"127.0.0.1:54321"}\n')
      const [answer] = await once(client.socket, 'data')
      expect(JSON.parse(String(answer))).toEqual(ANSWER)
    }
    client.socket.destroy()
    await client.closed()
  })

  test('a question that comes byte by byte is one question', async () => {
    const { address } = await started()
    const client = await connectTo(address)
    const received = client.received()
    for (const letter of '{"address":"127.0.0.1:54321"}\n') {
      await new Promise((resolve) => client.socket.write(letter, resolve))
    }
    client.socket.end()
    expect(JSON.parse((await received).toString())).toEqual(ANSWER)
    await client.closed()
  })
})

describe('bad questions', () => {
  test.each([
    '',
    'hello',
    '{"address":',
    '17',
    'null',
    '[]',
    '{"address":17}',
    '{"address":"localhost:80"}',
    '{"address":"127.0.0.1"}',
    '{"address":"*:80"}',
    '{"address":"unix:/run/a"}',
    '{"address":"127.0.0.1:99999"}',
    '{"__proto__":{"address":"127.0.0.1:54321"}}',
  ])('%s says what is accepted', async (line) => {
    const { ask } = await started()
    expect(await ask(`${line}\n`)).toEqual([NOT_UNDERSTOOD])
  })

  test('a line of the longest length is read, a longer one ends the connection', async () => {
    const { ask } = await started()
    const question = '{"address":"127.0.0.1:54321"}'
    const longest = question.padEnd(LIMITS.controlLineBytesMax)
    expect(await ask(`${longest}\n${question}\n`)).toEqual([ANSWER, ANSWER])
    const tooLong = { error: `a question is at most ${LIMITS.controlLineBytesMax} bytes long` }
    expect(await ask(`${question}\n${longest} \n${question}\n`)).toEqual([ANSWER, tooLong])
    expect(await ask('x'.repeat(1_000_000))).toEqual([tooLong])
  })

  test('a function that throws is an unknown session and a line in the log', async () => {
    const { ask, log } = await started({
      behind: () => {
        throw new Error('broken')
      },
    })
    expect(await ask('{"address":"127.0.0.1:1"}\n')).toEqual([UNKNOWN])
    expect(log.of('control question failed')).toHaveLength(1)
  })

  test('no bytes make it fall over', async () => {
    const { ask, address } = await started()
    const bytes = fc.uint8Array({ maxLength: 3_000 }).map((given) => Buffer.from(given))
    const run = fc.asyncProperty(bytes, async (given) => void (await exchange(address, given)))
    await fc.assert(run, { numRuns: 50 })
    expect(await ask('{"address":"127.0.0.1:54321"}\n')).toEqual([ANSWER])
  })

  test('a client that asks and never reads is not listened to, and is closed when idle', async () => {
    const questions = 200_000
    let asked = 0
    const { address } = await started({ idleMs: 200, behind: () => void asked++ })
    const client = await connectTo(address)
    client.socket.pause()
    client.socket.write('{"address":"127.0.0.1:54321"}\n'.repeat(questions))
    await client.closed()
    expect(asked).toBeGreaterThan(0)
    expect(asked).toBeLessThan(questions / 2)
  })

  test('a client that is gone before its answer does no harm', async () => {
    const { ask, address } = await started()
    for (let i = 0; i < 20; i++) {
      const client = await connectTo(address)
      client.socket.write('{"address":"127.0.0.1:54321"}\n')
      client.socket.destroy()
      await client.closed()
    }
    expect(await ask('{"address":"127.0.0.1:54321"}\n')).toEqual([ANSWER])
  })
})

describe('connections', () => {
  test('an idle one is closed', async () => {
    const { address } = await started({ idleMs: 50 })
    const client = await connectTo(address)
    expect(await client.received()).toHaveLength(0)
    client.socket.destroy()
    await client.closed()
  })

  test('no more than the limit are open, and a place that is given back is used again', async () => {
    const { address, ask } = await started()
    const clients = await Promise.all(
      Array.from({ length: LIMITS.controlClientsMax }, () => connectTo(address)),
    )
    const [first] = clients
    first?.socket.write('{}\n')
    await once(first?.socket ?? process, 'data')
    expect(await ask('{"address":"127.0.0.1:54321"}\n')).toEqual([])
    for (const client of clients) client.socket.destroy()
    await Promise.all(clients.map((client) => client.closed()))
    await eventually(async () => (await ask('{}\n')).length === 1, 'there is room again')
  })
})

describe('the socket', () => {
  test('is open to its owner and group and to nobody else', async () => {
    const { path } = await started()
    expect((statSync(path).mode & 0o777).toString(8)).toBe('660')
  })

  test('leaves the mask of the process as it was', async () => {
    const before = process.umask()
    await started()
    expect(process.umask()).toBe(before)
  })

  test('is gone after a stop, with its connections', async () => {
    const { path, stop, address } = await started()
    const client = await connectTo(address)
    await stop()
    await client.received()
    client.socket.destroy()
    await client.closed()
    expect(existsSync(path)).toBe(false)
  })

  test('a second stop is no harm', async () => {
    const { stop } = await started()
    await stop()
    await stop()
  })

  test('one that a crashed process left behind is replaced', async () => {
    const path = socketPath()
    await leaveBehind(path)
    const { ask } = await started({ path })
    expect(await ask('{"address":"127.0.0.1:54321"}\n')).toEqual([ANSWER])
  })

  test('one on which somebody answers is left alone', async () => {
    const first = await started()
    await expect(started({ path: first.path })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: expect.stringContaining(first.path),
    })
    expect(await first.ask('{"address":"127.0.0.1:54321"}\n')).toEqual([ANSWER])
  })

  test('a file that is no socket is left alone', async () => {
    const path = socketPath()
    writeFileSync(path, 'precious')
    await expect(started({ path })).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    expect(existsSync(path)).toBe(true)
  })

  test.each([
    ['a folder that is not there', (path: string) => `${path}/missing/a.sock`],
    ['a path that is too long', (path: string) => `${dirname(path)}/${'x'.repeat(200)}`],
  ])('%s is refused with a sentence', async (_, change) => {
    await expect(started({ path: change(socketPath()) })).rejects.toMatchObject({
      code: 'PORT_DENIED',
      message: expect.stringContaining('its folder must be there and writable'),
    })
  })
})

async function started(options: Partial<ControlSocketOptions> = {}) {
  const log = new RecordingLog()
  const path = socketPath()
  const behind = (address: string) => BEHIND[address]
  const socket = await startControlSocket({ path, behind, log, ...options })
  onTestFinished(() => socket.stop())
  const address = `unix:${socket.path}`
  const ask = async (text: string): Promise<unknown[]> => {
    const lines = (await exchange(address, text)).split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line))
  }
  return { log, ask, address, path: socket.path, stop: () => socket.stop() }
}

/** A socket file without a process, as after a kill -9. */
async function leaveBehind(path: string): Promise<void> {
  const server = createServer().listen(`${path}.first`)
  await once(server, 'listening')
  // The system removes the file that it knows of, not this one.
  linkSync(`${path}.first`, path)
  server.close()
  await once(server, 'close')
  const probe = connect(path)
  await once(probe, 'error')
}
