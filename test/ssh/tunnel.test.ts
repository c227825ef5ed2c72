// Tunnels with the real client: one place to go to, for those who may; everything else is refused and the login goes
// on.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { freePort } from '../helpers/free-port.ts'
import { type RunningSluice, ROLES, startRunningSluice } from '../helpers/running-sluice.ts'
import { resultOf, spawnSsh, ssh } from '../helpers/ssh-client.ts'
import { throughSocks, tunnelling, visit } from '../helpers/tunnels.ts'

let running: RunningSluice
let web: number
/** Stands for the web page: says every byte again, and ends when the other side did. */
let page: Server
const visitors = new Set<Socket>()

beforeAll(async () => {
  web = await freePort()
  page = createServer({ allowHalfOpen: true }, (socket) => {
    visitors.add(socket)
    socket.on('error', () => {}).on('close', () => visitors.delete(socket))
    socket.pipe(socket)
  })
  page.listen(web, '127.0.0.1')
  await once(page, 'listening')
  running = await startRunningSluice({ standIn: web })
})

afterAll(async () => {
  await running.stop()
  for (const visitor of visitors) visitor.destroy()
  await once(page.close(), 'close')
})

async function lengthOf(socket: Socket): Promise<number> {
  let length = 0
  for await (const chunk of socket) length += (chunk as Buffer).length
  return length
}

test.each(['operate', 'full'] as const)(
  '-L to the web page carries everything both ways for role %s, and an end of one side',
  async (role) => {
    const port = await freePort()
    tunnelling(running.target(role), ['-L', `${port}:localhost:${web}`])
    const socket = await visit(port)
    const answer = lengthOf(socket)
    socket.end(Buffer.alloc(5_000_000, 'x'))
    expect(await answer).toBe(5_000_000)
    await eventually(() => visitors.size === 0, 'the page has no visitor left')
    expect(running.sluice.process.audit.lines()).toContainEqual(
      expect.objectContaining({ event: 'tunnel', operator: role, path: `localhost:${web}` }),
    )
  },
)

test('the tunnels of a login end with it', async () => {
  const port = await freePort()
  const child = tunnelling(running.target('full'), ['-L', `${port}:127.0.0.1:${web}`])
  const socket = await visit(port)
  socket.on('error', () => {})
  socket.write('x')
  await once(socket, 'data')
  child.kill('SIGKILL')
  await eventually(() => visitors.size === 0, 'the page has no visitor left')
  socket.destroy()
})

test.each(ROLES)('-W to anything else is refused for role %s', async (role) => {
  for (const place of ['127.0.0.1:22', '10.0.0.1:7001', `example.org:${web}`]) {
    const { status, err } = await ssh(running.target(role), [`-W${place}`])
    expect(status).toBe(255)
    expect(err).toMatch(/stdio forwarding failed|administratively prohibited|connect failed/i)
  }
})

test('-W to the web page works for those who may, and for role readonly it does not', async () => {
  const place = `localhost:${web}`
  const may = await ssh(running.target('operate'), [`-W${place}`], 'hello')
  expect(may).toMatchObject({ status: 0, out: 'hello' })
  const mayNot = await ssh(running.target('readonly'), [`-W${place}`], 'hello')
  expect(mayNot).toMatchObject({ status: 255, out: '' })
  const refused = running.sluice.process.audit.lines().findLast(({ event }) => event === 'refused')
  expect(refused).toMatchObject({ action: 'tunnel', operator: 'readonly', path: place })
})

test('-R is refused, and the login goes on', async () => {
  const port = await freePort()
  const child = spawnSsh(running.target('full', ['ExitOnForwardFailure=no']), [
    `-R${port}:localhost:22`,
    'show version',
  ])
  child.stdin.end()
  const { status, out } = await resultOf(child)
  expect(status).toBe(0)
  expect(out).toMatch(/^sluice/)
  const failing = running.target('full', ['ExitOnForwardFailure=yes'])
  expect(await ssh(failing, [`-R${port}:localhost:22`, 'show version'])).toMatchObject({
    status: 255,
  })
})

test('-R of a socket file, -L to one, an agent and a display are refused, and the login goes on', async () => {
  const far = join(running.folder, 'far')
  const near = join(running.folder, 'near')
  const flags = [`-R${far}:${near}`, `-L${near}:${far}`, '-A', '-X', 'show version']
  const { status, out } = await ssh(running.target('full'), flags)
  expect(status).toBe(0)
  expect(out).toMatch(/^sluice/)
})

test('-D reaches nothing but the web page', async () => {
  const port = await freePort()
  tunnelling(running.target('full'), ['-D', String(port)])
  expect(await throughSocks(port, 22)).toBe('closed')
  expect(await throughSocks(port, web)).toBe('open')
  expect(await ssh(running.target('full'), ['show version'])).toMatchObject({ status: 0 })
})

test('where nothing listens on the port of the page, the tunnel is refused', async () => {
  const nobody = createServer().listen(0, '127.0.0.1')
  await once(nobody, 'listening')
  const { port } = nobody.address() as AddressInfo
  await once(nobody.close(), 'close')
  const { balancer } = running.sluice.core
  balancer.configure('web', { listen: `127.0.0.1:${port}` })
  const answer = await ssh(running.target('full'), [`-Wlocalhost:${port}`], 'x')
  balancer.configure('web', { listen: `localhost:${web}` })
  expect(answer).toMatchObject({ status: 255 })
  expect(await ssh(running.target('full'), ['show version'])).toMatchObject({ status: 0 })
})
