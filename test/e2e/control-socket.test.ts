// A host asks on the control socket who is really behind the connections it sees.
import { statSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { connectTo, exchange, type TestClient } from '../helpers/clients.ts'
import { startHost } from '../helpers/hosts.ts'
import {
  serviceOf,
  type SluiceProcess,
  startAgain,
  startSluice,
} from '../helpers/sluice-process.ts'
import { until } from '../helpers/until.ts'

test('a host learns the real client of each of its connections, as long as it is open', async () => {
  const asked: { socket: Socket; answer: Promise<unknown> }[] = []
  const control = { path: '' }
  const host = await startHost((socket) => {
    socket.resume()
    socket.on('end', () => socket.end())
    const address = `${socket.remoteAddress}:${socket.remotePort}`
    asked.push({ socket, answer: ask(control.path, address) })
  })
  onTestFinished(() => host.close())
  const sluice = await startSluice({ services: serviceOf('web', [host.address]) })
  control.path = sluice.controlPath
  expect(statSync(control.path).mode & 0o777).toBe(0o660)

  const clients = [await clientOf(sluice), await clientOf(sluice), await clientOf(sluice)]
  await until(async () => asked.length === clients.length, 'every client has reached the host')
  const answers = await Promise.all(asked.map(({ answer }) => answer))
  const clientAddresses = clients.map(({ socket }) => `127.0.0.1:${localPortOf(socket)}`)
  expect(answers).toEqual(
    clientAddresses.map((client) => expect.objectContaining({ client, service: 'web', host: 'a' })),
  )
  const sessions = await sluice.show<{ id: number; client: string }>('sessions')
  expect(sessions.map(({ client }) => client)).toEqual(clientAddresses)
  expect(answers).toMatchObject(sessions.map(({ id }) => ({ session: id })))

  const [first] = clients
  const address = `127.0.0.1:${asked[0]?.socket.remotePort}`
  first?.socket.end()
  await first?.closed()
  const gone = JSON.stringify({ error: 'unknown' })
  await until(
    async () => JSON.stringify(await ask(control.path, address)) === gone,
    'the answer is gone with the session',
  )
  for (const { socket } of clients) socket.destroy()
  await sluice.stop()
})

test('a control socket that a crash left behind is replaced', async () => {
  const sluice = await startSluice({ services: serviceOf('web', [9]) })
  await sluice.child.destroy()
  expect(statSync(sluice.controlPath).isSocket()).toBe(true)
  const again = await startAgain(sluice.folder)
  expect(await ask(again.controlPath, '127.0.0.1:1')).toEqual({ error: 'unknown' })
  await again.stop()
})

async function clientOf(sluice: SluiceProcess): Promise<TestClient> {
  const client = await connectTo(sluice.addressOf('web'))
  client.socket.resume()
  return client
}

async function ask(path: string, address: string): Promise<unknown> {
  const answer = await exchange(`unix:${path}`, `${JSON.stringify({ address })}\n`)
  return JSON.parse(answer)
}

function localPortOf(socket: Socket): number {
  return (socket.address() as AddressInfo).port
}
