// PROXY protocol on both sides: who the client says it is, and what the host is told.
import { expect, test } from 'vitest'
import { exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, silentHost } from '../../helpers/hosts.ts'
import { startCase } from './case.ts'

const V1 = 'PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n'
const V2 = Buffer.concat([
  Buffer.from('0d0a0d0a000d0a515549540a', 'hex'),
  Buffer.from('2111000c', 'hex'),
  Buffer.from([203, 0, 113, 9, 198, 51, 100, 1, 0xc8, 0x22, 0x01, 0xbb]),
])

export function proxyCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  for (const [version, header] of [
    ['1', Buffer.from(V1)],
    ['2', V2],
  ] as const) {
    test(`a header of version ${version} names the client, and what follows it is carried`, async () => {
      const one = start()
      const echo = await one.until(echoHost())
      one.serve([hostAt(echo.address)])
      const { address } = await one.listen({ proxy: 'require' })
      expect(await exchange(address, Buffer.concat([header, Buffer.from('payload')]))).toBe(
        'payload',
      )
      const [session] = await one.ended(1)
      expect(session).toMatchObject({ client: '203.0.113.9:51234', bytesFromClient: 7 })
    })

    test(`a header of version ${version} that comes byte by byte is read all the same`, async () => {
      const one = start()
      const echo = await one.until(echoHost())
      one.serve([hostAt(echo.address)])
      const { address } = await one.listen({ proxy: 'require' })
      const client = await one.client(address)
      for (const byte of header) {
        client.socket.write(Buffer.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
      client.socket.end('payload')
      expect((await client.received()).toString()).toBe('payload')
    })

    test(`hosts are told the real client in version ${version}`, async () => {
      const one = start()
      const echo = await one.until(echoHost())
      one.serve([hostAt(echo.address)], { proxy: version === '1' ? 'v1' : 'v2' })
      const { address } = await one.listen({ proxy: 'require' })
      const got = await exchange(address, Buffer.concat([Buffer.from(V1), Buffer.from('payload')]))
      expect(got).toBe(Buffer.concat([header, Buffer.from('payload')]).toString())
    })
  }

  test('hosts are told the address of a client that announced nothing', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)], { proxy: 'v1' })
    const { address } = await one.listen()
    const client = await one.client(address)
    const { localPort, remotePort } = client.socket
    client.socket.end('payload')
    expect((await client.received()).toString()).toBe(
      `PROXY TCP4 127.0.0.1 127.0.0.1 ${localPort} ${remotePort}\r\npayload`,
    )
  })

  test('a listener that wants a header refuses whoever sends none', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen({ proxy: 'require' })
    for (const text of ['GET / HTTP/1.1\r\n\r\n', 'PROXY TCP4 nonsense\r\n', '', V1.slice(0, 20)]) {
      expect(await exchange(address, text)).toBe('')
    }
    await one.ended(4)
    expect(new Set(one.closed.map(({ reason }) => reason))).toEqual(new Set(['proxy-header']))
    expect(host.accepted).toBe(0)
  })

  test('a client that is slow with its header is seen waiting, and reaches no host', async () => {
    const one = start()
    const host = await one.until(silentHost())
    one.serve([hostAt(host.address)])
    const { address } = await one.listen({ proxy: 'require' })
    const client = await one.client(address)
    client.socket.write(V1.slice(0, 10))
    await eventually(() => one.engine.sessions()[0]?.step === 'header', 'the session waits')
    resetNow(client.socket)
    const [session] = await one.ended(1)
    // Where data and reset come in one event, the system may tell of an end instead of a reset.
    expect(['client-gone', 'proxy-header']).toContain(session?.reason)
    expect(host.accepted).toBe(0)
  })
}
