// Bytes both ways: whole, in order, once; ends, resets and slow readers carried through.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { exchange, receivedBy, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { memoryInUse } from '../../helpers/memory.ts'
import { echoHost, silentHost, startHost } from '../../helpers/hosts.ts'
import { stalls } from '../../helpers/stalls.ts'
import { type Case, startCase } from './case.ts'

const MEGABYTE = 1024 * 1024
/** What user space may hold for one stuck direction; the rest waits in the kernel. */
const USER_BUFFER_MAX = 8 * MEGABYTE

export function relayCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('a megabyte comes back as it went', async () => {
    const one = start()
    const { address } = await serve(one, await one.until(echoHost()))
    const sent = randomBytes(MEGABYTE)
    const client = await one.client(address)
    client.socket.end(sent)
    expect(hashOf(await client.received())).toBe(hashOf(sent))
    const [session] = await one.ended(1)
    expect(session).toMatchObject({
      reason: 'done',
      bytesFromClient: MEGABYTE,
      bytesFromHost: MEGABYTE,
      attempts: 1,
    })
  })

  test('a reply that comes after the end of the request arrives', async () => {
    const one = start()
    const host = await one.until(
      startHost((socket) => {
        void receivedBy(socket).then((request) => socket.end(`you said ${request.toString()}`))
      }),
    )
    const { address } = await serve(one, host)
    expect(await exchange(address, 'good morning')).toBe('you said good morning')
  })

  test('a client may go on sending after the host has ended', async () => {
    const one = start()
    const heard: Buffer[] = []
    const host = await one.until(
      startHost((socket) => {
        socket.end('that is all from me')
        socket.on('data', (chunk: Buffer) => heard.push(chunk))
      }),
    )
    const { address } = await serve(one, host)
    const client = await one.client(address)
    expect((await client.received()).toString()).toBe('that is all from me')
    client.socket.end('but I am not done')
    await one.ended(1)
    // What is on its way to the host may be read there after the session has ended here.
    await eventually(() => Buffer.concat(heard).toString() === 'but I am not done', 'all is heard')
  })

  test('bytes sent before a host answered arrive once, though the first host refused', async () => {
    const one = start()
    const gone = await one.until(silentHost())
    await gone.close()
    const host = await one.until(echoHost())
    const { address } = await one.listen()
    one.serve([hostAt(gone.address), hostAt(host.address)])
    expect(await exchange(address, 'early')).toBe('early')
    expect(await one.ended(1)).toMatchObject([{ attempts: 2, bytesFromClient: 5, reason: 'done' }])
  })

  test('a reset of the client is passed on as a reset', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const { address } = await serve(one, host)
    const client = await one.client(address)
    const socket = await onlySocket(host)
    const failed = once(socket, 'error')
    socket.resume()
    resetNow(client.socket)
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
    expect(await one.ended(1)).toMatchObject([{ reason: 'client-reset' }])
  })

  test('a reset of the host is passed on as a reset', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const { address } = await serve(one, host)
    const client = await one.client(address)
    client.socket.resume()
    resetNow(await onlySocket(host))
    await client.closed()
    expect(client.errors).toEqual(['ECONNRESET'])
    expect(await one.ended(1)).toMatchObject([{ reason: 'host-reset' }])
  })

  test('a host that has ended and then refuses more does not spoil what it said', async () => {
    const one = start()
    const host = await one.until(startHost((socket) => socket.end('that is all')))
    const { address } = await serve(one, host)
    const client = await one.client(address)
    expect((await client.received()).toString()).toBe('that is all')
    ;(await onlySocket(host)).destroy()
    client.socket.write('are you there?')
    await eventually(() => host.sockets.size === 0, 'the host is gone')
    for (let i = 0; i < 10; i++) client.socket.write('are you there?')
    client.socket.end()
    await client.closed()
    expect(client.errors).toEqual([])
    expect(await one.ended(1)).toMatchObject([{ reason: 'done' }])
  })

  test('a client that sends for ever to a host that has ended and is gone is told in the end', async () => {
    const one = start()
    const host = await one.until(startHost((socket) => socket.end('that is all')))
    const { address } = await serve(one, host)
    const client = await one.client(address)
    await client.received()
    ;(await onlySocket(host)).destroy()
    const send = () =>
      client.socket.writable && client.socket.write('more', () => setImmediate(send))
    send()
    await client.closed()
    expect(await one.ended(1)).toMatchObject([{ reason: 'host-reset' }])
  })

  for (const direction of ['client', 'host'] as const) {
    test(`a ${direction} that stops reading stops its sender, 50 MB later all is there`, async () => {
      const one = start()
      const host = await one.until(silentHost())
      const { address } = await serve(one, host)
      const client = await one.client(address)
      const atHost = await onlySocket(host)
      client.socket.pause()
      const [sender, reader] =
        direction === 'client' ? [atHost, client.socket] : [client.socket, atHost]
      const hash = createHash('sha256')
      const before = memoryInUse()
      const sending = sendAll(sender, 50, hash)
      await stalls(sender)
      // The chunks that the sender itself holds are its own; what grew beyond them is the engine's.
      const grown = memoryInUse() - before
      expect(grown - sender.writableLength).toBeLessThan(USER_BUFFER_MAX)
      const received = hashOfAll(reader)
      await sending
      expect(await received).toBe(hash.digest('hex'))
    })
  }

  test('a thousand sessions at once each get their own bytes', async () => {
    const one = start()
    const { address } = await serve(one, await one.until(echoHost()))
    const texts = Array.from({ length: 1_000 }, (_, index) => `session ${index}`)
    expect(await Promise.all(texts.map((text) => exchange(address, text)))).toEqual(texts)
    await one.ended(1_000)
    expect(one.engine.sessionCount).toBe(0)
  })
}

async function serve(one: Case, { address }: { address: string }) {
  one.serve([hostAt(address)])
  return one.listen()
}

async function onlySocket(host: { sockets: ReadonlySet<Socket> }): Promise<Socket> {
  return eventually(() => [...host.sockets][0], 'the session reached its host')
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function hashOfAll(socket: Socket): Promise<string> {
  const hash = createHash('sha256')
  socket.on('data', (chunk: Buffer) => hash.update(chunk))
  socket.resume()
  await once(socket, 'end')
  return hash.digest('hex')
}

// One megabyte at a time, each only when the one before was taken.
async function sendAll(socket: Socket, megabytes: number, hash: ReturnType<typeof createHash>) {
  for (let i = 0; i < megabytes; i++) {
    const chunk = randomBytes(MEGABYTE)
    hash.update(chunk)
    if (!socket.write(chunk)) await once(socket, 'drain')
  }
  socket.end()
}
