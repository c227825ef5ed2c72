// Hosts that refuse, hang or come back; clients that leave early. Counts are right after each of them.
import { expect, test } from 'vitest'
import { exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { namingHost, refusingAddress, unansweringHost } from '../../helpers/hosts.ts'
import { startCase } from './case.ts'

export function failureCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('a client is carried to the next host when one refuses, and the host is reported', async () => {
    const one = start()
    const gone = hostAt(await refusingAddress())
    const good = hostAt((await one.until(namingHost('good'))).address)
    one.serve([gone, good])
    const { address, table } = await one.listen()
    expect(await exchange(address)).toBe('good')
    await one.ended(1)
    expect(one.failures).toEqual([
      { hostId: gone.id, code: 'HOST_REFUSED', reason: 'connection refused' },
    ])
    expect(gone.counters.toJSON()).toMatchObject({ open: 0, total: 0, failed: 1 })
    expect(good.counters.toJSON()).toMatchObject({ open: 0, total: 1, failed: 0 })
    expect(table.counters.toJSON()).toMatchObject({ open: 0, total: 1, failed: 0 })
  })

  test('a client is closed when no host is left, and each was tried once', async () => {
    const one = start()
    const hosts = await Promise.all([1, 2, 3].map(async () => hostAt(await refusingAddress())))
    one.serve(hosts)
    const { address, table } = await one.listen()
    expect(await exchange(address, 'hello')).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'connect-failed', attempts: 3, host: '' }])
    expect(one.failures.map((failure) => failure.hostId)).toEqual(hosts.map((host) => host.id))
    expect(table.counters.toJSON()).toMatchObject({ open: 0, total: 0, failed: 1 })
  })

  test('no more hosts are tried than the retries allow', async () => {
    const one = start()
    const hosts = await Promise.all([1, 2, 3].map(async () => hostAt(await refusingAddress())))
    one.serve(hosts, { retries: 1 })
    const { address } = await one.listen()
    await exchange(address)
    expect(await one.ended(1)).toMatchObject([{ reason: 'connect-failed', attempts: 2 }])
  })

  test('a host that does not answer in time is passed over', async () => {
    const one = start()
    const dead = hostAt((await one.until(unansweringHost())).address)
    const good = hostAt((await one.until(namingHost('good'))).address)
    one.serve([dead, good], { connectTimeoutMs: 100 })
    const { address } = await one.listen()
    expect(await exchange(address)).toBe('good')
    expect(one.failures).toMatchObject([{ hostId: dead.id, code: 'HOST_TIMEOUT' }])
    expect(dead.counters.open).toBe(0)
  })

  test('a client that resets before a host was reached leaves nothing behind', async () => {
    const one = start()
    const dead = hostAt((await one.until(unansweringHost())).address)
    one.serve([dead])
    const { address, table } = await one.listen()
    const client = await one.client(address)
    await eventually(() => dead.counters.open === 1, 'the engine connects')
    resetNow(client.socket)
    expect(await one.ended(1)).toMatchObject([{ reason: 'client-gone', connectMs: -1 }])
    expect(dead.counters.toJSON()).toMatchObject({ open: 0, failed: 0 })
    expect(table.counters.open).toBe(0)
    expect(one.failures).toEqual([])
  })

  test('a suspect host that accepts is reported as answering', async () => {
    const one = start()
    const host = hostAt((await one.until(namingHost('back'))).address, { suspect: true })
    one.serve([host])
    const { address } = await one.listen()
    expect(await exchange(address)).toBe('back')
    expect(one.answered).toEqual([host.id])
  })

  test('a service without a table closes its clients', async () => {
    const one = start()
    const { address, table } = await one.listen()
    expect(await exchange(address)).toBe('')
    await eventually(() => table.counters.failed === 1, 'the refusal is counted')
    expect(one.engine.sessionCount).toBe(0)
  })

  test('hosts that are not ready get nobody', async () => {
    const one = start()
    const drained = hostAt((await one.until(namingHost('drained'))).address, { ready: false })
    one.serve([drained])
    const { address } = await one.listen()
    expect(await exchange(address)).toBe('')
    expect(await one.ended(1)).toMatchObject([{ reason: 'no-host', attempts: 0 }])
  })
}
