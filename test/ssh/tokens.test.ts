// Tokens of programs over real ssh: made, listed, revoked and brought back, through the file and a restart; and the token
// itself in nothing that is kept.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { tokenOf } from '../../src/access/tokens.ts'
import { Sluice } from '../../src/app/run.ts'
import { hashOfToken } from '../../src/base/token-hash.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { ssh } from '../helpers/ssh-client.ts'
import { TestTerminal } from '../helpers/terminal.ts'

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

const run = (line: string) => ssh(running.target('full'), [line])

async function outOf(line: string): Promise<string> {
  const { status, out, err } = await run(line)
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return out
}

async function made(name: string, flags = ''): Promise<string> {
  return JSON.parse(await outOf(`token create ${name} ${flags} --json`)).token
}

const tokens = () => running.sluice.process.balancer.tokens

/** Every file of the folder, by its path in there. */
function filesWith(text: string): readonly string[] {
  const files = readdirSync(running.folder, { recursive: true, withFileTypes: true })
  return files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file).includes(text))
    .map((file) => file.slice(running.folder.length + 1))
    .toSorted()
}

test('made, listed, written, revoked, undone', async () => {
  const token = await made('deploy', '--role operate --expires 2036-12-21T10:00:00Z')
  expect(await outOf('token list')).toMatch(/^deploy +operate +2036-12-21T10:00:00Z +no$/m)
  await outOf('save')
  const line = `<token name="deploy" access="operate" hash="${hashOfToken(token)}" expires="2036-12-21T10:00:00Z" />`
  expect(running.config).toContain(line)
  await outOf('token remove deploy')
  expect(tokenOf(token, tokens(), Date.now())).toEqual({ refused: 'unknown' })
  await outOf('save')
  expect(running.config).not.toContain('<token')
  expect(await outOf('undo')).toContain('settings/tokens: tokens none -> deploy\n')
  await outOf('save')
  expect(running.config).toContain(line)
  expect(tokenOf(token, tokens(), Date.now())).toMatchObject({ token: { access: 'operate' } })
})

test('survive a restart, in the file', async () => {
  const token = await made('lasting', '--expires never')
  await outOf('save')
  const file = join(running.folder, 'again.xml')
  writeFileSync(file, running.config)
  const again = await Sluice.start({ config: file, engine: 'node', demo: false })
  onTestFinished(async () => {
    await again.stop(0)
    rmSync(file)
  })
  const found = tokenOf(token, again.process.balancer.tokens, Date.now())
  expect(found).toMatchObject({ token: { name: 'lasting', access: 'readonly', expires: '' } })
})

test('edits of the file are taken over, and where both sides differ it is told without the hash', async () => {
  const hash = hashOfToken(await made('shared', '--expires never'))
  await outOf('save')
  const other = `sha256:${'ab'.repeat(32)}`
  writeFileSync(running.file, running.config.replace(hash, other))
  expect(await outOf('reload')).toContain('1 change applied')
  expect(tokens().find(({ name }) => name === 'shared')?.hash).toBe(other)
  writeFileSync(running.file, running.config.replace(other, `sha256:${'cd'.repeat(32)}`))
  await outOf('token remove shared')
  await outOf(`token create shared --expires never --hash sha256:${'ef'.repeat(32)}`)
  expect((await run('reload')).out).toContain('1 conflict')
  const conflicts = await outOf('show conflicts')
  expect(conflicts).toContain('settings/tokens/shared/hash')
  expect(conflicts).not.toMatch(/abab|cdcd|efef/)
  await outOf('resolve --all file')
  expect(tokens().find(({ name }) => name === 'shared')?.hash).toBe(`sha256:${'cd'.repeat(32)}`)
})

test('a document with one that is none is refused, with its place', async () => {
  const kept = running.config
  onTestFinished(() => writeFileSync(running.file, kept))
  const before = tokens()
  writeFileSync(running.file, kept.replace('</admin>', '<token name="x" hash="md5:1" /></admin>'))
  const { status, err } = await run('reload')
  expect(status).toBe(2)
  expect(err).toMatch(/config\.xml:\d+:\d+: hash is sha256: and 64 hexadecimal digits/)
  expect(tokens()).toBe(before)
})

test('what differs is told without the hash, and hashes are for role full alone', async () => {
  const hash = hashOfToken(await made('told'))
  const differences = [await outOf('diff'), await outOf('diff --json'), await outOf('save')]
  const history = [await outOf('history --json'), await outOf('undo --list --json')]
  for (const text of [...differences, ...history]) expect(text).not.toContain(hash)
  expect(differences[0]).toContain('+ token settings/tokens/told\n')
  expect(await outOf('show config')).toContain(hash)
  const { out } = await ssh(running.target('readonly'), ['show config'])
  expect(out).toContain('<token name="told" access="readonly" hash="***"')
  expect(await outOf('diff 1 running --commands')).toContain(`token create told --role readonly`)
  expect((await ssh(running.target('operate'), ['token list'])).status).toBe(3)
})

test('a token is in no file, nor in what a prompt remembers; its hash is in documents alone', async () => {
  const terminal = await TestTerminal.open(running.target('full'), { columns: 120 })
  onTestFinished(() => terminal.close())
  await terminal.shows(/sluice>/)
  await terminal.line('token create typed')
  await terminal.shows(/it is shown this once/)
  const [typed = ''] = /sluice_[\w-]{43}/.exec(await terminal.screen()) ?? []
  const all = [typed, await made('over-ssh')]
  await outOf('token remove typed')
  await outOf('undo')
  await outOf('save')
  for (const token of all) {
    const hash = hashOfToken(token)
    expect(tokens().map((each) => each.hash)).toContain(hash)
    expect(filesWith(token)).toEqual([])
    expect(filesWith(hash).filter((file) => !file.endsWith('.xml'))).toEqual([])
    expect(JSON.stringify(running.sluice.process.logLines())).not.toContain(token)
  }
  const audit = readFileSync(join(running.folder, 'audit.jsonl'), 'utf8')
  expect(audit).toContain('token create typed')
  expect(audit).toContain('"hash":"…"')
})
