// A paused service: new clients are held, in their order, with every byte; open sessions go on.
import { expect, test } from 'vitest'
import { exchange, receivedBy, resetNow, type TestClient } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import {
  echoHost,
  namingHost,
  refusingAddress,
  silentHost,
  unansweringHost,
} from '../../helpers/hosts.ts'
import { type Case, startCase } from './case.ts'

const PAUSED = { hold: 100 }

export function pauseCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('held clients reach no host, and go in their order when the pause is over', async () => {
    const one = start()
    const names = 'abcdefgh'.split('')
    // The first one is given the first host, and so on: in whatever order connections come to be.
    const hosts = await Promise.all(names.map((name) => one.until(namingHost(name))))
    const served = hosts.map(({ address }) => hostAt(address))
    one.serve(served, PAUSED)
    const { address } = await one.listen()
    const held: TestClient[] = []
    for (const [index, name] of names.entries()) {
      const client = await one.client(address)
      client.socket.end(name)
      held.push(client)
      await eventually(() => one.waiting === index + 1, `${name} is held`)
    }
    expect(hosts.map(({ accepted }) => accepted)).toEqual(names.map(() => 0))
    expect(one.engine.sessions().map(({ step }) => step)).toEqual(names.map(() => 'held'))
    one.serve(served)
    const answers = await Promise.all(held.map(({ socket }) => receivedBy(socket)))
    expect(answers.map(String)).toEqual(names)
    await eventually(() => one.waiting === 0, 'nobody waits')
    expect((await one.ended(names.length)).map(({ reason }) => reason)).toEqual(
      names.map(() => 'done'),
    )
  })

  test('more clients than go in one turn all go, and those who come meanwhile stand behind them', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, { hold: 2_000 })
    const { address } = await one.listen()
    const texts = Array.from({ length: 700 }, (_, index) => `client ${index}`)
    const held = texts.map((text) => exchange(address, text))
    await eventually(() => one.waiting === texts.length, 'all are held')
    one.serve(hosts)
    const late = exchange(address, 'late')
    expect(await Promise.all([...held, late])).toEqual([...texts, 'late'])
  })

  test('a megabyte that a client sent while it was held arrives whole and once', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, PAUSED)
    const { address } = await one.listen()
    const sent = 'early '.repeat(200_000)
    const answer = exchange(address, sent)
    await eventually(() => one.waiting === 1, 'the client is held')
    one.serve(hosts)
    expect((await answer) === sent).toBe(true)
  })

  test('open sessions go on', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts)
    const { address } = await one.listen()
    const client = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the client is in')
    one.serve(hosts, PAUSED)
    client.socket.end('still here')
    expect((await client.received()).toString()).toBe('still here')
  })

  test('a held client that leaves is client-gone, and the others stay', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, PAUSED)
    const { address } = await one.listen()
    const [gone, stays] = [await one.client(address), exchange(address, 'stays')]
    await eventually(() => one.waiting === 2, 'both are held')
    resetNow(gone.socket)
    await eventually(() => one.waiting === 1, 'one is held')
    expect(await one.ended(1)).toMatchObject([{ reason: 'client-gone', connectMs: -1 }])
    one.serve(hosts)
    expect(await stays).toBe('stays')
  })

  test('a client beyond the bound is closed as queue-full', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, { hold: 1, queue: 0 })
    const { address } = await one.listen()
    const held = exchange(address, 'first')
    await eventually(() => one.waiting === 1, 'one is held')
    expect(await exchange(address, 'second')).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'queue-full' }])
    one.serve(hosts)
    expect(await held).toBe('first')
  })

  test('the time in a pause is not taken for waiting in the queue', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const full = hostAt(host.address, { maxSessions: 1 })
    one.serve([full], { queueTimeoutMs: 250 })
    const { address } = await one.listen()
    await one.client(address)
    await eventually(() => host.accepted === 1, 'the host is full')
    const queued = await one.client(address)
    queued.socket.resume()
    await eventually(() => one.waiting === 1, 'the second client waits')
    one.serve([full], { queueTimeoutMs: 250, ...PAUSED })
    // One whose time is over by the clock of the queue: he came after, and his end shows that the clock went on.
    one.serve([full], { service: 'clock', queueTimeoutMs: 250 })
    const clock = await one.listen({ service: 'clock' })
    expect(await exchange(clock.address)).toBe('')
    expect(await one.ended(1)).toMatchObject([{ service: 'clock', reason: 'queue-timeout' }])
    expect(one.engine.sessions().map(({ step }) => step)).toEqual(['relaying', 'held'])
    one.serve([full], { queueTimeoutMs: 250 })
    expect(await one.ended(2)).toMatchObject([{}, { service: 'web', reason: 'queue-timeout' }])
  })

  test('who was held keeps its place where there is no room, also in a shorter queue', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const host = hostAt(echo.address, { maxSessions: 1 })
    one.serve([host], { ...PAUSED, queue: 0 })
    const { address } = await one.listen()
    const texts = ['a', 'b', 'c', 'd']
    const held = texts.map((text) => exchange(address, text))
    await eventually(() => one.waiting === 4, 'all are held')
    one.serve([host], { queue: 0 })
    expect(await Promise.all(held)).toEqual(texts)
  })

  test('held clients survive other tables, another group and the loss of hosts', async () => {
    const one = start()
    const [a, b] = [await one.until(namingHost('a')), await one.until(namingHost('b'))]
    one.serve([hostAt(a.address), hostAt(a.address)], PAUSED)
    const { address } = await one.listen()
    const held = [exchange(address), exchange(address)]
    await eventually(() => one.waiting === 2, 'both are held')
    one.serve([hostAt(a.address)], PAUSED)
    one.serve([], PAUSED)
    one.serve([hostAt(b.address)], { ...PAUSED, group: 'other' })
    expect([one.waiting, a.accepted, b.accepted]).toEqual([2, 0, 0])
    one.serve([hostAt(b.address)], { group: 'other' })
    expect(await Promise.all(held)).toEqual(['b', 'b'])
    expect(a.accepted).toBe(0)
  })

  test('a second pause keeps those who have not gone yet', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    // It has room for a part of them, so some are still there when the second pause begins, however fast they go.
    const hosts = [hostAt(echo.address, { maxSessions: 100 })]
    const patient = { queueTimeoutMs: 60_000 }
    one.serve(hosts, { hold: 2_000, ...patient })
    const { address } = await one.listen()
    const texts = Array.from({ length: 600 }, (_, index) => `client ${index}`)
    const held = texts.map((text) => exchange(address, text))
    await eventually(() => one.waiting === texts.length, 'all are held')
    one.serve(hosts, patient)
    one.serve(hosts, { hold: 2_000, ...patient })
    expect(one.waiting).toBeGreaterThan(0)
    one.serve(hosts, patient)
    expect(await Promise.all(held)).toEqual(texts)
  })

  test('a client whose host fails in a pause is held, and may go to that host afterwards', async () => {
    const one = start()
    const dead = await one.until(unansweringHost())
    const host = hostAt(dead.address)
    one.serve([host], { ...PAUSED, connectTimeoutMs: 200 })
    const door = await one.listen()
    const held = exchange(door.address)
    await eventually(() => one.waiting === 1, 'the client is held')
    one.serve([host], { connectTimeoutMs: 200 })
    const isConnecting = () => one.engine.sessions()[0]?.step === 'connecting'
    await eventually(isConnecting, 'the host is being connected')
    one.serve([host], PAUSED)
    await eventually(() => one.failures.length === 1, 'the host did not answer')
    await eventually(() => one.waiting === 1, 'the client is held again')
    await dead.close()
    const port = Number(dead.address.split(':').at(-1))
    await one.until(namingHost('back', { at: { host: '127.0.0.1', port } }))
    one.serve([host])
    expect(await held).toBe('back')
  })

  test('where all hosts refuse after the pause, each client tries each of them once', async () => {
    const one = start()
    const hosts = [hostAt(await refusingAddress()), hostAt(await refusingAddress())]
    one.serve(hosts, { hold: 1_000, retries: 100 })
    const { address } = await one.listen()
    const held = Array.from({ length: 300 }, () => exchange(address))
    await eventually(() => one.waiting === held.length, 'all are held')
    one.serve(hosts, { retries: 100 })
    expect(new Set(await Promise.all(held))).toEqual(new Set(['']))
    const ends = await one.ended(held.length)
    expect(new Set(ends.map(({ reason }) => reason))).toEqual(new Set(['connect-failed']))
    expect(one.failures.length).toBe(2 * held.length)
  })

  test('a function that names hosts is asked when the pause is over', async () => {
    const one = start()
    const hosts = await namedHosts(one, 'a', 'b')
    const fallback = { kind: 'cycle', order: Uint32Array.of(0) } as const
    const ask = () => 'b'
    const rule = { kind: 'ask', ask, deadlineMs: 5_000, fallback } as const
    one.serve(hosts, { rule, ...PAUSED })
    const { address } = await one.listen()
    const held = exchange(address)
    await eventually(() => one.waiting === 1, 'the client is held')
    one.serve(hosts, { rule })
    expect(await held).toBe('b')
  })

  test('held clients stay with their service when it gets another name', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, PAUSED)
    const { address } = await one.listen()
    const held = exchange(address, 'a')
    await eventually(() => one.waiting === 1, 'the client is held')
    one.engine.renameService('web', 'shop')
    one.serve(hosts, { ...PAUSED, service: 'shop' })
    expect([one.waiting, echo.accepted]).toEqual([1, 0])
    one.serve(hosts, { service: 'shop' })
    expect(await held).toBe('a')
  })

  test('held clients of a service that is gone are closed as no-host', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)], { ...PAUSED, accessLog: false })
    const { address } = await one.listen()
    const held = [exchange(address, 'a'), exchange(address, 'b')]
    await eventually(() => one.waiting === 2, 'both are held')
    one.engine.removeTable('web')
    expect(await Promise.all(held)).toEqual(['', ''])
    await eventually(() => one.engine.sessionCount === 0, 'nobody is left')
    expect(echo.accepted).toBe(0)
  })

  test('a stop closes who is still held at its deadline', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)], PAUSED)
    const { address } = await one.listen()
    const held = exchange(address, 'a')
    await eventually(() => one.waiting === 1, 'the client is held')
    expect(await one.engine.stop(0)).toBe(1)
    expect(await held).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'stopped' }])
  })

  test('a session can be ended as killed or as rebalanced, also while it is held', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address } = await one.listen()
    const open = await one.client(address)
    open.socket.resume()
    await eventually(() => echo.accepted === 1, 'the first client is in')
    one.serve([hostAt(echo.address)], PAUSED)
    const held = exchange(address)
    await eventually(() => one.waiting === 1, 'the second client is held')
    const [first, second] = one.engine.sessions()
    expect(one.engine.killSession(first?.id ?? 0, 'rebalanced')).toBe(true)
    expect(one.engine.killSession(second?.id ?? 0)).toBe(true)
    await open.closed()
    expect(await held).toBe('')
    expect((await one.ended(2)).map(({ reason }) => reason)).toEqual(['rebalanced', 'killed'])
    expect(one.waiting).toBe(0)
  })
}

async function namedHosts(one: Case, ...names: readonly string[]) {
  const hosts = await Promise.all(names.map((name) => one.until(namingHost(name))))
  return hosts.map(({ address }, index) => hostAt(address, { name: names[index] ?? '' }))
}
