// IPv4, IPv6 and Unix sockets, on both sides; ports that cannot be opened.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt } from '../../helpers/engine-rig.ts'
import { echoHost } from '../../helpers/hosts.ts'
import { startCase } from './case.ts'

export function addressCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('IPv6 on both sides', async () => {
    const one = start()
    const echo = await one.until(echoHost({ at: { host: '::1', port: 0 } }))
    one.serve([hostAt(echo.address)], { proxy: 'v1' })
    const { address } = await one.listen({ address: '[::1]:0' })
    expect(await exchange(address, ' six')).toMatch(/^PROXY TCP6 ::1 ::1 \d+ \d+\r\n six$/)
  })

  test('all interfaces, seen as IPv4 by IPv4 clients', async () => {
    const one = start()
    const echo = await one.until(echoHost())
    one.serve([hostAt(echo.address)])
    const { address } = await one.listen({ address: '*:0', allow: ['127.0.0.1'] })
    expect(await exchange(address.replace('*', '127.0.0.1'), 'any')).toBe('any')
    expect(await one.ended(1)).toMatchObject([{ client: expect.stringMatching(/^127\.0\.0\.1:/) }])
  })

  test('Unix sockets on both sides, and the file is gone after the listener is closed', async () => {
    const one = start()
    const folder = await temporaryFolder()
    const echo = await one.until(echoHost({ at: { path: join(folder, 'host') } }))
    one.serve([hostAt(echo.address)], { proxy: 'v2' })
    const { address, table } = await one.listen({ address: `unix:${folder}/front` })
    const answer = await exchange(address, 'local')
    expect(answer.endsWith('local')).toBe(true)
    expect(answer.length).toBe(16 + 'local'.length)
    await one.engine.closeListener(table.id)
    await writeFile(join(folder, 'front'), 'free again', { flag: 'wx' })
  })

  test('a socket file that nobody answers on is replaced, another file is not', async () => {
    const one = start()
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'precious'), 'data')
    await expect(one.listen({ address: `unix:${folder}/precious` })).rejects.toThrow(/not a socket/)
    await one.listen({ address: `unix:${folder}/front` })
    await expect(one.listen({ address: `unix:${folder}/front` })).rejects.toThrow(/another process/)
  })

  test('a port that is taken is refused in words', async () => {
    const one = start()
    const { address } = await one.listen()
    await expect(one.listen({ address })).rejects.toThrow(
      `the address is already in use: ${address}`,
    )
  })

  test('an address of another machine is refused in words', async () => {
    const one = start()
    await expect(one.listen({ address: '203.0.113.1:8080' })).rejects.toThrow(
      /no address of this machine/,
    )
  })
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}
