// A host is drained over ssh while its clients are connected: the command counts down, ends when the last one is gone,
// gives up at its time-out, and ends the rest where that is asked for.
import { expect, onTestFinished, test } from 'vitest'
import { connectTo, type TestClient } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { type SluiceProcess, serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { resultOf, spawnSsh, type SshResult } from '../helpers/ssh-client.ts'
import { until } from '../helpers/until.ts'

const CTRL_C = '\x03'

test('drain --wait: done when the last session is gone, 5 at the time-out, then kill', async () => {
  const [a, b] = [await upHost(), await upHost()]
  const sluice = await startSluice({ services: serviceOf('web', [a.address, b.address]) })
  const port = `127.0.0.1:${sluice.portOf('web')}`
  const clients = await connectedTo(port, 6, [a, b])

  const late = await sluice.ssh('drain host web/main/a --wait --timeout 300ms --then remove')
  expect(late).toMatchObject({ status: 5, out: '' })
  expect(late.err).toMatch(/^web\/main\/a: 3 sessions left, 1s$/m)
  expect(late.err).toContain('3 sessions left after 300ms, so it was not removed')
  expect(await intentOf(sluice)).toBe('draining')

  const drained = drain(sluice, '--timeout 1m --then disable --json')
  await drained.says(/^web\/main\/a: 3 sessions left, 1m$/m)
  const onA = clients.filter(({ host }) => host === a)
  // New clients go elsewhere meanwhile.
  await connectedTo(port, 2, [b])
  for (const { client } of onA) client.socket.end()
  const { status, out } = await drained.ended
  expect(status).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ done: 'set', path: 'web/main/a', after: 'disabled' })
  expect(await intentOf(sluice)).toBe('disabled')
  expect(a.sockets.size).toBe(0)

  // Of the five that are left nobody leaves by itself.
  const killed = await sluice.ssh('drain host web/main/b --wait --timeout 200ms --then kill')
  expect(killed.status).toBe(0)
  expect(killed.out).toContain('not empty in time, 5 sessions ended')
  await eventually(() => b.sockets.size === 0, 'the host sees all of them go')
  await sluice.stop()
})

test('a drain that is interrupted, or whose host is wanted again, leaves things as they are', async () => {
  const host = await upHost()
  const sluice = await startSluice({ services: serviceOf('web', [host.address]) })
  const [only] = await connectedTo(`127.0.0.1:${sluice.portOf('web')}`, 1, [host])

  const first = drain(sluice, '', ['-tt'])
  await first.says(/1 session left/)
  first.child.stdin.write(CTRL_C)
  const { status: interrupted, out } = await first.ended
  expect(interrupted).toBe(130)
  expect(out).toContain('web/main/a goes on draining')
  expect(await intentOf(sluice)).toBe('draining')

  const gone = drain(sluice)
  await gone.says(/1 session left/)
  gone.child.kill('SIGTERM')
  await gone.ended
  expect(await intentOf(sluice)).toBe('draining')

  const second = drain(sluice)
  await second.says(/1 session left/)
  await sluice.command('enable host web/main/a')
  const { status, err } = await second.ended
  expect(status).toBe(1)
  expect(err).toContain('web/main/a was enabled meanwhile')

  // Nothing is left of the waits.
  await until(async () => {
    const { hosts, open } = JSON.parse(await sluice.command('show groups --json'))[0]
    return hosts.length === 1 && open === 1
  }, 'the session goes on')
  only?.client.socket.destroy()
  await sluice.stop()
})

/** At a terminal progress comes where everything comes, elsewhere on standard error. */
function drain(sluice: SluiceProcess, flags = '', options: readonly string[] = []) {
  const child = spawnSsh(sluice.target, [...options, `drain host web/main/a --wait ${flags}`])
  let said = ''
  const output = options.length === 0 ? child.stderr : child.stdout
  output.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended: Promise<SshResult> = resultOf(child)
  const says = (words: RegExp) => eventually(() => words.test(said), `it says ${words}: ${said}`)
  return { child, says, ended }
}

async function intentOf(sluice: SluiceProcess): Promise<string> {
  const [first] = await sluice.show<{ readonly intent: string }>('hosts')
  return first?.intent ?? ''
}

async function upHost(): Promise<TestHost> {
  const host = await echoHost()
  onTestFinished(() => host.close())
  return host
}

/** Clients that are connected through to one of the hosts each. */
async function connectedTo(address: string, count: number, hosts: readonly TestHost[]) {
  const clients: { client: TestClient; host: TestHost | undefined }[] = []
  for (let i = 0; i < count; i++) {
    const before = hosts.map(({ accepted }) => accepted)
    const client = await connectTo(address)
    onTestFinished(() => void client.socket.destroy())
    const host = await eventually(
      () => hosts.find(({ accepted }, index) => accepted > (before[index] ?? 0)),
      'a host has it',
    )
    clients.push({ client, host })
  }
  return clients
}
