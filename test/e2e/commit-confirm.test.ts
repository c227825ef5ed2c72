// Commits that have to be confirmed, on the real process: not confirmed, confirmed, killed in between, left alone by
// their operator, and making traffic worse.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exchange } from '../helpers/clients.ts'
import { namingHost, refusingAddress } from '../helpers/hosts.ts'
import { makeClientKey, ssh } from '../helpers/ssh-client.ts'
import {
  serviceOf,
  type SluiceProcess,
  startAgain,
  startSluice,
} from '../helpers/sluice-process.ts'
import { PROMPT, TestTerminal } from '../helpers/terminal.ts'
import { until } from '../helpers/until.ts'

const HOSTS = ['127.0.0.1:9', '127.0.0.1:9', '127.0.0.1:9']
const BOB = '<user name="bob" access="full" />'

async function started(): Promise<SluiceProcess> {
  const services = serviceOf('web', HOSTS) + serviceOf('mail', HOSTS)
  const sluice = await startSluice({ services, users: BOB })
  makeClientKey(join(sluice.folder, 'keys'), 'bob')
  return sluice
}

/** `op` commits these edits. */
async function commit(
  sluice: SluiceProcess,
  edits: readonly string[],
  how: string,
): Promise<string> {
  await sluice.command('begin')
  for (const edit of edits) await sluice.command(edit)
  return sluice.command(`commit ${how}`)
}

async function asBob(sluice: SluiceProcess, line: string): Promise<string> {
  const { status, out, err } = await ssh(
    { ...sluice.target, user: 'bob', key: join(sluice.folder, 'keys', 'bob') },
    [line],
  )
  expect({ status, err }).toEqual({ status: 0, err: '' })
  return out
}

async function weightOf(sluice: SluiceProcess, path: string): Promise<number> {
  const rows = await sluice.show<{ service: string; group: string; name: string; weight: number }>(
    'hosts',
  )
  const row = rows.find(({ service, group, name }) => `${service}/${group}/${name}` === path)
  return row?.weight ?? -1
}

interface Summary {
  readonly pendingCommit: Readonly<Record<string, unknown>> | null
  readonly lastCommit: Readonly<Record<string, unknown>> | null
}

async function summaryOf(sluice: SluiceProcess): Promise<Summary> {
  return JSON.parse(await sluice.command('show summary --json')) as Summary
}

/** As a power cut. */
async function kill({ child }: SluiceProcess): Promise<void> {
  child.signal('SIGKILL')
  await child.ended
}

function undone(sluice: SluiceProcess): Promise<unknown> {
  return until(async () => sluice.logged('commit undone').length > 0, 'the commit is undone')
}

test('not confirmed: exactly that commit is undone, what others did since stays, and everybody sees it', async () => {
  const sluice = await started()
  const terminal = await TestTerminal.open(sluice.target, { columns: 160 })
  onTestFinished(() => terminal.close())
  await terminal.shows(PROMPT)
  const edits = ['set host web/main/a weight 7', 'set host web/main/b weight 8']
  const answer = await commit(sluice, edits, "--comment 'more for both' --confirmed 12s")
  expect(answer).toMatch(/undone at .* unless you type: confirm/)
  expect(await weightOf(sluice, 'web/main/a')).toBe(7)
  expect((await summaryOf(sluice)).pendingCommit).toMatchObject({
    operator: 'op',
    comment: 'more for both',
    changes: 2,
  })
  await asBob(sluice, 'set host web/main/a maxSessions 9')
  await asBob(sluice, 'set host web/main/b weight 50')

  await undone(sluice)
  expect(await weightOf(sluice, 'web/main/a')).toBe(1)
  expect(await weightOf(sluice, 'web/main/b')).toBe(50)
  await terminal.shows(/\*\*\* op committed \(more for both\); undone at/)
  await terminal.shows(
    /\*\*\* the commit of op \(more for both\) was undone, not confirmed: 1 diff/,
  )
  const { pendingCommit, lastCommit } = await summaryOf(sluice)
  expect([pendingCommit, lastCommit]).toMatchObject([
    null,
    { outcome: 'undone', kept: ['web/main/b/weight'], origin: 'confirm:op' },
  ])
  expect(await sluice.command('history')).toContain('undone, not confirmed: more for both')
  expect(await sluice.command('show audit')).toContain('commit undone')
  const { status, err } = await sluice.ssh('confirm')
  expect([status, err]).toEqual([4, expect.stringContaining('was undone, not confirmed')])
  await sluice.command('save')
  expect(sluice.config).toContain('maxSessions="9"')
  expect(sluice.config).not.toMatch(/weight="[78]"/)
  await sluice.stop()
})

test('confirmed: it stays, and the next one is undone at its own time', async () => {
  const sluice = await started()
  await commit(sluice, ['set host web/main/a weight 7'], '--confirmed 10s')
  await asBob(sluice, 'begin')
  await asBob(sluice, 'set host mail/main/a weight 3')
  const refused = await ssh(
    { ...sluice.target, user: 'bob', key: join(sluice.folder, 'keys', 'bob') },
    ['commit --confirmed 2s'],
  )
  expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('one at a time') })
  expect(await sluice.command('confirm')).toContain('was confirmed by ssh:op')
  await asBob(sluice, 'commit --confirmed 8s')
  await undone(sluice)
  expect(await weightOf(sluice, 'mail/main/a')).toBe(1)
  expect(await weightOf(sluice, 'web/main/a')).toBe(7)
  await sluice.stop()
})

test('killed and started again before the deadline: it is undone at it, or confirmed', async () => {
  const first = await started()
  await commit(first, ['set host web/main/a weight 7'], '--confirmed 10m')
  await kill(first)
  const second = await startAgain(first.folder)
  expect((await summaryOf(second)).pendingCommit).toMatchObject({ operator: 'op', changes: 1 })
  await second.command('confirm')
  await commit(second, ['set host web/main/a weight 8'], '--confirmed 10s')
  await kill(second)

  const third = await startAgain(first.folder)
  expect(await weightOf(third, 'web/main/a')).toBe(8)
  await undone(third)
  expect(await weightOf(third, 'web/main/a')).toBe(7)
  await third.stop()
})

test('killed and started again behind the deadline: it is undone before anybody can log in', async () => {
  const first = await started()
  await commit(first, ['set host web/main/a weight 7'], '--confirmed 1s')
  await kill(first)
  const waiting = join(first.folder, 'confirm.json')
  const { confirmBefore } = JSON.parse(readFileSync(waiting, 'utf8')) as { confirmBefore: number }
  await until(async () => Date.now() > confirmBefore, 'the deadline has passed')
  const second = await startAgain(first.folder)
  expect(second.logged('commit undone')).toMatchObject([{ level: 'error', operator: 'op' }])
  expect(await weightOf(second, 'web/main/a')).toBe(1)
  expect(second.config).not.toContain('weight="7"')
  expect(existsSync(waiting)).toBe(false)
  await second.stop()
})

test("the operator's connection is lost: the deadline does not care", async () => {
  const sluice = await started()
  const terminal = await TestTerminal.open(sluice.target)
  await terminal.shows(PROMPT)
  for (const line of ['begin', 'set host web/main/a weight 7']) await terminal.line(line)
  await terminal.line('commit --confirmed 5s')
  await until(async () => sluice.logged('commit waits to be confirmed').length > 0, 'it waits')
  await terminal.close()
  await undone(sluice)
  expect(await weightOf(sluice, 'web/main/a')).toBe(1)
  await sluice.stop()
})

test('traffic gets worse: it is undone at once, with the figures', async () => {
  const host = await namingHost('served')
  onTestFinished(() => host.close())
  const group = 'retries="0" maxFails="0"'
  const manager = '<hostCheck enable="false" />'
  const services = serviceOf('web', [host.address, host.address], { group })
  const sluice = await startSluice({ services, manager })
  const address = sluice.addressOf('web')
  const clients = async (count: number) => {
    for (let i = 0; i < count; i++) await exchange(address)
  }
  await clients(50)
  const dead = await refusingAddress()
  await commit(sluice, [`set host web/main/b ip ${dead}`], '--confirmed 10m --watch-traffic')
  await until(
    async () => {
      await clients(20)
      return sluice.logged('commit undone').length > 0
    },
    'the commit is undone',
    { withinMs: 25_000 },
  )
  expect(sluice.logged('commit undone')[0]?.['reason']).toMatch(
    /^traffic got worse: web: \d+ of \d+ sessions \([\d.]+%\) failed since the commit, against 0 of 50 sessions \(0%\) in the 10m before$/,
  )
  const failed = sluice.logged('commit undone').length
  expect(failed).toBe(1)
  expect(await exchange(address)).toBe('served')
  expect(await exchange(address)).toBe('served')
  await sluice.stop()
})
