// What the options of a key take away from files, subsystems and tunnels; and how long a command may be.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../helpers/free-port.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { makeClientKey, ssh, type SshTarget } from '../helpers/ssh-client.ts'
import { scp, sftp } from '../helpers/ssh-files.ts'

let running: RunningSluice
let page: Server
let web: number

beforeAll(async () => {
  web = await freePort()
  page = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  page.listen(web, '127.0.0.1')
  await once(page, 'listening')
  running = await startRunningSluice({ standIn: web })
})

afterAll(async () => {
  await running.stop()
  await once(page.close(), 'close')
})

/** An operator of role full whose key has these options. */
function withKey(name: string, options: string): SshTarget {
  const { balancer } = running.sluice.core
  const key = makeClientKey(running.folder, name)
  const user = { name, access: 'full', keys: [`${options} ${key.line}`] } as const
  balancer.setUsers([...balancer.users, user])
  return { ...running.target('full'), user: name, key: key.file }
}

const throughPage = (target: SshTarget) => ssh(target, [`-Wlocalhost:${web}`], 'hello')

test('a forced command takes the place of files and subsystems', async () => {
  const target = withKey('forced', 'command="show version"')
  const local = join(running.folder, 'forced-local')
  expect(await scp(target, [':/config.xml', local])).not.toMatchObject({ status: 0 })
  expect(await sftp(target, [`get /config.xml ${local}`])).not.toMatchObject({ status: 0 })
  const { status, out } = await ssh(target, ['-s', 'json-rpc'], '{"id":1,"command":"stop"}\n')
  expect(status).toBe(0)
  expect(out).toMatch(/^sluice .* on node/)
})

test('a key that may not forward opens no tunnel, and still gets files', async () => {
  for (const options of ['restrict', 'no-port-forwarding']) {
    const target = withKey(options, options)
    expect(await throughPage(target)).toMatchObject({ status: 255 })
    expect(await sftp(target, ['ls'])).toMatchObject({ status: 0 })
  }
})

test('permitopen narrows what is open, and opens nothing else', async () => {
  const [here, wild] = [`permitopen="localhost:${web}"`, 'permitopen="localhost:*"']
  expect(await throughPage(withKey('here', here))).toMatchObject({ status: 0, out: 'hello' })
  expect(await throughPage(withKey('wild', wild))).toMatchObject({ status: 0, out: 'hello' })
  const elsewhere = withKey('elsewhere', 'permitopen="localhost:22"')
  expect(await throughPage(elsewhere)).toMatchObject({ status: 255 })
  expect(await ssh(elsewhere, ['-Wlocalhost:22'], 'x')).toMatchObject({ status: 255 })
})

test('a command of 34,000 bytes is run; a longer one is refused by ending the connection', async () => {
  const target = running.target('full')
  const long = `show hosts # ${'x'.repeat(34_000)}`.slice(0, 34_000)
  expect(await ssh(target, [long])).toMatchObject({ status: 2 })
  expect(await ssh(target, [`${long}${'x'.repeat(2_000)}`])).toMatchObject({ status: 255 })
  expect(await ssh(target, ['batch'], 'show version\n')).toMatchObject({ status: 0 })
})
