// The figures of a service: every session is counted once, under its reason, whoever is told of it and whatever the service
// is called.
import { expect, test } from 'vitest'
import type { CloseReason } from '../../../src/base/close-reasons.ts'
import type { Counters } from '../../../src/model/counters.ts'
import type { HistogramFigures, ServiceFigures } from '../../../src/model/service-figures.ts'
import { exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, refusingAddress, silentHost } from '../../helpers/hosts.ts'
import { type Case, startCase } from './case.ts'

export function figureCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('a service that nobody has told of has no figures, and one that is served has all at 0', async () => {
    const one = start()
    expect(one.engine.figuresOf('web')).toBeUndefined()
    one.serve([])
    expect(totalsOf(one)).toEqual({ ends: {}, connects: 0, sessions: 0 })
    await one.listen({ service: 'mail' })
    expect(totalsOf(one, 'mail')).toEqual({ ends: {}, connects: 0, sessions: 0 })
    expect(one.engine.figuresOf('other')).toBeUndefined()
  })

  test('a session is timed once when it reaches its host, and once when it ends', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)], { accessLog: false })
    const { address, table } = await one.listen()
    const client = await one.client(address)
    await eventually(() => table.counters.total === 1, 'the client is in')
    expect(totalsOf(one)).toEqual({ ends: {}, connects: 1, sessions: 0 })
    const [session] = one.engine.sessions()
    const connectMs = one.engine.session(session?.id ?? 0)?.connectMs ?? -1
    expect(figuresOf(one).connect.sumMs).toBeCloseTo(connectMs, 0)
    resetNow(client.socket)
    await eventually(() => table.counters.open === 0, 'the client has left')
    // Nobody is told of it, and it is counted.
    expect(one.closed).toEqual([])
    expect(totalsOf(one)).toEqual({ ends: { 'client-reset': 1 }, connects: 1, sessions: 1 })
    const figures = figuresOf(one)
    expect(figures.session.sumMs).toBeGreaterThanOrEqual(figures.connect.sumMs)
    agree(one, [table.counters])
  })

  test('clients that reach no host have an end, and no time to connect', async () => {
    const one = start()
    one.serve([])
    const { address, table } = await one.listen()
    for (let i = 0; i < 3; i++) expect(await exchange(address)).toBe('')
    const denying = await one.listen({ deny: ['127.0.0.1'] })
    expect(await exchange(denying.address)).toBe('')
    one.serve([hostAt(await refusingAddress())])
    expect(await exchange(address)).toBe('')
    await one.ended(5)
    const ends = { 'no-host': 3, denied: 1, 'connect-failed': 1 }
    expect(totalsOf(one)).toEqual({ ends, connects: 0, sessions: 5 })
    expect(figuresOf(one).connect.sumMs).toBe(0)
    expect(figuresOf(one).session.sumMs).toBeGreaterThan(0)
    agree(one, [table.counters, denying.table.counters])
  })

  test('sessions that are ended and sessions that end by themselves are told apart, over all listeners', async () => {
    const one = start()
    const [echo, silent] = [await one.until(echoHost()), await one.until(silentHost())]
    one.serve([hostAt(echo.address)])
    const [first, second] = [await one.listen(), await one.listen()]
    for (const { address } of [first, second, second]) await exchange(address, 'text')
    one.serve([hostAt(await refusingAddress()), hostAt(silent.address)])
    for (const { address } of [first, second]) (await one.client(address)).socket.resume()
    const relayed = () => one.engine.sessions().filter(({ step }) => step === 'relaying')
    await eventually(() => relayed().length === 2, 'two sessions are open')
    const [session, other] = relayed()
    one.engine.killSession(session?.id ?? 0)
    one.engine.killSession(other?.id ?? 0, 'rebalanced')
    await one.ended(5)
    const ends = { done: 3, killed: 1, rebalanced: 1 }
    expect(totalsOf(one)).toEqual({ ends, connects: 5, sessions: 5 })
    agree(one, [first.table.counters, second.table.counters])
  })

  test('what takes long is in a later bucket than what does not', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    const host = hostAt(echo.address)
    one.serve([host], { hold: 1 })
    const { address } = await one.listen()
    const held = exchange(address, 'late')
    await eventually(() => one.waiting === 1, 'the client is held')
    const since = one.engine.sessions()[0]?.since ?? 0
    await eventually(() => Date.now() > since + 30, 'some time has passed')
    one.serve([host])
    expect(await held).toBe('late')
    await one.ended(1)
    const { connect, session } = figuresOf(one)
    expect(connect.sumMs).toBeGreaterThan(25)
    expect(connect.counts.slice(0, 4)).toEqual([0, 0, 0, 0])
    expect(session.counts[0]).toBe(0)
  })

  test('a service that is renamed keeps its figures, and its old name has none', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    await exchange(address, 'before')
    const client = await one.client(address)
    await eventually(() => table.counters.total === 2, 'the second client is in')
    one.engine.renameService('web', 'www')
    expect(one.engine.figuresOf('web')).toBeUndefined()
    one.serve([hostAt(echo.address)], { service: 'www' })
    await exchange(address, 'after')
    client.socket.end()
    await one.ended(3)
    expect(totalsOf(one, 'www')).toEqual({ ends: { done: 3 }, connects: 3, sessions: 3 })
    one.serve([])
    expect(totalsOf(one)).toEqual({ ends: {}, connects: 0, sessions: 0 })
  })

  test('a service that comes back goes on while a session is open, and begins at 0 after that', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const first = await one.listen()
    const client = await one.client(first.address)
    await eventually(() => first.table.counters.total === 1, 'the client is in')
    one.engine.removeTable('web')
    await one.engine.closeListener(first.table.id)
    expect(totalsOf(one)).toEqual({ ends: {}, connects: 1, sessions: 0 })
    one.serve([hostAt(echo.address)])
    const second = await one.listen()
    await exchange(second.address, 'text')
    client.socket.end()
    // Nobody is told of the end of the first one: its service was removed.
    await eventually(() => totalsOf(one).sessions === 2, 'both have ended')
    expect(totalsOf(one)).toEqual({ ends: { done: 2 }, connects: 2, sessions: 2 })
    await one.engine.closeListener(second.table.id)
    expect(totalsOf(one)).toEqual({ ends: { done: 2 }, connects: 2, sessions: 2 })
    one.engine.removeTable('web')
    expect(one.engine.figuresOf('web')).toBeUndefined()
    one.serve([hostAt(echo.address)])
    expect(totalsOf(one)).toEqual({ ends: {}, connects: 0, sessions: 0 })
  })

  test('a service without a group counts on as long as somebody listens for it', async () => {
    const one = start()
    one.serve([])
    const { address, table } = await one.listen()
    await exchange(address)
    one.engine.removeTable('web')
    await exchange(address)
    await one.engine.closeListener(table.id)
    await eventually(() => table.counters.open === 0, 'both have left')
    expect(one.engine.figuresOf('web')).toBeUndefined()
  })

  test('figures are whole after the engine has stopped', async () => {
    const one = start()
    const [echo, silent] = [await one.until(echoHost()), await one.until(silentHost())]
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    await exchange(address, 'text')
    one.serve([hostAt(silent.address)])
    await one.client(address)
    await eventually(() => table.counters.total === 2, 'the second client is in')
    await one.stop()
    expect(totalsOf(one)).toEqual({ ends: { done: 1, stopped: 1 }, connects: 2, sessions: 2 })
  })
}

function figuresOf({ engine }: Case, service = 'web'): ServiceFigures {
  const figures = engine.figuresOf(service)
  if (figures === undefined) throw new Error(`no figures of ${service}`)
  return figures
}

/** How often each thing was counted; reasons that never were are left out. */
function totalsOf(one: Case, service = 'web') {
  const { ends, connect, session } = figuresOf(one, service)
  const seen = Object.entries(ends).filter(([, times]) => times > 0)
  return {
    ends: Object.fromEntries(seen) as Partial<Record<CloseReason, number>>,
    connects: sumOf(connect),
    sessions: sumOf(session),
  }
}

/** The figures say what the counters of all listeners of the service say, once all sessions have ended. */
function agree(one: Case, listeners: readonly Counters[]): void {
  const { connects, sessions } = totalsOf(one)
  const sum = (name: 'total' | 'failed') => listeners.reduce((all, each) => all + each[name], 0)
  expect([connects, sessions]).toEqual([sum('total'), sum('total') + sum('failed')])
}

function sumOf({ counts }: HistogramFigures): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
