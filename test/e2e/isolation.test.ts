// An operator blocks the main thread with an endless loop at the prompt, and the traffic of the splice engine does not
// notice: clients are taken, balanced, carried past hosts that die, and timed out, as always.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connecting, connectTo, exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost, namingHost, silentHost, type TestHost } from '../helpers/hosts.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { spliceMissing } from '../helpers/splice-missing.ts'
import { until } from '../helpers/until.ts'

const missing = spliceMissing()

describe.skipIf(missing !== '')(`${missing}while the main thread runs in an endless loop`, () => {
  test('clients are balanced over the hosts by the last table, and open sessions go on', async () => {
    const hosts = [await started(namingHost('a')), await started(namingHost('b'))]
    const echo = await started(echoHost())
    const services = serviceOf('names', hosts.map(portOf)) + serviceOf('echo', [portOf(echo)])
    const sluice = await startSluice({ services })
    const open = await connectTo(sluice.addressOf('echo'))
    onTestFinished(() => void open.socket.destroy())
    await eventually(() => echo.accepted === 1, 'the session is open')
    await whileBlocked(sluice, async () => {
      const answers = []
      for (let i = 0; i < 200; i++) answers.push(await exchange(sluice.addressOf('names')))
      expect(answers.join('')).toBe('ab'.repeat(100))
      open.socket.end('still carried')
      expect((await open.received()).toString()).toBe('still carried')
    })
  })

  test('a host that dies is skipped at once, and judged afterwards', async () => {
    const [lives, dies] = [await started(namingHost('a')), await started(namingHost('b'))]
    const services = serviceOf('web', [portOf(lives), portOf(dies)])
    const sluice = await startSluice({ services })
    await whileBlocked(sluice, async () => {
      await dies.close()
      const answers = []
      for (let i = 0; i < 50; i++) answers.push(await exchange(sluice.addressOf('web')))
      expect(answers.join('')).toBe('a'.repeat(50))
    })
    const [, dead] = await sluice.show<{ failed: number }>('hosts')
    // Reported once; then nobody tried it again before the main thread could say what to make of it.
    expect(dead?.failed).toBe(1)
  })

  test('deadlines are kept: of idle sessions and of the queue', async () => {
    const host = await started(silentHost())
    const services =
      serviceOf('idle', [portOf(host)], { group: 'idleTimeout="300ms"' }) +
      serviceOf('full', [portOf(host)], {
        group: 'queueTimeout="300ms"',
        host: 'maxSessions="1"',
      })
    const sluice = await startSluice({ services })
    const first = await connectTo(sluice.addressOf('full'))
    onTestFinished(() => void first.socket.destroy())
    await eventually(() => host.accepted === 1, 'the host is full')
    await whileBlocked(sluice, async () => {
      const late = [sluice.addressOf('idle'), sluice.addressOf('full')].map(connecting)
      await Promise.all(late.map((client) => client.received()))
      for (const { socket } of late) socket.destroy()
    })
    expect(sluice.child.out).not.toMatch(/error/)
  })
})

async function started(host: Promise<TestHost>): Promise<TestHost> {
  const opened = await host
  onTestFinished(() => opened.close())
  return opened
}

function portOf({ address }: TestHost): number {
  return Number(address.split(':').at(-1))
}

/** Do `work` while an operator's loop has the main thread; it must be over before the loop is cut. */
async function whileBlocked(sluice: SluiceProcess, work: () => Promise<void>): Promise<void> {
  const mark = join(sluice.folder, 'looping')
  const write = `process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(mark)}, '')`
  let cut = false
  const looping = sluice.ssh(`js ${write}; while (true) {}`).finally(() => {
    cut = true
  })
  await until(async () => existsSync(mark), 'the loop has begun')
  await work()
  expect(cut).toBe(false)
  expect(await looping).toMatchObject({ status: 1, err: /cut/ as unknown })
}
