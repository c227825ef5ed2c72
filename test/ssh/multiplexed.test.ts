// Many commands over one connection, more at once than one connection may have channels, and fresh keys in the middle of
// a long answer.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../helpers/eventually.ts'
import { type RunningSluice, startRunningSluice } from '../helpers/running-sluice.ts'
import { spawnSsh, ssh, type SshTarget } from '../helpers/ssh-client.ts'

let running: RunningSluice

beforeAll(async () => {
  running = await startRunningSluice()
})

afterAll(() => running.stop())

/** One connection that later commands share; ends with the test. */
async function master(): Promise<SshTarget> {
  const path = join(running.folder, 'master')
  const child = spawnSsh(running.target('full', ['ControlMaster=yes', `ControlPath=${path}`]), [
    '-N',
  ])
  const shared = running.target('full', ['ControlMaster=no', `ControlPath=${path}`])
  await eventually(() => existsSync(path), 'the master shares its connection')
  onTestFinished(async () => {
    const ended = once(child, 'close')
    await ssh(shared, ['-Oexit'])
    await ended
  })
  return shared
}

test('forty commands over one connection all end well', async () => {
  const target = await master()
  for (let count = 0; count < 40; count++)
    expect(await ssh(target, ['show version'])).toMatchObject({ status: 0, err: '' })
  expect(running.sluice.ssh?.loginCount).toBe(1)
})

test('twelve at once over a limit of ten channels all end well', async () => {
  const target = await master()
  // Each of them stays for a while, so that they are there together.
  const line = "js 'await new Promise((resolve) => setTimeout(resolve, 100, 1))'"
  const ended = await Promise.all(Array.from({ length: 12 }, () => ssh(target, [line])))
  expect(ended.map(({ status, out }) => [status, out])).toEqual(ended.map(() => [0, '1\n']))
})

test('twenty megabytes arrive as they were, with fresh keys for each of them', async () => {
  const main = running.sluice.core.balancer.service('web').group('main')
  for (let count = 0; count < 1_000; count++) main.addHost(`h${count}`, '127.0.0.1:9003')
  const { out: one } = await ssh(running.target('full'), ['show hosts --json'])
  const times = Math.ceil(20_000_000 / one.length)
  const target = running.target('full', ['RekeyLimit=1M'])
  const { status, out } = await ssh(target, ['batch'], 'show hosts --json\n'.repeat(times))
  expect({ status, length: out.length }).toEqual({ status: 0, length: one.length * times })
  expect(hashOf(out)).toBe(hashOf(one.repeat(times)))
})

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
