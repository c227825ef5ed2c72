// Files over ssh with the real clients: what is there, what an upload does and does not do, and that nothing of it
// is the disk.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { ssh } from '../../helpers/ssh-client.ts'
import { psftp, scp, sftp } from '../../helpers/ssh-files.ts'

let running: RunningSluice
let local: string
let original: string

beforeAll(async () => {
  running = await startRunningSluice()
  local = join(running.folder, 'local')
  original = running.config
})

afterAll(() => running.stop())

beforeEach(async () => {
  await running.sluice.process.apply(original)
})

function read(): string {
  return readFileSync(local, 'utf8')
}

function weightOf(host: string): number {
  return running.sluice.core.balancer.service('web').group('main').host(host).weight
}

function heavier(weight: string): string {
  return original.replace('127.0.0.1:9002"', `127.0.0.1:9002" weight="${weight}"`)
}

test.each([':/running.xml', ':running.xml', ':/config.xml', ':/../../config.xml'])(
  'scp gets %s',
  async (path) => {
    expect(await scp(running.target('full'), [path, local])).toEqual({
      status: 0,
      out: '',
      err: '',
    })
    expect(read()).toBe(original)
  },
)

test('psftp gets a relative path, and lists what is there', async () => {
  const fingerprint = running.sluice.ssh?.fingerprint ?? ''
  const commands = ['ls', 'cd revisions', 'pwd', `get ../running.xml ${local}`, 'rm ../config.xml']
  const { out, status } = await psftp(running.target('full'), fingerprint, commands)
  expect(read()).toBe(original)
  expect(out).toContain('running.xml')
  expect(out).toContain('Remote directory is /revisions')
  expect(out).toContain('permission denied')
  expect(status).toBe(0)
})

test('the tree has what was promised, and the log, the audit log and earlier versions can be read', async () => {
  await running.sluice.process.apply(heavier('2'))
  const { out } = await sftp(running.target('full'), ['ls -1', 'ls -1 revisions'])
  const names = out.split('\n').filter((line) => !line.startsWith('sftp>'))
  const [revision = ''] = names.filter((name) => name.startsWith('revisions/')).slice(-1)
  expect(names.slice(0, 6)).toEqual([
    'audit',
    'config.xml',
    'last-error.txt',
    'log',
    'revisions',
    'running.xml',
  ])
  expect(await scp(running.target('full'), [`:/${revision}`, local])).toMatchObject({ status: 0 })
  expect(read()).toContain('<service name="web">')
  await scp(running.target('full'), [':/log', local])
  expect(read()).toMatch(/ssh login/)
  await scp(running.target('full'), [':/audit', local])
  const lines = read()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines).toContainEqual(
    expect.objectContaining({
      event: 'file',
      action: 'read',
      path: `/${revision}`,
      operator: 'full',
    }),
  )
})

test('an upload is one change with its author, keeps its text in the file, and is in the audit log', async () => {
  const before = running.sluice.core.balancer.changeNumber
  const text = heavier('7').replace('the front door', 'the back door')
  writeFileSync(local, text)
  expect(await scp(running.target('full'), [local, ':/config.xml'])).toMatchObject({ status: 0 })
  expect(weightOf('b')).toBe(7)
  expect(running.config).toBe(text)
  expect(running.sluice.core.balancer.changeNumber).toBe(before + 1)
  expect(running.sluice.process.journal.acts()[0]).toMatchObject({ origin: 'ssh:full' })
  expect(running.sluice.process.audit.lines()).toContainEqual(
    expect.objectContaining({
      event: 'file',
      action: 'write',
      path: '/config.xml',
      operator: 'full',
    }),
  )
})

test('sftp and psftp upload as well, also a shorter text over a longer one', async () => {
  writeFileSync(local, heavier('8'))
  expect(await sftp(running.target('full'), [`put ${local} config.xml`])).toMatchObject({
    status: 0,
  })
  expect(weightOf('b')).toBe(8)
  writeFileSync(local, original)
  const fingerprint = running.sluice.ssh?.fingerprint ?? ''
  await psftp(running.target('full'), fingerprint, [`put ${local} config.xml`])
  expect(weightOf('b')).toBe(1)
  expect(running.config).toBe(original)
})

test('a bad upload changes nothing, and says why where this operator can read it', async () => {
  writeFileSync(local, heavier('x'))
  const { status, err } = await scp(running.target('full'), [local, ':/config.xml'])
  expect(status).toBe(1)
  expect(err).toContain('Failure')
  expect(running.config).toBe(original)
  await scp(running.target('full'), [':/last-error.txt', local])
  expect(read()).toMatch(/document:6:\d+: weight is a whole number from 0 to 256, got "x"/)
  await scp(running.target('operate'), [':/last-error.txt', local])
  expect(read()).toBe('no upload of yours was refused\n')
  const { out } = await ssh(running.target('full'), ['show log'])
  expect(out).toMatch(/ssh upload refused.*weight is a whole number/s)
})

test('an upload over a file that was edited meanwhile is refused', async () => {
  writeFileSync(running.file, heavier('3'))
  writeFileSync(local, heavier('4'))
  expect(await scp(running.target('full'), [local, ':/config.xml'])).toMatchObject({ status: 1 })
  expect(running.config).toBe(heavier('3'))
  await running.sluice.process.save({ force: false, comment: '' })
})

test('a document beyond the limit is refused while it comes', async () => {
  writeFileSync(local, Buffer.alloc(9_000_000, ' '))
  expect(await scp(running.target('full'), [local, ':/config.xml'])).toMatchObject({ status: 1 })
  expect(running.config).toBe(original)
})

test.each([
  ['scp to a path of the system', ':/etc/h4-passwd'],
  ['scp into the root', ':/'],
  ['scp over what runs', ':/running.xml'],
  ['scp out of the tree', ':/../../tmp/h4-passwd'],
])('%s is refused, and nothing is on the disk', async (_, path) => {
  writeFileSync(local, original)
  const files = readdirSync(running.folder)
  const { status, err } = await scp(running.target('full'), [local, path])
  expect(status).toBe(1)
  expect(err).toContain('Permission denied')
  expect(['/etc/h4-passwd', '/tmp/h4-passwd'].filter(existsSync)).toEqual([])
  expect(readdirSync(running.folder)).toEqual(files)
})

test.each(['get /../../etc/passwd', 'get /etc/passwd', 'get /revisions/../../etc/passwd'])(
  'sftp %s finds nothing',
  async (command) => {
    const { status, err } = await sftp(running.target('full'), [`${command} ${local}`])
    expect(status).toBe(1)
    expect(err).toContain('not found')
  },
)

test.each([
  'rm /config.xml',
  'mkdir /x',
  'rmdir /revisions',
  'rename /log /x',
  'chmod 777 /config.xml',
  'symlink /log /x',
])('sftp %s is refused and noted', async (command) => {
  expect(await sftp(running.target('full'), [command])).toMatchObject({ status: 1 })
  const last = running.sluice.process.audit.lines().findLast(({ event }) => event === 'refused')
  expect(last).toMatchObject({ operator: 'full', reason: 'not allowed' })
})

test('scp -O is told what to do, and does not hang', async () => {
  for (const paths of [
    [':/running.xml', local],
    [local, ':/config.xml'],
  ]) {
    const { status, err } = await scp(running.target('full'), paths, ['-O'])
    expect(status).toBe(1)
    expect(err).toContain('leave out -O')
  }
})

test('passwords are for role full', async () => {
  const hash = 'scrypt$a$b'
  const secret = original.replace('name="readonly"', `name="readonly" password="${hash}"`)
  await running.sluice.process.apply(secret)
  for (const path of [':/config.xml', ':/running.xml']) {
    await scp(running.target('operate'), [path, local])
    expect(read()).toContain('password="***"')
    expect(read()).not.toContain(hash)
    await scp(running.target('full'), [path, local])
    expect(read()).toContain(hash)
  }
})
