// Candidates over real ssh: one for each operator, whichever connection edits it; what other prompts see; what is in the
// file and in the audit log.
import { writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { ssh } from '../helpers/ssh-client.ts'
import { atPrompt } from '../helpers/terminal.ts'

const CANDIDATE_PROMPT = /sluice\[candidate\]>\s*$/m

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

afterEach(async () => {
  await ssh(full(), ['discard'])
})

const full = () => running.target('full')
const host = (name: string) => {
  return running.sluice.core.balancer.service('web').group('main').host(name)
}

async function command(line: string, input = ''): Promise<string> {
  const { status, out, err } = await ssh(full(), [line], input)
  expect({ line, status, err }).toEqual({ line, status: 0, err: '' })
  return out
}

test('one line, a batch and a program edit the same candidate, and a commit is one act and one revision', async () => {
  await command('begin')
  await command('set host web/main/a weight 5')
  await command('batch', 'set host web/main/b weight 6\nadd host web/main/c 127.0.0.1:9003\n')
  const line = JSON.stringify({ id: 1, command: 'disable host web/main/c' })
  const { out } = await ssh(full(), ['-s', 'json-rpc'], line)
  expect(JSON.parse(out)).toMatchObject({ exit: 0, result: { candidate: true } })
  expect([host('a').weight, host('b').weight]).toEqual([1, 1])
  expect(running.config).not.toContain('weight')
  expect(await command('compare')).toBe(
    `+ host web/main/c 127.0.0.1:9003
~ web/main/a: weight 1 -> 5
~ web/main/b: weight 1 -> 6
3 differences; commit puts them in effect, discard drops them
`,
  )

  expect(await command("commit --comment 'more of both'")).toMatch(
    /3 differences in effect; .*config\.xml: written, revision \d+\n$/,
  )
  expect([host('a').weight, host('b').weight, host('c').intent]).toEqual([5, 6, 'disabled'])
  expect(running.config).toContain('<host name="a" ip="127.0.0.1:9001" weight="5" />')
  expect(running.config).toContain('<!-- the front door -->')
  const [revision] = await running.sluice.process.history.list()
  expect(revision).toMatchObject({ comment: 'more of both', origins: ['ssh:full'] })
  const [act] = running.sluice.process.journal.acts()
  expect(act).toMatchObject({ origin: 'ssh:full' })
  expect(act?.changes.length).toBeGreaterThan(2)
})

test('the audit log has each line, and changes when they are in effect', async () => {
  const { audit } = running.sluice.process
  const from = audit.lines().at(-1)?.number ?? 0
  const since = (event: string) =>
    audit.lines().filter((each) => each.number > from && each.event === event)
  await command('begin')
  await command('set host web/main/a weight 9')
  expect(since('command').map(({ line }) => line)).toEqual([
    'begin',
    'set host web/main/a weight 9',
  ])
  expect(since('change')).toEqual([])
  await command('commit')
  expect(since('change')).toMatchObject([
    { origin: 'ssh:full', path: 'web/main/a', field: 'weight', before: 5, after: 9 },
  ])
})

test('every prompt of the operator shows that there is one, and no prompt of others', async () => {
  await atPrompt(running.target('operate'), async (other) => {
    await atPrompt(full(), async (second) => {
      await atPrompt(full(), async (first) => {
        await first.line('begin')
        await first.shows(CANDIDATE_PROMPT)
        expect(await second.shows(CANDIDATE_PROMPT)).toMatch(/\*\*\* a candidate is open/)
        await second.line('set host web/main/b weight 7')
        await second.shows(/weight 6 -> 7 \(candidate; not in effect\)/)
        await first.line('services.web.groups.main.hosts.b.weight')
        await first.shows(/^6$/m)
        await first.line('compare')
        await first.shows(/~ web\/main\/b: weight 6 -> 7/)
        await first.line('discard')
        await first.shows(/sluice> *$/m)
        expect(await second.shows(/discarded\s+sluice>\s*$/)).toMatch(/\*\*\* your candidate was/)
      })
    })
    expect(await other.screen()).not.toContain('candidate')
  })
})

test('a prompt that is opened while there is one shows it', async () => {
  const operate = running.target('operate')
  expect((await ssh(operate, ['begin'])).status).toBe(0)
  const { out } = await ssh(operate, ['-tt'], 'discard\nexit\n')
  expect(out).toContain('sluice[candidate]> ')
  expect(out).toMatch(/candidate discarded: no differences[^]*sluice> /)
})

test('what an edit of the file changed meanwhile stays, or is a conflict that begin --again settles', async () => {
  await command('begin')
  await command('set host web/main/a weight 2')
  await command('rename host web/main/c third')
  const edited = running.config
    .replace('ip="127.0.0.1:9001" weight="9"', 'ip="127.0.0.1:9001" weight="3"')
    .replace('ip="127.0.0.1:9002" weight="6"', 'ip="127.0.0.1:9002" weight="8"')
  writeFileSync(running.file, edited)
  await command('reload')
  const refused = await ssh(full(), ['commit'])
  expect(refused).toMatchObject({
    status: 1,
    err: expect.stringContaining('web/main/a/weight: candidate 2, running 3, was 9'),
  })
  expect(host('a').weight).toBe(3)
  await command('begin --again')
  await command('commit')
  expect([host('a').weight, host('b').weight, host('third').weight]).toEqual([2, 8, 1])
  expect(running.config).toContain('<host name="a" ip="127.0.0.1:9001" weight="2" />')
  expect(running.config).toContain('<host name="b" ip="127.0.0.1:9002" weight="8" />')
})

test('a candidate is of its operator alone', async () => {
  await command('begin')
  await command('user remove readonly')
  const other = await ssh(running.target('operate'), ['discard'])
  expect(other.err).toContain('operate has no candidate; begin opens one')
  expect((await ssh(running.target('readonly'), ['show candidates'])).out).toMatch(/^full /m)
  await command('commit')
  expect(running.config).not.toContain('name="readonly"')
})

test('a listener that does not open undoes the rest, and the candidate stays open', async () => {
  const taken = `127.0.0.1:${running.port}`
  const before = running.sluice.core.balancer.snapshot()
  await command('begin')
  await command('set host web/main/a weight 33')
  await command(`listen add web ${taken}`)
  const { status, err } = await ssh(full(), ['commit'])
  expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining(taken) })
  expect(running.sluice.core.balancer.snapshot()).toEqual(before)
  await command(`listen remove web/listen/${taken}`)
  await command('commit')
  expect(host('a').weight).toBe(33)
})

test('one commit at a time waits to be confirmed', async () => {
  await command('begin')
  await command('set host web/main/a weight 40')
  expect(await command('commit --confirmed 1h')).toMatch(
    /^undone at 20\S+ unless you type: confirm$/m,
  )
  await command('begin')
  await command('set host web/main/b weight 41')
  const { status, err } = await ssh(full(), ['commit --confirmed 1h'])
  expect({ status, err }).toEqual({ status: 1, err: expect.stringContaining('confirm') })
  expect(host('b').weight).toBe(8)
  await command('commit')
  expect(host('b').weight).toBe(41)
  await command('confirm --undo')
  expect([host('a').weight, host('b').weight]).toEqual([33, 41])
})
