// `tail`: what is there already and what comes, narrowed, bounded, and left without a trace.
import { beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import type { LogLine } from '../../../src/base/log.ts'
import type { Feeds } from '../../../src/commands/context.ts'
import { feed } from '../../../src/commands/answer/feed.ts'
import { runLine } from '../../../src/commands/run.ts'
import { eventually } from '../../helpers/eventually.ts'
import {
  contextOf,
  createStubProcess,
  endedSession,
  type StubProcess,
} from '../../helpers/stub-process.ts'

type Tell = (item: never) => void

let process: StubProcess
let followers: Map<keyof Feeds, Set<Tell>>

beforeEach(async () => {
  process = await createStubProcess()
  followers = new Map()
  process.follow = (name, tell) => {
    const told = followers.get(name) ?? new Set()
    followers.set(name, told.add(tell as Tell))
    return () => told.delete(tell as Tell)
  }
})

const countOf = (name: keyof Feeds) => followers.get(name)?.size ?? 0

function tell<Name extends keyof Feeds>(name: Name, item: Feeds[Name]): void {
  for (const each of followers.get(name) ?? []) each(item as never)
}

/** A command that goes on; `printed` is what came so far. */
function start(line: string) {
  const printed: string[] = []
  const leave = new AbortController()
  const print = async (text: string) => void printed.push(text)
  const context = { ...contextOf(process, { signal: leave.signal }), print }
  const done = runLine(line, context)
  const [name] = line.split(' ').slice(1) as [keyof Feeds]
  return {
    printed,
    ready: () => eventually(() => countOf(name) === 1, 'it follows'),
    said: (count: number) => eventually(() => printed.length >= count, `${count} pieces`),
    async leave() {
      leave.abort()
      expect(await done).toMatchObject({ exit: 0, err: '' })
      expect(countOf(name)).toBe(0)
    },
  }
}

const line = (event: string, level: LogLine['level'] = 'info'): LogLine => {
  return { time: '2026-11-20T10:00:00.000Z', level, event, facts: {} }
}

test('the log begins with the last lines, and goes on with new ones', async () => {
  process.logged = [line('one'), line('two'), line('three')]
  const tail = start('tail log --lines 2')
  await tail.said(2)
  tell('log', line('four'))
  await tail.said(3)
  expect(tail.printed.map((text) => text.trim().split(/\s+/).at(-1))).toEqual([
    'two',
    'three',
    'four',
  ])
  await tail.leave()
})

test('a level leaves out what is less severe, before and after', async () => {
  process.logged = [line('one'), line('two', 'warn')]
  const tail = start('tail log --level warn --json')
  await tail.said(1)
  tell('log', line('three', 'debug'))
  tell('log', line('four', 'error'))
  await tail.said(2)
  expect(tail.printed.map((text) => (JSON.parse(text) as LogLine).event)).toEqual(['two', 'four'])
  await tail.leave()
})

test('changes of one object and what is below, with their author', async () => {
  const tail = start('tail changes web/main')
  await tail.ready()
  const change = { number: 1, time: 0, act: 1, origin: 'ssh:bob', action: 'set' } as const
  tell('changes', { ...change, path: 'web/spare', field: 'retries', from: 1, to: 2 })
  tell('changes', { ...change, path: 'web/main/a', field: 'weight', from: 1, to: 5 })
  await tail.said(1)
  expect(tail.printed).toEqual(['1970-01-01T00:00:00.000Z ssh:bob web/main/a: weight 1 -> 5\n'])
  await tail.leave()
})

test('sessions of one host, as they end', async () => {
  const tail = start('tail sessions web/main/a')
  await tail.ready()
  tell('sessions', endedSession(1, { host: 'b' }))
  tell('sessions', endedSession(2))
  await tail.said(1)
  expect(tail.printed[0]).toContain(
    '2 192.0.2.1:2 at web/listen/127.0.0.1:8080 to web/main/a: done after 2s',
  )
  await tail.leave()
})

test('the audit log is for role full', async () => {
  const context = contextOf(process, { role: 'operate' })
  expect((await runLine('tail audit', context)).exit).toBe(3)
  const tail = start('tail audit --lines 0 --json')
  await tail.ready()
  tell('audit', { number: 7, time: '', event: 'login', operator: 'bob', hash: '00' })
  await tail.said(1)
  expect(JSON.parse(tail.printed[0] ?? '')).toMatchObject({ line: { number: 7 }, lost: 0 })
  await tail.leave()
})

test('a line of the audit log stays one line, and only those that were asked for come', async () => {
  const tail = start('tail audit --lines 0 --operator bob')
  await tail.ready()
  const line = { number: 7, time: 'T', event: 'command', operator: 'bob', hash: '00' } as const
  tell('audit', { ...line, operator: 'alice' })
  tell('audit', { ...line, line: 'say "a\nT 8 stop"' })
  tell('audit', { number: 8, time: 'T', event: 'change', origin: 'ssh:bob', hash: '00' })
  await tail.said(2)
  expect(tail.printed).toEqual(['T 7 command bob: say "a\\x0aT 8 stop"\n', 'T 8 change ssh:bob\n'])
  await tail.leave()
})

describe('a feed', () => {
  function numbers() {
    const told = new Set<(item: number) => void>()
    const leave = new AbortController()
    const items = feed<number>({
      follow: (listener) => {
        told.add(listener)
        return () => told.delete(listener)
      },
      keeps: () => true,
      earlier: () => [0],
      signal: leave.signal,
    })
    const give = (item: number) => {
      for (const listener of told) listener(item)
    }
    return { told, leave, items, give }
  }

  test('holds so many for a slow reader, drops the oldest, and says how many', async () => {
    const { items, give, leave, told } = numbers()
    expect((await items.next()).value).toEqual({ item: 0, lost: 0 })
    for (let item = 1; item <= LIMITS.tailItemsMax + 5; item++) give(item)
    expect((await items.next()).value).toEqual({ item: 6, lost: 5 })
    expect((await items.next()).value).toEqual({ item: 7, lost: 0 })
    leave.abort()
    expect((await items.next()).done).toBe(true)
    expect(told.size).toBe(0)
  })

  test('follows nothing before it is asked, and nothing after its reader left', async () => {
    const { items, told } = numbers()
    expect(told.size).toBe(0)
    await items.next()
    expect(told.size).toBe(1)
    await items.return(undefined)
    expect(told.size).toBe(0)
  })

  test('ends while it waits', async () => {
    const { items, leave, told } = numbers()
    await items.next()
    const next = items.next()
    leave.abort()
    expect((await next).done).toBe(true)
    expect(told.size).toBe(0)
  })
})
