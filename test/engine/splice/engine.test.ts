// The native engine keeps the contract of all engines, with one thread and with several; and what only it has. Not where the
// addon cannot be built.
import { describe, expect, onTestFinished, test } from 'vitest'
import { SpliceEngine } from '../../../src/engine/splice/engine.ts'
import { loadSplice } from '../../../src/engine/splice/load.ts'
import { startCase } from '../../contracts/engine/case.ts'
import { engineContract } from '../../contracts/engine-contract.ts'
import { exchange } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, silentHost } from '../../helpers/hosts.ts'

const loaded = loadSplice()

describe.skipIf('reason' in loaded)('natively', () => {
  if ('reason' in loaded) return
  const { addon } = loaded
  const withThreads = (threads: number): CreateEngine => {
    return (options) => new SpliceEngine({ ...options, addon, threads })
  }
  engineContract('splice', withThreads(1))
  engineContract('splice, on three threads,', withThreads(3))

  test('each thread tells what it does', async () => {
    const one = startCase(withThreads(3))
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    for (let i = 0; i < 9; i++) await one.client(address)
    await eventually(() => host.accepted === 9, 'all are in')
    const accepted = () => sumOf(one.engine.threads, 'accepted')
    await eventually(() => accepted() === 9, 'all are counted')
    const { threads } = one.engine
    expect(threads.map(({ thread }) => thread)).toEqual([0, 1, 2])
    expect(sumOf(threads, 'sessions')).toBe(9)
    await one.stop()
    expect(one.engine.threads).toEqual([])
  })

  test('counters are whole after the engine has stopped, and nobody else writes to them', async () => {
    const one = startCase(withThreads(2))
    const echo = await one.until(echoHost())
    const host = hostAt(echo.address)
    one.serve([host])
    const { address, table } = await one.listen()
    for (const text of ['a', 'bc', 'def']) await exchange(address, text)
    await one.stop()
    const figures = { open: 0, total: 3, failed: 0, bytesFromClient: 6, bytesFromHost: 6 }
    expect([host, table].map(({ counters }) => counters.toJSON())).toEqual([figures, figures])
    const other = startCase(withThreads(2))
    other.serve([host])
    const again = await other.listen()
    await exchange(again.address, 'ghij')
    await other.ended(1)
    expect(host.counters.toJSON()).toMatchObject({ total: 4, bytesFromClient: 10 })
  })

  test('after a stop every call is harmless', async () => {
    const one = startCase(withThreads(1))
    const { engine } = one
    one.serve([])
    const { table } = await one.listen()
    await one.stop()
    one.serve([])
    engine.updateListener(table)
    engine.renameService('web', 'www')
    engine.renameGroup('web', 'main', 'other')
    engine.removeTable('web')
    await engine.closeListener(table.id)
    expect([engine.sessions(), engine.session(1), engine.explainPick('web')]).toEqual([
      [],
      undefined,
      undefined,
    ])
    expect([engine.killSession(1), engine.killSessions([1, 2]), engine.sessionCount]).toEqual([
      false,
      0,
      0,
    ])
    expect(engine.behind('127.0.0.1:1')).toBeUndefined()
    expect(await engine.stop(0)).toBe(0)
  })

  test('an address that a closing listener still has can be opened at once', async () => {
    const one = startCase(withThreads(1))
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    const closing = one.engine.closeListener(table.id)
    const [, sameId, other] = await Promise.all([
      closing,
      one.engine.openListener({ ...table, address }),
      one.listen(),
    ])
    expect(sameId).toBe(address)
    expect(other.address).not.toBe(address)
    expect(await exchange(address, 'again')).toBe('again')
  })

  test('a listener that is open already is refused, and goes on', async () => {
    const one = startCase(withThreads(2))
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address, table } = await one.listen()
    await expect(one.engine.openListener(table)).rejects.toThrow(/is open already/)
    expect(await exchange(address, 'still')).toBe('still')
  })

  test('many listeners may close at the same time, and nothing is warned of', async () => {
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => warnings.push(message)
    process.on('warning', onWarning)
    onTestFinished(() => void process.off('warning', onWarning))
    const one = startCase(withThreads(1))
    const tables = await Promise.all(Array.from({ length: 12 }, () => one.listen()))
    await Promise.all(tables.map(({ table }) => one.engine.closeListener(table.id)))
    expect(warnings).toEqual([])
  })

  test('sessions of another engine are numbered with its own', async () => {
    const one = startCase(withThreads(2))
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen()
    await one.client(address)
    await eventually(() => host.accepted === 1, 'the first one is in')
    const [session] = one.engine.sessions()
    const next = (one.engine as SpliceEngine).nextSessionId()
    expect(next).toBe((session?.id ?? 0) + 1)
    await one.stop()
    expect((one.engine as SpliceEngine).nextSessionId()).toBe(next + 1)
  })
})

function sumOf<Name extends string>(
  rows: readonly Readonly<Record<Name, number>>[],
  name: Name,
): number {
  return rows.reduce((sum, row) => sum + row[name], 0)
}
