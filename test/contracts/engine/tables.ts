// New tables, listeners that come and go, and the end: nothing of it disturbs an open session.
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { connecting, exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, namingHost, silentHost } from '../../helpers/hosts.ts'
import { startCase } from './case.ts'

export function tableCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  /** A session that nothing ends: its host says nothing, and its client reads on. */
  const withSilentClient = async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    const client = await one.client(address)
    client.socket.resume()
    await eventually(() => host.accepted === 1, 'the client is in')
    return { one, client }
  }

  test('an open session keeps its host when the host leaves the table', async () => {
    const one = start()
    const [old, fresh] = [await one.until(echoHost()), await one.until(namingHost('fresh'))]
    const oldHost = hostAt(old.address)
    one.serve([oldHost])
    const { address } = await one.listen()
    const client = await one.client(address)
    await eventually(() => old.accepted === 1, 'the first client is in')
    one.serve([hostAt(fresh.address)], { group: 'other' })
    expect(await exchange(address)).toBe('fresh')
    client.socket.end('still here')
    expect((await client.received()).toString()).toBe('still here')
    await one.ended(2)
    expect(oldHost.counters.toJSON()).toMatchObject({ open: 0, total: 1 })
  })

  test('nobody is skipped or served twice when a host is removed in the middle of a round', async () => {
    const one = start()
    const named = await Promise.all(['a', 'b', 'c', 'd'].map((name) => one.until(namingHost(name))))
    const hosts = named.map(({ address }, index) => hostAt(address, { name: 'abcd'[index] ?? '' }))
    one.serve(hosts)
    const { address } = await one.listen()
    expect([await exchange(address), await exchange(address)]).toEqual(['a', 'b'])
    one.serve(hosts.filter(({ name }) => name !== 'c'))
    expect([await exchange(address), await exchange(address)]).toEqual(['d', 'a'])
  })

  test('a host that is added gets its turn without disturbing the round', async () => {
    const one = start()
    const named = await Promise.all(['a', 'b', 'c'].map((name) => one.until(namingHost(name))))
    const hosts = named.map(({ address }, index) => hostAt(address, { name: 'abc'[index] ?? '' }))
    one.serve(hosts.slice(0, 2))
    const { address } = await one.listen()
    expect(await exchange(address)).toBe('a')
    one.serve(hosts)
    const rest = [await exchange(address), await exchange(address), await exchange(address)]
    expect(rest).toEqual(['b', 'c', 'a'])
  })

  test('a closed listener takes nobody, its open sessions go on', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    const client = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the client is in')
    await one.engine.closeListener(table.id)
    const late = connecting(address)
    await late.closed()
    expect(late.errors).toEqual(['ECONNREFUSED'])
    client.socket.end('still here')
    expect((await client.received()).toString()).toBe('still here')
  })

  test('two listeners share the hosts of their service', async () => {
    const one = start()
    const [a, b] = [await one.until(namingHost('a')), await one.until(namingHost('b'))]
    one.serve([hostAt(a.address), hostAt(b.address)])
    const doors = [await one.listen(), await one.listen()]
    const got = []
    for (const { address } of [...doors, ...doors]) got.push(await exchange(address))
    expect(got).toEqual(['a', 'b', 'a', 'b'])
  })

  test('a service that is renamed keeps its sessions, its listeners and its place in the round', async () => {
    const one = start()
    const named = await Promise.all(['a', 'b', 'c'].map((name) => one.until(namingHost(name))))
    const hosts = named.map(({ address }, index) => hostAt(address, { name: 'abc'[index] ?? '' }))
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address } = await one.listen()
    const client = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the client is in')
    one.serve(hosts)
    expect(await exchange(address)).toBe('a')
    one.engine.renameService('web', 'www')
    expect(await exchange(address)).toBe('b')
    one.serve(hosts, { service: 'www' })
    expect(await exchange(address)).toBe('c')
    expect(one.engine.sessions()[0]).toMatchObject({ service: 'www', group: 'main' })
    client.socket.end('still here')
    expect((await client.received()).toString()).toBe('still here')
    const ended = await one.ended(4)
    expect(ended.at(-1)).toMatchObject({ service: 'www', reason: 'done' })
  })

  test('a group that is renamed keeps its sessions, its limit and its place in the round', async () => {
    const one = start()
    const named = await Promise.all(['a', 'b', 'c'].map((name) => one.until(namingHost(name))))
    const echo = await one.until(echoHost())
    const stays = hostAt(echo.address)
    one.serve([stays])
    const { address } = await one.listen()
    const client = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the client is in')
    const hosts = named.map((host, index) => hostAt(host.address, { name: 'abc'[index] ?? '' }))
    one.serve(hosts)
    expect(await exchange(address)).toBe('a')
    one.engine.renameGroup('web', 'main', 'first')
    one.serve(hosts, { group: 'first' })
    expect([await exchange(address), await exchange(address)]).toEqual(['b', 'c'])
    expect(one.engine.sessions()[0]).toMatchObject({ group: 'first' })
    one.serve(hosts, { group: 'first', maxSessions: 1, queue: 0 })
    expect(await exchange(address)).toBe('')
    const ended = await one.ended(4)
    expect(ended.at(-1)).toMatchObject({ reason: 'queue-full' })
    client.socket.end('still here')
    expect((await client.received()).toString()).toBe('still here')
    await one.ended(5)
  })

  test('sessions are listed in pages, oldest first', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { name: 'a' })])
    const { address } = await one.listen()
    const clients = []
    for (let i = 1; i <= 5; i++) clients.push(await one.client(address))
    await eventually(() => host.accepted === 5, 'all are in')
    const firstPage = one.engine.sessions({ limit: 2 })
    const secondPage = one.engine.sessions({ after: firstPage[1]?.id ?? 0, limit: 10 })
    expect([firstPage.length, secondPage.length]).toEqual([2, 3])
    expect(firstPage[0]).toMatchObject({
      service: 'web',
      group: 'main',
      host: 'a',
      step: 'relaying',
      client: `127.0.0.1:${clients[0]?.socket.localPort}`,
    })
  })

  test('who is behind a connection to a host is known exactly as long as the session lives', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { name: 'a' })])
    const { address } = await one.listen()
    const client = await one.client(address)
    const socket = await eventually(() => [...host.sockets][0], 'the client is in')
    const ours = `127.0.0.1:${socket.remotePort}`
    expect(one.engine.behind(ours)).toMatchObject({
      client: `127.0.0.1:${client.socket.localPort}`,
      service: 'web',
      host: 'a',
    })
    expect(one.engine.behind(ours, host.address)).toMatchObject({ host: 'a' })
    expect(one.engine.behind(ours, '127.0.0.1:1')).toBeUndefined()
    resetNow(client.socket)
    await one.ended(1)
    expect(one.engine.behind(ours)).toBeUndefined()
  })

  test('a stop lets open sessions finish and takes nobody new', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address } = await one.listen()
    const client = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the client is in')
    const stopping = one.engine.stop(10_000)
    await eventually(() => one.engine.sessionCount === 1, 'the session is still there')
    client.socket.end('finished')
    expect((await client.received()).toString()).toBe('finished')
    expect(await stopping).toBe(0)
  })

  test('a group that serves again goes on where it was', async () => {
    const one = start()
    const named = await Promise.all(['a', 'b', 'c'].map((name) => one.until(namingHost(name))))
    const hosts = named.map(({ address }) => hostAt(address))
    const spare = hostAt((await one.until(namingHost('spare'))).address)
    one.serve(hosts)
    const { address } = await one.listen()
    const got = [await exchange(address)]
    one.serve([spare], { group: 'other' })
    got.push(await exchange(address))
    one.serve(hosts)
    got.push(await exchange(address), await exchange(address))
    expect(got).toEqual(['a', 'spare', 'b', 'c'])
  })

  test('sessions of a group count for it when it serves again', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const hosts = [hostAt(host.address), hostAt(host.address)]
    const rule = { kind: 'least', weights: Uint32Array.of(1, 1), tie: 'order' } as const
    const { address } = await one.listen()
    one.serve(hosts, { rule })
    const old = [await one.client(address), await one.client(address)]
    await eventually(() => host.accepted === 2, 'both hosts have one')
    one.serve([hostAt(host.address)], { group: 'other' })
    one.serve(hosts, { rule })
    resetNow(old[1]?.socket as Socket)
    await one.ended(1)
    await one.client(address)
    await eventually(() => host.accepted === 3, 'the next client is in')
    expect(hosts.map(({ counters }) => counters.open)).toEqual([1, 1])
  })

  test('a table that is removed and comes back while a port opens serves that port', async () => {
    const one = start()
    const host = await one.until(namingHost('here'))
    const opening = one.listen()
    one.engine.removeTable('web')
    one.serve([hostAt(host.address)])
    const { address } = await opening
    expect(await exchange(address)).toBe('here')
  })

  test('no port opens while the engine stops', async () => {
    const { one } = await withSilentClient()
    const opening = one.listen()
    const stopping = one.engine.stop(60_000)
    await expect(opening).rejects.toThrow('the balancer is stopping')
    await expect(one.listen()).rejects.toThrow('the balancer is stopping')
    await one.engine.stop(0)
    await stopping
  })

  test('a second stop waits no longer, and ends the first one too', async () => {
    const { one } = await withSilentClient()
    const stopping = one.engine.stop(60_000)
    expect(await one.engine.stop(0)).toBe(1)
    expect(await stopping).toBe(0)
  })

  test('a stop closes what did not finish by the deadline, and says how many', async () => {
    const { one, client } = await withSilentClient()
    expect(await one.engine.stop(50)).toBe(1)
    await client.closed()
    expect(await one.ended(1)).toMatchObject([{ reason: 'stopped' }])
  })
}
