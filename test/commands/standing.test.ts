// What tells how things stand: the summary, the looks at hosts, limits, the engine; and what belongs to the process.
import { beforeEach, describe, expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import { LIMITS } from '../../src/base/limits.ts'
import { runLine } from '../../src/commands/run.ts'
import type { CheckView } from '../../src/model/check-view.ts'
import type { Host } from '../../src/model/host.ts'
import { answersIn } from '../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const { textOf, jsonOf } = answersIn(() => contextOf(process))

const hostAt = (path: string) => process.balancer.find(path) as Host

describe('show summary', () => {
  test('fits one screen and says that nothing is wrong', async () => {
    const text = await textOf('show summary')
    expect(text.split('\n').length).toBeLessThan(24)
    expect(text).toMatch(/^sluice 1\.2\.3, engine node, up .*, 0 sessions open$/m)
    expect(text).toMatch(/^web +main +3\/3 +0/m)
    expect(text).toContain('nothing is wrong')
    expect(text).toContain('logged in: nobody')
  })

  test('says what is wrong, all of it', async () => {
    for (const { path } of process.balancer.service('web').group('main').hostList)
      hostAt(path).setHealth('down', 'refused')
    process.balancer.service('web').pause()
    process.state = { ...process.state, unsaved: 'the disk is full' }
    expect(await jsonOf('show summary')).toMatchObject({
      panic: ['web/main'],
      paused: ['web'],
      listenersClosed: [],
      unsaved: 'the disk is full',
    })
    const text = await textOf('show summary')
    expect(text).toContain('PANIC: every host of web/main is down')
    expect(text).toContain('let them go with: resume service web')
    expect(text).toContain('unsaved: the disk is full')
  })

  test('names hosts that are down, and services that nobody serves', async () => {
    hostAt('web/main/b').setHealth('down', 'refused')
    expect(await jsonOf('show summary')).toMatchObject({ down: ['web/main/b'], panic: [] })
    expect(await textOf('show summary')).toContain('down: web/main/b; see: show hosts\n')
    for (const { path } of process.balancer.service('web').group('main').hostList)
      hostAt(path).disable()
    const text = await textOf('show summary')
    expect(text).toContain('no host of web is ready; see: explain pick web\n')
    expect(text).not.toContain('down:')
    expect(text).not.toContain('nothing is wrong')
  })

  test('names the last change, and who is here', async () => {
    await textOf('set host web/main/a weight 5')
    hostAt('web/main/b').setHealth('down', 'refused')
    const operator = { id: 1, operator: 'bob', role: 'operate', address: '192.0.2.9' } as const
    const list = () => [{ ...operator, how: 'password', channels: [], since: 0, active: 0 }]
    Object.assign(process, { operators: { ...process.operators, list } })
    const text = await textOf('show summary')
    expect(text).toContain('last change: web/main/a: weight 1 -> 5, by ')
    expect(text).toContain('logged in: bob from 192.0.2.9')
  })
})

describe('show checks', () => {
  const look = { time: 0, outcome: 'good', reason: '', tookMs: 3 } as const
  const check: CheckView = {
    check: 'http /healthz',
    good: 0,
    bad: 1,
    rise: 2,
    fall: 3,
    nextMs: 1_500,
    results: [
      look,
      look,
      { ...look, outcome: 'blind' },
      { ...look, outcome: 'bad', reason: '503' },
    ],
    totals: { good: 7, bad: 2, blind: 1 },
  }

  test('is a line for each look at each host, with its last results as a strip', async () => {
    process.checksOf = () => [check]
    const [heading = '', first = ''] = (await textOf('show checks web/main')).split('\n')
    expect(heading.split(/ {2,}/)).toContain('LAST 10')
    expect(first.split(/ {2,}/)).toEqual(
      'web/main/a|http /healthz|unknown|0/2|1/3|++?-|3ms|1.5s|503'.split('|'),
    )
  })

  test('tells programs how many looks there ever were, by how they ended', async () => {
    process.checksOf = () => [check]
    const [first] = (await jsonOf('show checks web/main/a')) as object[]
    expect(first).toMatchObject({ goodTotal: 7, badTotal: 2, blindTotal: 1 })
    expect(await textOf('show checks --where badTotal>2')).not.toContain('web/main/a')
  })

  test('connects of clients have a line where some failed', async () => {
    const clients = { ...check, check: 'clients', rise: 0, nextMs: null, results: [] }
    process.checksOf = ({ name }) => [{ ...clients, bad: name === 'b' ? 2 : 0 }]
    const rows = (await jsonOf('show checks')) as object[]
    expect(rows).toMatchObject([{ path: 'web/main/b', check: 'clients', bad: 2, lastAt: null }])
  })

  test('says what to do where there is none', async () => {
    process.checksOf = () => []
    expect(await textOf('show checks web')).toContain('add check SERVICE/GROUP TYPE')
  })
})

test('show limits lists every limit', async () => {
  expect(await jsonOf('show limits')).toHaveLength(Object.keys(LIMITS).length)
  expect(await textOf('show limits --where name=heldMax')).toContain(String(LIMITS.heldMax))
})

test('show engine says what the process takes, and its host keys', async () => {
  const key = { algorithm: 'ED25519', bits: 256, fingerprint: 'SHA256:abc', file: 'keys/host' }
  Object.assign(process, { hostKeys: [key] })
  expect(await textOf('show engine')).toBe(
    [
      'node: asked for',
      'pid 7, 11 threads, 64 MiB; event loop late by 1.5 ms at p99',
      'host key: 256 SHA256:abc keys/host (ED25519)',
      '',
    ].join('\n'),
  )
})

test('show engine has a line for each thread, and for each service that is served by another engine', async () => {
  const idle = { sessions: 0, accepted: 3, bytesMoved: 1_024, pipes: 0, pipesInUse: 0, turns: 9 }
  const threads = [
    {
      thread: 0,
      sessions: 12,
      accepted: 345,
      bytesMoved: 67_890,
      pipes: 4,
      pipesInUse: 2,
      turns: 99,
    },
    { thread: 1, ...idle },
  ]
  const exceptions = [{ service: 'mail', engine: 'node', reason: 'asked for by engine="node"' }]
  Object.assign(process, { engine: { name: 'splice', reason: 'it runs', threads, exceptions } })
  expect(await textOf('show engine')).toBe(
    [
      'splice: it runs',
      'service mail: node, asked for by engine="node"',
      'pid 7, 11 threads, 64 MiB; event loop late by 1.5 ms at p99',
      'thread  sessions  accepted  bytes  pipes  in use  turns',
      '     0        12       345  67890      4       2     99',
      '     1         0         3   1024      0       0      9',
      '',
    ].join('\n'),
  )
  expect(await jsonOf('show engine')).toMatchObject({ engineThreads: threads, exceptions })
})

describe('log level', () => {
  test('is shown, and set', async () => {
    expect(await textOf('log level')).toBe('log level info\n')
    expect(await textOf('log level debug')).toBe('log level info -> debug\n')
    expect(process.balancer.settings.logging.level).toBe('debug')
    expect(await jsonOf('log level')).toEqual({
      before: 'debug',
      level: 'debug',
      message: 'log level debug',
      candidate: false,
    })
  })

  test('is for everybody to see, and not for everybody to set', async () => {
    const context = contextOf(process, { role: 'readonly' })
    expect((await runLine('log level', context)).exit).toBe(0)
    expect((await runLine('log level debug', context)).exit).toBe(3)
  })
})

describe('reload', () => {
  test.each([
    [{ edited: false, applied: 0 }, 'nothing new, it was not edited'],
    [{ edited: true, applied: 0 }, 'read; only its text is new, nothing changed'],
    [{ edited: true, applied: 1 }, 'read, 1 change applied'],
    [{ edited: true, applied: 3 }, 'read, 3 changes applied'],
    [{ edited: true, applied: 0, conflicts: 1 }, 'read, 1 conflict'],
    [{ edited: true, applied: 0, written: true }, 'read; what was changed live is written'],
    [{ edited: false, applied: 0, written: true }, 'not edited; what was changed live is written'],
    [{ edited: true, applied: 2, conflicts: 2 }, 'read, 2 changes applied, 2 conflicts'],
  ])('%o: %s', async (came, words) => {
    const nothing = { conflicts: 0, written: false }
    process.reload = async () => ({ file: 'run/config.xml', ...nothing, ...came })
    expect(await textOf('reload')).toBe(`run/config.xml: ${words}\n`)
  })

  test('says why a file was refused', async () => {
    process.reload = async () => {
      throw new BalancerError('CONFIG_BAD', 'run/config.xml:3:1: no element <hots>')
    }
    const { exit, err } = await runLine('reload', contextOf(process))
    expect(exit).not.toBe(0)
    expect(err).toContain('no element <hots>')
  })
})

test('a setting that takes a restart says so', async () => {
  expect(await textOf('set setting ssh listen 127.0.0.1:2223')).toMatch(
    / -> 127\.0\.0\.1:2223, after a restart\n$/,
  )
  expect(await textOf('set setting ssh listen 127.0.0.1:2223')).toMatch(
    /listen is already 127\.0\.0\.1:2223\n$/,
  )
})
