// A commit that nobody confirmed and with which the process does not start any more: it starts without it.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfirmFile } from '../../../src/app/documents/confirm-file.ts'
import { Sluice } from '../../../src/app/run.ts'
import { requireDocument } from '../../../src/config/read/read.ts'
import { temporaryFolder } from '../../helpers/temporary-folder.ts'

const OPERATOR = '<user name="op" access="full" />'

function documentOf(folder: string, inside: string, services = ''): string {
  return `<config>
  <!-- kept -->
  <service name="web">
    <group name="main" enable="true"><host name="a" ip="127.0.0.1:9001" /></group>
  </service>${services}
  <admin>${inside}${OPERATOR}</admin>
  <logging file="${join(folder, 'sluice.log')}" format="json" />
</config>
`
}

/** The address of somebody else. */
async function takenAddress(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

interface Left {
  readonly before: string
  readonly after: string
  /** What the file says; `after` where nothing is said. */
  readonly file?: string
}

/** What a process left that ended while a commit waited. */
async function left(folder: string, { before, after, file = after }: Left) {
  const config = join(folder, 'config.xml')
  await writeFile(config, file, { mode: 0o600 })
  const snapshotOf = (text: string) => requireDocument(text, config).snapshot
  const now = Date.now()
  await new ConfirmFile(config).write({
    operator: 'op',
    origin: 'ssh:op',
    comment: 'try',
    time: now,
    confirmBefore: now + 600_000,
    watchTraffic: false,
    before: snapshotOf(before),
    after: snapshotOf(after),
    traffic: [],
  })
  return { config, waiting: join(folder, 'confirm.json') }
}

async function started(config: string, readOnlyConfig = false): Promise<Sluice> {
  const sluice = await Sluice.start({ config, engine: 'node', demo: false, readOnlyConfig })
  onTestFinished(() => sluice.stop(0))
  return sluice
}

async function withTakenPort() {
  const folder = await temporaryFolder()
  const before = documentOf(folder, '')
  const service = `
  <service name="more"><listen ip="${await takenAddress()}" /></service>`
  return { folder, before, after: documentOf(folder, '', service) }
}

test('it starts with what ran before, saves that, and says so', async () => {
  const { folder, ...texts } = await withTakenPort()
  const { config, waiting } = await left(folder, texts)
  const sluice = await started(config)
  const { balancer, confirmations } = sluice.process
  expect(balancer.serviceList.map(({ name }) => name)).toEqual(['web'])
  expect(confirmations.pending).toBeUndefined()
  expect(confirmations.last).toMatchObject({
    outcome: 'undone',
    origin: 'confirm:op',
    reason: expect.stringMatching(
      /^it kept Sluice from starting \(the address is already in use: 127/,
    ),
    differences: [{ action: 'remove', path: 'more' }],
  })
  const saved = await readFile(config, 'utf8')
  expect(saved).toContain('<!-- kept -->')
  expect(saved).not.toContain('more')
  expect(existsSync(waiting)).toBe(false)
  const [revision] = await sluice.process.history.list()
  expect(revision?.comment).toMatch(/^undone, it kept Sluice from starting \(.*\): try$/)
  expect(sluice.log.lines.map(({ event }) => event)).toContain('commit undone')
})

test('edits of the file since then stay', async () => {
  const { folder, ...texts } = await withTakenPort()
  const file = texts.after.replace(':9001', ':9002')
  const { config } = await left(folder, { ...texts, file })
  await started(config)
  const saved = await readFile(config, 'utf8')
  expect([saved.includes(':9002'), saved.includes('more')]).toEqual([true, false])
})

test('where it is the door for operators that does not open', async () => {
  const folder = await temporaryFolder()
  const ssh = (listen: string) => `<ssh listen="${listen}" enable="true" keys="${folder}" />`
  const before = documentOf(folder, ssh('127.0.0.1:0'))
  const { config } = await left(folder, {
    before,
    after: documentOf(folder, ssh(await takenAddress())),
  })
  const { process } = await started(config)
  expect(process.balancer.settings.ssh.listen).toBe('127.0.0.1:0')
  expect((await process.history.list())[0]?.origins).toEqual(['confirm:op'])
  expect(await readFile(config, 'utf8')).toBe(before)
})

test('where the file may not be written it goes on to be remembered', async () => {
  const { folder, ...texts } = await withTakenPort()
  const { config, waiting } = await left(folder, texts)
  const sluice = await started(config, true)
  expect(sluice.process.balancer.serviceList).toHaveLength(1)
  expect(await readFile(config, 'utf8')).toBe(texts.after)
  expect(existsSync(waiting)).toBe(true)
})

test.each([
  ['that does not start without it either', { alsoBefore: true, unmade: false }],
  ['that is not in the document', { alsoBefore: false, unmade: true }],
])('a commit %s is left alone', async (_, { alsoBefore, unmade }) => {
  const { folder, before, after } = await withTakenPort()
  const file = unmade ? after.replace('"more"', '"other"') : after
  const texts = alsoBefore
    ? { before: after, after: after.replace(':9001', ':9003') }
    : { before, after: before.replace(':9001', ':9003'), file }
  const { config, waiting } = await left(folder, texts)
  const was = await readFile(config, 'utf8')
  await expect(started(config)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
  expect(await readFile(config, 'utf8')).toBe(was)
  expect(existsSync(waiting)).toBe(true)
})

test('what waits and cannot be read hides nothing', async () => {
  const { folder, ...texts } = await withTakenPort()
  const { config, waiting } = await left(folder, texts)
  await writeFile(waiting, 'nonsense')
  await expect(started(config)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
})
