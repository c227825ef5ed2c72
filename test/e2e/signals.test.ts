// What signals do: SIGHUP opens the log anew, SIGTERM and Ctrl-C stop gracefully, a second Ctrl-C at once.
import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connecting, connectTo } from '../helpers/clients.ts'
import { deferred } from '../helpers/deferred.ts'
import { silentHost, startHost } from '../helpers/hosts.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { until } from '../helpers/until.ts'

const TRANSFER = randomBytes(18 * 1024 * 1024)

test('SIGHUP opens a log that was moved away anew', async () => {
  const sluice = await startSluice({ services: serviceOf('web', [9]) })
  const [file, moved] = [join(sluice.folder, 'sluice.log'), join(sluice.folder, 'sluice.log.1')]
  renameSync(file, moved)
  await sluice.command('set host web/main/a weight 2')
  await until(async () => readFileSync(moved, 'utf8').includes('weight 2'), 'the moved log goes on')
  sluice.child.signal('SIGHUP')
  await until(async () => existing(file) !== undefined, 'a new log')
  await sluice.command('set host web/main/a weight 3')
  await until(async () => existing(file)?.includes('weight 3'), 'the new log goes on')
  expect(readFileSync(moved, 'utf8')).not.toContain('weight 3')
  await sluice.stop()
})

test('a stop lets a running transfer finish, and takes no new client meanwhile', async () => {
  const goOn = deferred()
  const host = await startHost((socket) => {
    socket.write(TRANSFER.subarray(0, TRANSFER.length / 2))
    void goOn.promise.then(() => socket.end(TRANSFER.subarray(TRANSFER.length / 2)))
  })
  onTestFinished(() => host.close())
  const sluice = await startSluice({ services: serviceOf('web', [host.address]) })
  const client = await connectTo(sluice.addressOf('web'))
  const received = client.received()
  await until(async () => client.socket.bytesRead > TRANSFER.length / 4, 'the transfer runs')

  sluice.child.signal('SIGTERM')
  await untilStopping(sluice)
  await until(() => isRefused(sluice.addressOf('web')), 'a new client is refused')
  // Operators may look on until the last session is gone.
  expect(await sluice.show('sessions')).toHaveLength(1)
  goOn.resolve()
  expect((await received).equals(TRANSFER)).toBe(true)
  client.socket.end()
  expect(await sluice.child.ended).toMatchObject({ status: 0, err: '' })
  expect(sluice.logged('sessions closed at the stop')).toEqual([])
  sluice.assertNothingLeft()
})

test('Ctrl-C waits for a session, and another one does not', async () => {
  const host = await silentHost()
  onTestFinished(() => host.close())
  const sluice = await startSluice({ services: serviceOf('web', [host.address]) })
  const client = await connectTo(sluice.addressOf('web'))
  client.socket.resume()
  await until(async () => host.sockets.size === 1, 'a session')
  sluice.child.signal('SIGINT')
  await untilStopping(sluice)
  expect(await sluice.show('sessions')).toHaveLength(1)

  // Somebody who is tired of waiting presses it again and again; what comes within half a second is one.
  const press = async () => {
    if (!client.socket.closed) sluice.child.signal('SIGINT')
    return client.socket.closed
  }
  await until(press, 'the session is closed')
  expect(await sluice.child.ended).toMatchObject({ status: 0, err: '' })
  expect(sluice.logged('sessions closed at the stop')).toMatchObject([{ sessions: 1 }])
  sluice.assertNothingLeft()
})

test('the command stop stops it as a signal does', async () => {
  const sluice = await startSluice({ services: serviceOf('web', [9]) })
  await sluice.command('stop')
  expect(await sluice.child.ended).toMatchObject({ status: 0, err: '' })
  sluice.assertNothingLeft()
})

async function untilStopping(sluice: SluiceProcess): Promise<void> {
  await until(async () => sluice.logged('stopping').length > 0, 'stopping', { everyMs: 10 })
}

async function isRefused(address: string): Promise<boolean> {
  const client = connecting(address)
  client.socket.once('connect', () => client.socket.destroy())
  await client.closed()
  return client.errors.includes('ECONNREFUSED')
}

function existing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
