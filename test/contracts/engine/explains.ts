// What an engine tells of itself: who would be next without moving anything, all of one session, and why a client
// never reached a host.
import { describe, expect, test } from 'vitest'
import type { TableHost } from '../../../src/engine/table.ts'
import type { PickRule } from '../../../src/scheduler/rule.ts'
import { exchange } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt, inOrder } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, namingHost, refusingAddress, silentHost } from '../../helpers/hosts.ts'
import { until } from '../../helpers/until.ts'
import { type Case, startCase } from './case.ts'

const CLIENT = '127.0.0.1'

export function explainCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  describe('explains picks', () => {
    pickCases(start)
  })

  test('all of one session is told, also who did not accept it', async () => {
    const one = start()
    const dead = hostAt(await refusingAddress(), { name: 'dead' })
    const echo = await one.until(echoHost())
    one.serve([dead, hostAt(echo.address, { name: 'live' })], { idleTimeoutMs: 9_000, retries: 2 })
    const { address } = await one.listen()
    await one.client(address)
    const [first] = await eventually(() => {
      const open = one.engine.sessions()
      return open[0]?.step === 'relaying' ? open : undefined
    }, 'it is connected')
    const id = first?.id ?? 0
    expect(one.engine.session(id)).toMatchObject({
      id,
      host: 'live',
      step: 'relaying',
      attempts: 2,
      tried: ['dead'],
      retries: 2,
      leftMs: null,
      idleTimeoutMs: 9_000,
      connectMs: expect.any(Number),
    })
    expect(one.engine.session(id + 1)).toBeUndefined()
  })

  test('a session that was open before its end was asked for is told with its client', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const hosts = [hostAt(echo.address)]
    one.serve(hosts, { accessLog: false })
    const { address } = await one.listen()
    const { socket } = await one.client(address)
    await eventually(() => echo.accepted === 1, 'it is connected')
    one.serve(hosts, { accessLog: true })
    const { localPort } = socket
    socket.end()
    const [closed] = await one.ended(1)
    expect(closed).toMatchObject({ reason: 'done', client: `127.0.0.1:${localPort}` })
  })

  test('the deadline of a step is told', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })], { queueTimeoutMs: 60_000 })
    const { address } = await one.listen()
    await one.client(address)
    await one.client(address)
    await eventually(() => one.waiting === 1, 'the second one waits')
    const queued = one.engine.sessions().find(({ step }) => step === 'queued')
    const detail = one.engine.session(queued?.id ?? 0)
    expect(detail).toMatchObject({ host: '', attempts: 0, connectMs: -1 })
    expect(detail?.leftMs).toBeGreaterThan(0)
    expect(detail?.leftMs).toBeLessThanOrEqual(60_000)
  })

  describe('tells of clients that never reached a host', () => {
    refusalCases(start)
  })

  test('a function that throws is told of once in a while, and no throw is forgotten', async () => {
    const one = start()
    let thrown = 0
    const ask = () => {
      thrown += 1
      throw new Error('no idea')
    }
    const fallback = { kind: 'cycle', order: Uint32Array.of(0) } as const
    const host = await one.until(namingHost('a'))
    one.serve([hostAt(host.address)], { rule: { kind: 'ask', ask, deadlineMs: 1_000, fallback } })
    const { address } = await one.listen()
    const [first, second] = await until(async () => {
      expect(await exchange(address)).toBe('a')
      return one.askFaults.length === 2 ? one.askFaults : undefined
    }, 'it is told of a second time')
    expect(first).toMatchObject({ service: 'web', group: 'main', more: 0 })
    expect(first?.error).toMatchObject({ message: 'no idea' })
    expect(second?.more).toBe(thrown - 2)
  })
}

function pickCases(start: () => Case): void {
  const rules: readonly PickRule[] = [
    inOrder(3),
    { kind: 'least', weights: Uint32Array.of(1, 1, 1), tie: 'order' },
    { kind: 'hash', slots: Uint16Array.of(2, 0, 1, 1) },
  ]

  test.each(rules)('$kind: the host that is foreseen is the one that serves', async (rule) => {
    const one = start()
    await serveNames(one, rule)
    const { address } = await one.listen()
    for (let i = 0; i < 5; i++) {
      // An end that is passed on may be seen before the session of it has ended.
      await eventually(() => one.engine.sessionCount === 0, 'nobody is served')
      const { next } = one.engine.explainPick('web', CLIENT) ?? {}
      expect(one.engine.explainPick('web', CLIENT)?.next).toBe(next)
      expect(await exchange(address)).toBe(next)
    }
  })

  test('cycle: hosts are so many turns away, and those that are skipped do not count', async () => {
    const one = start()
    const order = Uint32Array.of(0, 1, 0, 2)
    await serveNames(one, { kind: 'cycle', order }, { b: { ready: false } })
    expect(one.engine.explainPick('web')).toMatchObject({
      group: 'main',
      rule: 'cycle',
      next: 'a',
      place: 0,
      places: 4,
      hosts: [
        { name: 'a', available: true, figure: 0 },
        { name: 'b', available: false, ready: false, figure: null },
        { name: 'c', available: true, figure: 2 },
      ],
    })
  })

  test('least: sessions for the weight, this client included', async () => {
    const one = start()
    const rule: PickRule = { kind: 'least', weights: Uint32Array.of(1, 4, 1), tie: 'order' }
    const hosts = await serveNames(one, rule, { c: { maxSessions: 3 } })
    for (const { counters } of hosts) counters.open = 3
    one.serve(hosts, { rule })
    expect(one.engine.explainPick('web')).toMatchObject({
      next: 'b',
      hosts: [{ figure: 4 }, { figure: 1 }, { figure: null, open: 3, maxSessions: 3, ready: true }],
    })
    for (const { counters } of hosts) counters.open = 0
  })

  test('chance: shares of those that may be picked, and nobody is next', async () => {
    const one = start()
    const cumulative = Float64Array.of(1, 2, 5)
    await serveNames(one, { kind: 'chance', cumulative, draws: 1 }, { b: { ready: false } })
    expect(one.engine.explainPick('web')).toMatchObject({
      rule: 'chance',
      next: '',
      hosts: [{ figure: 0.25 }, { figure: null }, { figure: 0.75 }],
    })
  })

  test('hash: nobody is next until a client is named', async () => {
    const one = start()
    await serveNames(one, { kind: 'hash', slots: Uint16Array.of(0, 0, 0, 1) })
    expect(one.engine.explainPick('web')).toMatchObject({
      next: '',
      place: -1,
      places: 4,
      hosts: [{ figure: 0.75 }, { figure: 0.25 }, { figure: 0 }],
    })
    expect(one.engine.explainPick('web', '192.0.2.7')?.place).toBeGreaterThanOrEqual(0)
  })

  test('ask: the rule behind the function is explained, and the function is not asked', async () => {
    const one = start()
    let asked = 0
    const ask = () => {
      asked += 1
      return 'c'
    }
    const fallback = inOrder(3) as never
    await serveNames(one, { kind: 'ask', ask, deadlineMs: 1_000, fallback })
    expect(one.engine.explainPick('web')).toMatchObject({ ask: true, rule: 'cycle', next: 'a' })
    expect(asked).toBe(0)
  })

  test('limits, pauses and names without an address are told', async () => {
    const one = start()
    expect(one.engine.explainPick('web')).toBeUndefined()
    const hosts = await serveNames(one, inOrder(3), { b: { ready: false, target: undefined } })
    one.serve(hosts, { rule: inOrder(3), maxSessions: 1, hold: 5 })
    const { address } = await one.listen()
    await one.client(address)
    await eventually(() => one.waiting === 1, 'the client is held')
    expect(one.engine.explainPick('web')).toMatchObject({
      paused: true,
      waiting: 1,
      maxSessions: 1,
      hosts: [{ reachable: true }, { reachable: false }, { reachable: true }],
    })
  })
}

function refusalCases(start: () => Case): void {
  test('no host was ready', async () => {
    const one = start()
    one.serve([hostAt('127.0.0.1:1', { ready: false }), hostAt('127.0.0.1:2', { ready: false })])
    const { address } = await one.listen()
    await exchange(address)
    const [told] = await eventually(() => one.refused[0] && one.refused, 'it is told')
    expect(told).toMatchObject({
      reason: 'no-host',
      group: 'main',
      hosts: 2,
      ready: 0,
      attempts: 0,
    })
    expect(told?.client).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(told?.time).toBeGreaterThan(0)
  })

  test('all that were tried did not accept', async () => {
    const one = start()
    one.serve([hostAt(await refusingAddress()), hostAt(await refusingAddress())], { retries: 5 })
    const { address } = await one.listen()
    await exchange(address)
    const [told] = await eventually(() => one.refused[0] && one.refused, 'it is told')
    expect(told).toMatchObject({ reason: 'connect-failed', attempts: 2, hosts: 2, retries: 5 })
    expect(told?.client).toMatch(/^127\.0\.0\.1:\d+$/)
  })

  test('the listener denied it, or was full', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const denying = await one.listen({ deny: [CLIENT] })
    await exchange(denying.address)
    const narrow = await one.listen({ maxSessions: 1 })
    await one.client(narrow.address)
    await eventually(() => host.accepted === 1, 'the first one is in')
    await exchange(narrow.address)
    await eventually(() => one.refused.length === 2, 'both are told')
    expect(one.refused).toMatchObject([
      { reason: 'denied' },
      { reason: 'listener-full', listenerOpen: 2, listenerMax: 1 },
    ])
  })

  test('the queue was full', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address, { maxSessions: 1 })], { queue: 1, queueTimeoutMs: 60_000 })
    const { address } = await one.listen()
    await one.client(address)
    await eventually(() => host.accepted === 1, 'the first one is in')
    await one.client(address)
    await eventually(() => one.waiting === 1, 'the second one waits')
    await exchange(address)
    await eventually(() => one.refused.length === 1, 'the third one is told')
    expect(one.refused).toMatchObject([{ reason: 'queue-full', waiting: 1, queue: 1, ready: 1 }])
  })

  test('whoever reached a host is not told of', async () => {
    const one = start()
    const host = await one.until(namingHost('a'))
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    await exchange(address)
    await one.ended(1)
    expect(one.refused).toEqual([])
  })
}

/** Serve by hosts a, b and c, each of which says its name. */
async function serveNames(
  one: Case,
  rule: PickRule,
  settings: Readonly<Record<string, Partial<TableHost>>> = {},
): Promise<readonly TableHost[]> {
  const hosts = []
  for (const name of 'abc') {
    const { address } = await one.until(namingHost(name))
    hosts.push(hostAt(address, { name, ...settings[name] }))
  }
  one.serve(hosts, { rule })
  return hosts
}
