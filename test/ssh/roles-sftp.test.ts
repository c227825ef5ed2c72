// Every role with every request of sftp and every kind of tunnel: what is answered is a table, and nothing changes that
// the table does not say.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type ssh2 from 'ssh2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OperatorRole } from '../../src/model/fields.ts'
import { freePort } from '../helpers/free-port.ts'
import {
  loginOf,
  NO_ATTRIBUTES,
  type RawAnswer,
  RawSftp,
  SFTP,
  text,
  uint32,
  uint64,
} from '../helpers/raw-sftp.ts'
import { ROLES, type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'

const [OK, EOF, MISSING, DENIED, FAILURE, UNSUPPORTED] = [0, 1, 2, 3, 4, 8]
const READ = uint32(0x01)
const WRITE = uint32(0x02 | 0x08 | 0x10)

/** What everybody is answered, or what each role is: the kind of answer, or the code of a status. */
type Expected = string | number | Readonly<Record<OperatorRole, string | number>>

interface Case {
  readonly name: string
  readonly expected: Expected
  readonly ask: (sftp: RawSftp) => Promise<RawAnswer>
}

const FULL_ONLY = { readonly: DENIED, operate: DENIED, full: 'handle' } as const

const FILES = ['/config.xml', '/running.xml', '/log', '/last-error.txt']
const ELSEWHERE = ['/running.xml', '/log', '/audit', '/last-error.txt', '/x', '/revisions/x', '/']

const CASES: readonly Case[] = [
  ...[...FILES, '/audit', '/', '/revisions'].flatMap((path) => [
    row(`stat ${path}`, 'attributes', SFTP.stat, text(path)),
    row(`lstat ${path}`, 'attributes', SFTP.lstat, text(path)),
    row(`setstat ${path}`, DENIED, SFTP.setstat, text(path), NO_ATTRIBUTES),
    row(`remove ${path}`, DENIED, SFTP.remove, text(path)),
    row(`rmdir ${path}`, DENIED, SFTP.rmdir, text(path)),
    row(`mkdir ${path}/x`, DENIED, SFTP.mkdir, text(`${path}/x`), NO_ATTRIBUTES),
    row(`rename ${path}`, DENIED, SFTP.rename, text(path), text('/x')),
    row(`symlink ${path}`, DENIED, SFTP.symlink, text(path), text('/x')),
    row(`readlink ${path}`, UNSUPPORTED, SFTP.readlink, text(path)),
    row(`realpath ${path}`, 'names', SFTP.realpath, text(path)),
  ]),
  ...FILES.map((path) => row(`read ${path}`, 'handle', SFTP.open, text(path), READ, NO_ATTRIBUTES)),
  row('read /audit', FULL_ONLY, SFTP.open, text('/audit'), READ, NO_ATTRIBUTES),
  row('read a folder', FAILURE, SFTP.open, text('/revisions'), READ, NO_ATTRIBUTES),
  row('read nothing', MISSING, SFTP.open, text('/x'), READ, NO_ATTRIBUTES),
  row('write /config.xml', FULL_ONLY, SFTP.open, text('/config.xml'), WRITE, NO_ATTRIBUTES),
  ...ELSEWHERE.map((path) =>
    row(`write ${path}`, DENIED, SFTP.open, text(path), WRITE, NO_ATTRIBUTES),
  ),
  row('list /', 'handle', SFTP.opendir, text('/')),
  row('list /revisions', 'handle', SFTP.opendir, text('/revisions')),
  row('list a file', MISSING, SFTP.opendir, text('/log')),
  row('an extension', UNSUPPORTED, SFTP.extended, text('posix-rename@openssh.com'), text('/log')),
  row('no request at all', UNSUPPORTED, 99),
  row('read of no handle', FAILURE, SFTP.read, text('9'), uint64(0), uint32(1)),
  row('write to no handle', FAILURE, SFTP.write, text('9'), uint64(0), text('x')),
  row('close of no handle', FAILURE, SFTP.close, text('9')),
  row('fstat of no handle', FAILURE, SFTP.fstat, text('9')),
  row('fsetstat of no handle', FAILURE, SFTP.fsetstat, text('9'), NO_ATTRIBUTES),
  row('readdir of no handle', FAILURE, SFTP.readdir, text('9')),
  onFile('write to a file that is open to be read', FAILURE, SFTP.write, uint64(0), text('x')),
  onFile('fsetstat of a file that is open to be read', FAILURE, SFTP.fsetstat, NO_ATTRIBUTES),
  onFile('readdir of a file', FAILURE, SFTP.readdir),
  onFile('fstat of a file', 'attributes', SFTP.fstat),
  onFile('read behind the end', EOF, SFTP.read, uint64(1e9), uint32(10)),
  onFile('read', 'data', SFTP.read, uint64(0), uint32(10)),
  onFile('close', OK, SFTP.close),
]

function row(name: string, expected: Expected, type: number, ...fields: readonly Buffer[]): Case {
  return { name, expected, ask: (sftp) => sftp.ask(type, ...fields) }
}

/** A request about the handle of the running configuration. */
function onFile(
  name: string,
  expected: Expected,
  type: number,
  ...fields: readonly Buffer[]
): Case {
  const ask = async (sftp: RawSftp) => {
    const handle = await sftp.open(SFTP.open, text('/running.xml'), READ, NO_ATTRIBUTES)
    return sftp.ask(type, handle, ...fields)
  }
  return { name, expected, ask }
}

let running: RunningSluice
let page: Server
let web: number
const logins = new Map<OperatorRole, ssh2.Client>()

beforeAll(async () => {
  web = await freePort()
  page = createServer((socket) => socket.on('error', () => {}).resume()).listen(web, '127.0.0.1')
  await once(page, 'listening')
  running = await startRunningSluice({ standIn: web })
  for (const role of ROLES) logins.set(role, await loginOf(running.target(role)))
})

afterAll(async () => {
  for (const client of logins.values()) {
    const closed = once(client, 'close')
    client.end()
    await closed
  }
  await running.stop()
  await once(page.close(), 'close')
})

for (const role of ROLES) {
  test(`sftp, role ${role}: every request is answered as the table says, and nothing changes`, async () => {
    const before = [running.config, running.sluice.core.balancer.changeNumber]
    const wrong: string[] = []
    for (const { name, expected, ask } of CASES) {
      const sftp = await RawSftp.open(clientOf(role))
      const { kind, code } = await ask(sftp)
      const wanted = typeof expected === 'object' ? expected[role] : expected
      const got = typeof wanted === 'number' && kind === 'status' ? code : kind
      if (got !== wanted) wrong.push(`${name}: ${got} instead of ${wanted}`)
      await sftp.close()
    }
    expect(wrong).toEqual([])
    expect([running.config, running.sluice.core.balancer.changeNumber]).toEqual(before)
  })
}

const PAGE: Readonly<Record<OperatorRole, boolean>> = { readonly: false, operate: true, full: true }
const NOBODY: Readonly<Record<OperatorRole, boolean>> = {
  readonly: false,
  operate: false,
  full: false,
}

interface Tunnel {
  readonly name: string
  readonly may: Readonly<Record<OperatorRole, boolean>>
  readonly open: (client: ssh2.Client, done: (error: Error | undefined) => void) => void
}

const TUNNELS: readonly Tunnel[] = [
  ...['localhost', '127.0.0.1', '127.8.8.8', '::1', 'LOCALHOST'].map((host) =>
    to(`the page as ${host}`, PAGE, host, () => web),
  ),
  to('another port', NOBODY, 'localhost', () => 22),
  to('port 0', NOBODY, 'localhost', () => 0),
  to('another machine', NOBODY, '10.0.0.1', () => web),
  to('a name that only looks so', NOBODY, 'localhost.example.org', () => web),
  to('no name', NOBODY, '', () => web),
  {
    name: 'a socket file',
    may: NOBODY,
    open: (client, done) => client.openssh_forwardOutStreamLocal('/tmp/x', done),
  },
  {
    name: 'a port here',
    may: NOBODY,
    open: (client, done) => client.forwardIn('127.0.0.1', 0, done),
  },
  {
    name: 'a socket file here',
    may: NOBODY,
    open: (client, done) =>
      client.openssh_forwardInStreamLocal('/tmp/x', (error) => done(error ?? undefined)),
  },
]

function to(name: string, may: Tunnel['may'], host: string, port: () => number): Tunnel {
  return {
    name,
    may,
    open(client, done) {
      client.forwardOut('127.0.0.1', 1, host, port(), (error, channel) => {
        channel
          ?.on('error', () => {})
          .resume()
          .end()
        done(error)
      })
    },
  }
}

for (const role of ROLES) {
  test.each(TUNNELS)(`tunnel, role ${role}: $name`, async ({ may, open }) => {
    const error = await new Promise<Error | undefined>((resolve) => open(clientOf(role), resolve))
    expect(error === undefined).toBe(may[role])
  })
}

function clientOf(role: OperatorRole): ssh2.Client {
  const client = logins.get(role)
  if (client === undefined) throw new Error(`${role} is not logged in`)
  return client
}
