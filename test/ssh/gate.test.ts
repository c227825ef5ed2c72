// Strangers in front of the key exchange: how many, how fast, how long, and what they may send. Nothing of
// it may end the process or keep an operator out.
import { execFile } from 'node:child_process'
import { type Socket, connect } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, expect, test } from 'vitest'
import { Gate } from '../../src/ssh/gate.ts'
import { SSH_LIMITS, type SshLimits } from '../../src/ssh/ssh-limits.ts'
import { MemoryLog, type SshBalancer, startSshBalancer } from '../helpers/ssh-balancer.ts'
import { makeClientKey, ssh, sshArgs, type SshTarget } from '../helpers/ssh-client.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'sluice-gate-'))
const key = makeClientKey(folder, 'key')
const BANNER = 'SSH-2.0-test\r\n'
let sluice: SshBalancer | undefined
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await sluice?.stop()
  sluice = undefined
  rmSync(join(folder, 'known_hosts'), { force: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

test('silent sockets are closed after the grace time, whether they sent a banner or not', async () => {
  const { port } = await start({
    graceMs: 150,
    unauthenticatedMax: 100,
    unauthenticatedPerAddressMax: 100,
  })
  const silent = Array.from({ length: 60 }, (_, index) =>
    stranger(port, index % 2 === 0 ? '' : BANNER),
  )
  await Promise.all(silent.map(closed))
})

test('one address has only so many places, and a closed one is free again', async () => {
  const { port, log } = await start({ unauthenticatedPerAddressMax: 3 })
  const kept = [stranger(port), stranger(port), stranger(port)]
  await Promise.all(kept.map(greeted))
  await closed(stranger(port))
  expect(log.of('ssh connections refused')).toEqual([
    { reason: 'too many of one address', address: '127.0.0.1', count: 1 },
  ])
  kept[0]?.destroy()
  await expect.poll(async () => (await ssh(operator(port), ['show groups'])).status).toBe(0)
})

test('a flood is refused at accept, is told of once, and an operator gets in after it', async () => {
  const { port, log } = await start({
    acceptsBurst: 5,
    acceptsPerSecond: 20,
    unauthenticatedPerAddressMax: 100,
  })
  await Promise.all(Array.from({ length: 100 }, () => closedOrGreeted(stranger(port))))
  expect(log.of('ssh connections refused')).toHaveLength(1)
  for (const socket of sockets.splice(0)) socket.destroy()
  await expect.poll(async () => (await ssh(operator(port), ['show groups'])).status).toBe(0)
})

test('a script may log in faster than strangers may connect', async () => {
  const { port, log } = await start({ acceptsBurst: 2, acceptsPerSecond: 0.001 })
  for (let round = 0; round < 5; round++) {
    expect((await ssh(operator(port), ['show groups'])).status).toBe(0)
  }
  expect(log.of('ssh connections refused')).toEqual([])
})

test('an address that fails too often is shut out, with a right key as well, and told of once', async () => {
  const { port, log, balancer } = await start({
    penaltyFailureMs: 8_000,
    penaltyThresholdMs: 15_000,
  })
  balancer.configure('ssh', { penaltyExempt: [] })
  // A wrong signature counts and a key that is not listed does not.
  const stranger = { ...operator(port), key: makeClientKey(folder, 'unlisted').file }
  for (let round = 0; round < 5; round++) {
    expect((await ssh(stranger, ['show groups'])).status).toBe(255)
  }
  for (let round = 0; round < 2; round++) await wrongPassword(port)
  expect((await ssh(operator(port), ['show groups'])).status).toBe(255)
  expect(log.of('ssh address shut out')).toHaveLength(1)
  expect(log.of('ssh connections refused')).toContainEqual(
    expect.objectContaining({ reason: 'failed too often, has to wait' }),
  )
  // Whoever is exempt by now need not wait.
  balancer.configure('ssh', { penaltyExempt: ['127.0.0.1'] })
  expect((await ssh(operator(port), ['show groups'])).status).toBe(0)
})

test('loopback is exempt by default; elsewhere a login in between does not pay for guesses', async () => {
  const { port, log, balancer } = await start({
    penaltyFailureMs: 14_000,
    penaltyThresholdMs: 15_000,
  })
  for (let round = 0; round < 4; round++) await wrongPassword(port)
  expect((await ssh(operator(port), ['show groups'])).status).toBe(0)
  balancer.configure('ssh', { penaltyExempt: [] })
  await wrongPassword(port)
  expect((await ssh(operator(port), ['show groups'])).status).toBe(0)
  await wrongPassword(port)
  expect((await ssh(operator(port), ['show groups'])).status).toBe(255)
  expect(log.of('ssh address shut out')).toHaveLength(1)
})

test('when many wait, a new one is dropped by chance before the limit is reached', async () => {
  let luck = 1
  const admitted: Socket[] = []
  const gate = new Gate({
    limits: {
      ...SSH_LIMITS,
      unauthenticatedMax: 4,
      unauthenticatedDropFrom: 2,
      unauthenticatedDropPercent: 30,
      graceMs: 60_000,
    },
    log: new MemoryLog(),
    admit: (socket) => {
      admitted.push(socket)
      socket.write('in')
    },
    isExempt: () => true,
    chance: () => luck,
  })
  const port = Number(
    (await gate.listen({ kind: 'tcp', host: '127.0.0.1', port: 0 })).split(':')[1],
  )
  luck = 0
  for (let round = 0; round < 2; round++) await greeted(stranger(port))
  luck = 0.29
  await closed(stranger(port))
  luck = 0.3
  await greeted(stranger(port))
  luck = 0.64
  await closed(stranger(port))
  luck = 0.66
  await greeted(stranger(port))
  luck = 0.999
  await closed(stranger(port))
  expect(admitted).toHaveLength(4)
  gate.close()
  await gate.destroyAll()
})

test('a login in which nothing is open is ended, one with something open is not', async () => {
  const { port, log } = await start({ idleMs: 300 })
  const control = `ControlPath=${join(folder, 'idle-mux')}`
  const shared = {
    ...operator(port),
    options: [control, 'ControlMaster=auto', 'ControlPersist=20'],
  }
  const waiting = "js 'await new Promise((done) => setTimeout(done, 900)); 1'"
  expect((await ssh(shared, [waiting])).status).toBe(0)
  expect(log.of('ssh login idle')).toEqual([])
  await expect.poll(() => log.of('ssh logout')).toHaveLength(1)
  expect(log.of('ssh login idle')).toEqual([{ operator: 'op', login: expect.any(Number) }])
})

test('a login gives its place back while it goes on', async () => {
  const { port } = await start({
    unauthenticatedMax: 1,
    unauthenticatedPerAddressMax: 1,
    graceMs: 300,
  })
  const control = [
    `ControlPath=${join(folder, 'gate-mux')}`,
    'ControlMaster=auto',
    'ControlPersist=20',
  ]
  const shared = { ...operator(port), options: control }
  expect((await ssh(shared, ['show groups'])).status).toBe(0)
  expect(
    (await ssh(operator(port), ["js 'await new Promise((done) => setTimeout(done, 400))'"])).status,
  ).toBe(0)
  expect((await ssh(shared, ['show groups'])).status).toBe(0)
  await ssh(shared, ['-Oexit'])
})

test('only so many may be logged in', async () => {
  const { port, log } = await start({ loginsMax: 1 })
  const control = [
    `ControlPath=${join(folder, 'max-mux')}`,
    'ControlMaster=auto',
    'ControlPersist=20',
  ]
  const shared = { ...operator(port), options: control }
  expect((await ssh(shared, ['show groups'])).status).toBe(0)
  expect((await ssh(operator(port), ['show groups'])).status).toBe(255)
  expect(log.of('ssh login refused')).toContainEqual(
    expect.objectContaining({ reason: 'too many logins' }),
  )
  await ssh(shared, ['-Oexit'])
})

const HUGE_PACKET = Buffer.concat([Buffer.from(BANNER), Buffer.from('7fffffff00000000', 'hex')])
test.each([
  ['a banner and a reset', BANNER, 'reset'],
  [
    'a banner and random bytes',
    Buffer.concat([Buffer.from(BANNER), Buffer.alloc(4_096, 0xa5)]),
    'end',
  ],
  ['a packet of two gigabytes', HUGE_PACKET, 'end'],
  ['a request for a web page', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'end'],
  ['a banner that does not end', Buffer.alloc(100_000, 0x53), 'end'],
  ['the first version of the protocol', 'SSH-1.5-old\r\n', 'end'],
  ['nothing at all', '', 'end'],
  ['nothing and a reset', '', 'reset'],
] as const)('%s ends nothing but its own connection', async (_name, bytes, ending) => {
  const { port } = await start({ graceMs: 500 })
  const socket = stranger(port, bytes)
  if (bytes.length > 0 && ending === 'reset') await greeted(socket)
  else await once(socket, 'connect')
  const over = closed(socket)
  if (ending === 'reset') socket.resetAndDestroy()
  else socket.end()
  await over
  expect(await ssh(operator(port), ['show groups'])).toMatchObject({ status: 0, err: '' })
})

test('a port that is taken and an address that is not ours are refused with what to do', async () => {
  const { server } = await start({})
  const again = (listen: string) => startSshBalancer([], { listen, folder })
  await expect(again(server.address)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(/stop that one/),
  })
  await expect(again('192.0.2.1:2222')).rejects.toMatchObject({ code: 'PORT_DENIED' })
  await expect(again('unix:/tmp/x')).rejects.toMatchObject({ code: 'VALUE_BAD' })
})

async function start(limits: Partial<SshLimits>): Promise<SshBalancer> {
  const users = [
    { name: 'op', access: 'full', keys: [key.line] },
    { name: 'with', password: '..xpoEyRReGzk' },
  ] as const
  sluice = await startSshBalancer(users, { limits })
  return sluice
}

async function wrongPassword(port: number): Promise<void> {
  const options = ['BatchMode=no', 'NumberOfPasswordPrompts=1', 'PreferredAuthentications=password']
  const words = sshArgs({ folder, port, user: 'with', options })
  await run('sshpass', ['-p', 'wrong', 'ssh', ...words, 'show groups']).catch(() => {})
}

function operator(port: number): SshTarget {
  return { folder, port, user: 'op', key: key.file }
}

function stranger(port: number, bytes: string | Buffer = ''): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  if (bytes.length > 0) socket.write(bytes)
  sockets.push(socket)
  return socket
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

/** The server says who it is as soon as it took the socket. */
async function greeted(socket: Socket): Promise<void> {
  await once(socket, 'data')
}

async function closedOrGreeted(socket: Socket): Promise<void> {
  await Promise.race([closed(socket), new Promise((resolve) => socket.once('data', resolve))])
}
