// Files and tunnels of a running Sluice with scp, sftp, psftp and ssh as they are installed: what works, what is
// refused, that nothing of it is the disk, and the audit log of it all at the end.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectWholeAudit } from '../helpers/audited.ts'
import { exchange, receivedBy } from '../helpers/clients.ts'
import { freePort } from '../helpers/free-port.ts'
import { echoHost, type TestHost } from '../helpers/hosts.ts'
import { serviceOf, type SluiceProcess, startSluice } from '../helpers/sluice-process.ts'
import { makeClientKey, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { psftp, scp, sftp } from '../helpers/ssh-files.ts'
import { throughSocks, tunnelling, visit } from '../helpers/tunnels.ts'

/** Carries the traffic. */
let host: TestHost
/** Where the page is. */
let web: number
let sluice: SluiceProcess
let target: SshTarget
let view: SshTarget
let local: string

beforeAll(async () => {
  host = await echoHost()
  web = await freePort()
  const users = `\n    <user name="view" access="readonly" />\n    <web listen="127.0.0.1:${web}" enable="true" />`
  sluice = await startSluice({ services: serviceOf('web', [host.address]), users })
  target = sluice.target
  view = { ...target, user: 'view', key: join(sluice.folder, 'keys', 'view') }
  makeClientKey(join(sluice.folder, 'keys'), 'view')
  local = join(sluice.folder, 'local.xml')
})

afterAll(async () => {
  await sluice.stop()
  await host.close()
})

test('scp and psftp fetch the configuration that runs, and it can be checked', async () => {
  const running = await sluice.command('show config')
  expect(await scp(target, [':/running.xml', local])).toEqual({ status: 0, out: '', err: '' })
  expect(readFileSync(local, 'utf8').trim()).toBe(running.trim())
  const { hostKeys } = JSON.parse(await sluice.command('show engine --json')) as {
    readonly hostKeys: readonly { readonly fingerprint: string }[]
  }
  writeFileSync(local, '')
  const relative = [`get running.xml ${local}`]
  const fetched = await psftp(target, hostKeys[0]?.fingerprint ?? '', relative)
  expect(fetched).toMatchObject({ status: 0 })
  expect(readFileSync(local, 'utf8').trim()).toBe(running.trim())
})

test('a bad document is refused with the reason where it can be read, and clients notice nothing', async () => {
  const before = sluice.config
  writeFileSync(local, before.replace('name="a"', 'name="a" weight="heavy"'))
  const { status, err } = await scp(target, [local, ':/config.xml'])
  expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining('Failure') })
  expect(await scp(target, [':/last-error.txt', local])).toMatchObject({ status: 0 })
  expect(readFileSync(local, 'utf8')).toMatch(/weight is a whole number from 0 to 256, got "heavy"/)
  expect(sluice.config).toBe(before)
  expect(await exchange(sluice.addressOf('web'), 'hello')).toBe('hello')
})

test('a good document is taken over by role full, and by nobody else', async () => {
  writeFileSync(local, sluice.config.replace('name="a"', 'name="a" weight="4"'))
  expect(await scp(view, [local, ':/config.xml'])).toMatchObject({
    status: 1,
    err: expect.stringContaining('Permission denied'),
  })
  expect(await scp(target, [local, ':/config.xml'])).toEqual({ status: 0, out: '', err: '' })
  expect(await sluice.show('hosts')).toMatchObject([{ path: 'web/main/a', weight: 4 }])
})

test.each([
  'put FILE /etc/sluice-was-here',
  'put FILE /../../tmp/sluice-was-here',
  'get /../../etc/passwd FILE.got',
  'get /etc/passwd FILE.got',
  'rm /config.xml',
  'mkdir /made',
  'rename /config.xml /other.xml',
])('sftp %s is refused, and the disk is as it was', async (command) => {
  const before = readdirSync(sluice.folder)
  const { config } = sluice
  const line = command.replace('FILE', local)
  expect(await sftp(target, [line])).toMatchObject({ status: 1 })
  expect(readdirSync(sluice.folder)).toEqual(before)
  expect(['/etc/sluice-was-here', '/tmp/sluice-was-here'].filter(existsSync)).toEqual([])
  expect(sluice.config).toBe(config)
})

test('scp of the old kind is told what to do instead, and does not hang', async () => {
  const { status, err } = await scp(target, [':/running.xml', local], ['-O'])
  expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining('leave out -O') })
})

test('a tunnel leads to the web page and nowhere else', async () => {
  const [toPage, toElsewhere, socks] = [await freePort(), await freePort(), await freePort()]
  const serviceAt = sluice.portOf('web')
  const places = ['-L', `${toPage}:127.0.0.1:${web}`, '-L', `${toElsewhere}:127.0.0.1:${serviceAt}`]
  tunnelling(target, [...places, '-D', String(socks)])
  expect(await said(toPage)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(await said(toElsewhere)).toBe('')
  expect(await throughSocks(socks, web, ASKED)).toBe('open')
  expect(await throughSocks(socks, serviceAt)).toBe('closed')
  expect(await ssh(target, [`-W127.0.0.1:${serviceAt}`])).toMatchObject({ status: 255, out: '' })
  expect(await ssh(view, [`-W127.0.0.1:${web}`])).toMatchObject({ status: 255, out: '' })
})

test('nothing leads back: ports, agents and displays are refused, and the command runs all the same', async () => {
  const back = await freePort()
  const flags = [`-R${back}:127.0.0.1:${web}`, '-A', '-X', 'show version']
  const { status, out } = await ssh(target, flags)
  expect({ status, out }).toEqual({ status: 0, out: expect.stringMatching(/^sluice /) })
  const strict = { ...target, options: ['ExitOnForwardFailure=yes'] }
  expect(await ssh(strict, flags)).toMatchObject({ status: 255 })
})

test('the audit log has each file and tunnel, and what was refused of them', async () => {
  const by = { operator: 'op', address: '127.0.0.1' }
  const refused = { ...by, event: 'refused' }
  await expectWholeAudit(sluice, [
    { ...by, event: 'file', action: 'read', path: '/running.xml' },
    { ...by, event: 'file', action: 'write', path: '/config.xml' },
    { event: 'change', origin: 'ssh:op', path: 'web/main/a', field: 'weight', before: 1, after: 4 },
    { ...refused, action: 'write', path: '/etc/sluice-was-here' },
    { ...refused, action: 'remove', path: '/config.xml' },
    { ...refused, operator: 'view', action: 'write', path: '/config.xml' },
    { ...by, event: 'tunnel', path: `127.0.0.1:${web}` },
    { ...refused, action: 'tunnel', path: `127.0.0.1:${sluice.portOf('web')}` },
    { ...refused, operator: 'view', action: 'tunnel', path: `127.0.0.1:${web}` },
    { ...refused, action: 'tcpip-forward' },
  ])
})

/** Of the page, in one piece. */
const ASKED = 'GET / HTTP/1.0\r\n\r\n'

/** What comes back through a tunnel when the page is asked for. */
async function said(port: number): Promise<string> {
  const socket = await visit(port)
  socket.on('error', () => {})
  const received = receivedBy(socket)
  socket.write(ASKED)
  const text = (await received).toString()
  socket.destroy()
  return text
}
