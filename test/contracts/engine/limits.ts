// Session limits, the wait queue, allow and deny, idle sessions.
import { expect, test } from 'vitest'
import { exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, endlessHost, silentHost } from '../../helpers/hosts.ts'
import { stalls } from '../../helpers/stalls.ts'
import { startCase } from './case.ts'

export function limitCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('a full host is passed over', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const hosts = [hostAt(host.address, { maxSessions: 1 }), hostAt(host.address)]
    one.serve(hosts)
    const { address } = await one.listen()
    for (let i = 0; i < 4; i++) await one.client(address)
    await eventually(() => host.accepted === 4, 'all clients were carried')
    expect(hosts.map(({ counters }) => counters.open)).toEqual([1, 3])
  })

  for (const limit of ['host', 'group'] as const) {
    test(`a client waits while the ${limit} is at its limit and goes in when there is room`, async () => {
      const one = start()
      const echo = await one.until(echoHost())
      const maxSessions = 1
      one.serve([hostAt(echo.address, limit === 'host' ? { maxSessions } : {})], {
        maxSessions: limit === 'group' ? maxSessions : 0,
      })
      const { address } = await one.listen()
      const first = await one.client(address)
      await eventually(() => echo.accepted === 1, 'the first client is in')
      const second = exchange(address, 'at last')
      await eventually(() => one.waiting === 1, 'the second client waits')
      expect(one.engine.sessions().map(({ step }) => step)).toEqual(['relaying', 'queued'])
      first.socket.end()
      expect(await second).toBe('at last')
      expect(one.waiting).toBe(0)
    })
  }

  test('nobody who waits is carried to a host while the engine ends', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })])
    const { address } = await one.listen()
    for (let clients = 0; clients < 4; clients++) {
      await one.client(address)
      await eventually(() => host.accepted === 1 && one.waiting === clients, 'it is in, or waits')
    }
    expect(await one.engine.stop(0)).toBe(4)
    expect(one.refused).toMatchObject(Array(3).fill({ reason: 'stopped', attempts: 0 }))
  })

  test('clients that wait go in first come, first served', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address, { maxSessions: 1 })])
    const { address } = await one.listen()
    const first = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the first client is in')
    const served: string[] = []
    const waiting: Promise<unknown>[] = []
    for (const name of ['one', 'two', 'three']) {
      waiting.push(exchange(address, name).then((answer) => served.push(answer)))
      await eventually(() => one.waiting === waiting.length, `${name} waits`)
    }
    first.socket.end()
    await Promise.all(waiting)
    expect(served).toEqual(['one', 'two', 'three'])
  })

  test('a client that waits too long is closed and counted', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })], { queueTimeoutMs: 50 })
    const { address, table } = await one.listen()
    await one.client(address)
    await eventually(() => host.accepted === 1, 'the first client is in')
    expect(await exchange(address)).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'queue-timeout' }])
    expect(table.counters.failed).toBe(1)
  })

  test('a full queue closes the next client at once', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })], { queue: 1 })
    const { address } = await one.listen()
    await one.client(address)
    await one.client(address)
    await eventually(() => one.waiting === 1, 'one client waits')
    expect(await exchange(address)).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'queue-full' }])
  })

  test('a client that leaves the queue makes room in it', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })])
    const { address } = await one.listen()
    await one.client(address)
    const second = await one.client(address)
    await eventually(() => one.waiting === 1, 'one client waits')
    resetNow(second.socket)
    await eventually(() => one.waiting === 0, 'nobody waits')
    expect(await one.ended(1)).toMatchObject([{ reason: 'client-gone' }])
  })

  test('a new table that has room lets the clients that wait in', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const host = hostAt(echo.address, { maxSessions: 1 })
    one.serve([host])
    const { address } = await one.listen()
    await one.client(address)
    await eventually(() => echo.accepted === 1, 'the first client is in')
    const second = exchange(address, 'raised')
    await eventually(() => one.waiting === 1, 'the second client waits')
    one.serve([{ ...host, maxSessions: 2 }])
    expect(await second).toBe('raised')
  })

  test('a listener at its limit closes the next client', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address, table } = await one.listen({ maxSessions: 1 })
    await one.client(address)
    await eventually(() => host.accepted === 1, 'the first client is in')
    expect(await exchange(address)).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'listener-full' }])
    expect(table.counters.toJSON()).toMatchObject({ open: 1, failed: 1 })
  })

  test('allow and deny decide by network, and deny wins', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const verdicts: string[] = []
    for (const lists of [
      { allow: ['127.0.0.0/8'], deny: [] },
      { allow: ['10.0.0.0/8', '2001:db8::/32'], deny: [] },
      { allow: ['127.0.0.0/8'], deny: ['127.0.0.1'] },
      { allow: [], deny: ['10.0.0.0/8'] },
    ]) {
      const { address } = await one.listen(lists)
      verdicts.push(await exchange(address, 'in'))
    }
    expect(verdicts).toEqual(['in', '', '', 'in'])
    expect(one.closed.filter(({ reason }) => reason === 'denied')).toHaveLength(2)
  })

  test('settings of an open listener change for new clients', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    expect(await exchange(address, 'in')).toBe('in')
    one.engine.updateListener({ ...table, deny: ['127.0.0.1'] })
    expect(await exchange(address, 'in')).toBe('')
  })

  test('a session in which nothing moves is closed after the idle time-out, a busy one is not', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)], { idleTimeoutMs: 200 })
    const { address } = await one.listen()
    const idle = await one.client(address)
    const busy = await one.client(address)
    busy.socket.on('data', () => setImmediate(() => busy.socket.write('tick')))
    busy.socket.write('tick')
    idle.socket.resume()
    expect(await one.ended(1)).toMatchObject([{ reason: 'idle' }])
    await idle.closed()
    expect(busy.socket.destroyed).toBe(false)
  })

  test('a shorter idle time-out counts at once for new sessions', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)], { idleTimeoutMs: 3_600_000 })
    const { address } = await one.listen()
    const old = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the first client is in')
    one.serve([hostAt(echo.address)], { idleTimeoutMs: 200 })
    const idle = await one.client(address)
    idle.socket.resume()
    expect(await one.ended(1)).toMatchObject([{ reason: 'idle' }])
    await idle.closed()
    expect(old.socket.destroyed).toBe(false)
  })

  test('an operator can end a session', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    const client = await one.client(address)
    client.socket.resume()
    const isOpen = () => one.engine.sessions()[0]?.step === 'relaying'
    await eventually(isOpen, 'the session is open')
    const [session] = one.engine.sessions()
    expect(one.engine.killSession(session?.id ?? 0)).toBe(true)
    expect(one.engine.killSession(session?.id ?? 0)).toBe(false)
    await client.closed()
    expect(await one.ended(1)).toMatchObject([{ reason: 'killed' }])
  })

  test('many sessions can be ended in one go, and only those', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    const clients = await Promise.all([1, 2, 3, 4].map(() => one.client(address)))
    for (const { socket } of clients) socket.resume()
    const areOpen = () => one.engine.sessions().filter(({ step }) => step === 'relaying').length
    await eventually(() => areOpen() === 4, 'the sessions are open')
    const [first, , third, last] = one.engine.sessions().map(({ id }) => id)
    const most = [third ?? 0, 999_999, first ?? 0, third ?? 0]
    expect(one.engine.killSessions(most)).toBe(2)
    expect(one.engine.killSessions([])).toBe(0)
    expect(one.engine.killSessions([last ?? 0], 'rebalanced')).toBe(1)
    const ended = (await one.ended(3)).map(({ id, reason }) => `${id} ${reason}`)
    expect(ended.toSorted()).toEqual(
      [`${first} killed`, `${third} killed`, `${last} rebalanced`].toSorted(),
    )
    expect(one.engine.sessions()).toHaveLength(1)
  })

  test('a session whose client stopped reading can be ended all the same', async () => {
    const one = start()
    const host = await one.until(endlessHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    const client = await one.client(address)
    client.socket.pause()
    const atHost = await eventually(() => [...host.sockets][0], 'the client is in')
    await stalls(atHost)
    one.engine.killSession(one.engine.sessions()[0]?.id ?? 0)
    const received = client.received()
    client.socket.resume()
    await received
    await eventually(() => host.sockets.size === 0, 'the host was told')
  })
}
