// What happens is told over ssh as it happens, and who is next is known before: with the real client, of a process
// that carries real sessions.
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { namingHost } from '../helpers/hosts.ts'
import { type SluiceProcess, serviceOf, startSluice } from '../helpers/sluice-process.ts'
import { resultOf, spawnSsh } from '../helpers/ssh-client.ts'
import { until } from '../helpers/until.ts'

interface Piece {
  readonly reason?: string
  readonly host?: string
  readonly client?: string
  readonly path?: string
  readonly origin?: string
  readonly event?: string
}

test('sessions, changes and log lines are told as they come, until the client leaves', async () => {
  const { sluice, address } = await start(['a'])
  const sessions = tail(sluice, 'sessions web --json')
  await until(async () => {
    await exchange(address)
    return sessions.pieces().length > 0
  }, 'a session is told')
  expect(sessions.pieces()[0]).toMatchObject({ host: 'a', reason: 'done' })
  // The service asked for no log lines.
  expect(sluice.logged('session')).toEqual([])

  const changes = tail(sluice, 'changes web --json')
  const warnings = tail(sluice, 'log --level warn --json')
  await until(async () => {
    await sluice.command('disable host web/main/a')
    await sluice.command('enable host web/main/a')
    return changes.pieces().length > 0
  }, 'a change is told')
  expect(changes.pieces()[0]).toMatchObject({ path: 'web/main/a', origin: 'ssh:op' })

  await sessions.leave()
  await changes.leave()
  await warnings.leave()
  expect(warnings.pieces().every(({ event }) => event !== 'changed')).toBe(true)
  await sluice.stop()
})

test('the host that explain pick names serves the next client, and why another is not is told', async () => {
  const { sluice, address } = await start(['a', 'b', 'c'])
  await sluice.command('drain host web/main/b')
  for (let i = 0; i < 4; i++) {
    const { verdict } = JSON.parse(await sluice.command('explain pick web --json'))
    expect(verdict).toBe(`the next client is given web/main/${await exchange(address)}`)
  }
  expect(await sluice.command('explain pick web')).toMatch(/^ {2}b +skipped: not ready/m)
  expect(await sluice.command('explain host web/main/b')).toMatch(/^> intent +draining/m)

  await sluice.command('disable host web/main/a')
  await sluice.command('disable host web/main/c')
  expect(await exchange(address)).toBe('')
  const refusal = await sluice.command('explain refusal web')
  expect(refusal).toMatch(/^web: 1 client did not reach a host since .*: no-host 1$/m)
  expect(refusal).toContain('0 of 3 hosts were ready')
  await sluice.stop()
})

async function start(names: readonly string[]) {
  const hosts = await Promise.all(names.map((name) => namingHost(name)))
  for (const host of hosts) onTestFinished(() => host.close())
  const services = serviceOf(
    'web',
    hosts.map((host) => host.address),
  )
  const sluice = await startSluice({ services })
  return { sluice, address: `127.0.0.1:${sluice.portOf('web')}` }
}

function tail(sluice: SluiceProcess, what: string) {
  const child = spawnSsh(sluice.target, [`tail ${what}`])
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = resultOf(child)
  const pieces = () => {
    const lines = said.split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line) as Piece)
  }
  const leave = async () => {
    child.kill('SIGTERM')
    expect((await ended).err).toBe('')
    await eventually(() => child.exitCode !== null || child.signalCode !== null, 'it is gone')
  }
  return { pieces, leave }
}
