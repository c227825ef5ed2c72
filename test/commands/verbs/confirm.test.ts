// Who may confirm whose commit, and what is answered; and what `show summary` says of it.
import { beforeEach, expect, test } from 'vitest'
import { BalancerError } from '../../../src/base/errors.ts'
import type { EndedCommitView, PendingCommitView } from '../../../src/commands/documents.ts'
import { runLine } from '../../../src/commands/run.ts'
import { contextOf, createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const PENDING: PendingCommitView = {
  operator: 'bob',
  origin: 'ssh:bob',
  comment: 'second data centre',
  time: Date.UTC(2026, 10, 20, 12),
  confirmBefore: Date.UTC(2026, 10, 20, 12, 5),
  watchTraffic: false,
  changes: [],
  survivesRestart: true,
  undoFailed: null,
}

const CONFIRMED: EndedCommitView = {
  operator: 'bob',
  comment: 'second data centre',
  outcome: 'confirmed',
  time: Date.UTC(2026, 10, 20, 12, 4),
  origin: 'ssh:alice',
  reason: '',
  differences: [],
  kept: [],
}

const UNDONE: EndedCommitView = {
  ...CONFIRMED,
  outcome: 'undone',
  reason: 'by ssh:alice',
  differences: [
    { action: 'set', kind: 'host', path: 'web/main/a', field: 'weight', before: 7, after: 1 },
  ],
  kept: ['web/main/b/weight'],
}

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

function pendingIs(pending: PendingCommitView | undefined, last?: EndedCommitView): void {
  const confirmations = {
    pending,
    last,
    confirm: async () => endedOr(CONFIRMED),
    undo: async () => endedOr(UNDONE),
  }
  Object.assign(process, { confirmations })
  function endedOr(ended: EndedCommitView): EndedCommitView {
    if (pending !== undefined) return ended
    throw new BalancerError('NOT_FOUND', 'no commit waits to be confirmed')
  }
}

test('a commit is kept', async () => {
  pendingIs(PENDING)
  const { exit, out } = await runLine('confirm', contextOf(process))
  expect([exit, out]).toEqual([
    0,
    'the commit of bob (second data centre) was confirmed by ssh:alice\n',
  ])
})

test('a commit is undone, with what stays', async () => {
  pendingIs(PENDING)
  const text = await runLine('confirm --undo', contextOf(process))
  const message =
    'the commit of bob (second data centre) was undone, by ssh:alice: 1 difference undone; ' +
    'kept, because somebody changed it since: web/main/b/weight'
  expect(text).toMatchObject({ exit: 0, out: `${message}\n` })
  const json = await runLine('confirm --undo --json', contextOf(process))
  expect(JSON.parse(json.out)).toEqual({ ...UNDONE, time: '2026-11-20T12:04:00.000Z', message })
})

test.each(['confirm', 'confirm --undo'])('%s of somebody else is for role full', async (line) => {
  pendingIs(PENDING)
  const asAlice = { ...contextOf(process, { role: 'operate' }), operator: 'alice' }
  expect(await runLine(line, asAlice)).toMatchObject({
    exit: 3,
    err: expect.stringContaining(
      'the commit that waits is of bob; to confirm or undo it is for role full',
    ),
  })
  expect((await runLine(line, { ...asAlice, role: 'full' })).exit).toBe(0)
  expect((await runLine(line, { ...asAlice, operator: 'bob' })).exit).toBe(0)
  expect((await runLine(line, { ...asAlice, operator: 'bob', role: 'readonly' })).exit).toBe(3)
})

test('where none waits there is nothing to confirm', async () => {
  pendingIs(undefined)
  expect(await runLine('confirm', contextOf(process))).toMatchObject({
    exit: 4,
    err: 'no such object: no commit waits to be confirmed\n',
  })
})

test('show summary says what waits, what went wrong, and what became of the last one', async () => {
  const summary = async () => (await runLine('show summary', contextOf(process))).out
  expect(await summary()).not.toMatch(/confirm|commit/i)
  pendingIs(PENDING)
  expect(await summary()).toContain(
    'TO CONFIRM: bob committed (second data centre); undone at 12:05:00Z unless: confirm\n',
  )
  pendingIs({ ...PENDING, undoFailed: 'the address is already in use: 127.0.0.1:80' })
  expect(await summary()).toContain(
    'undo failed: the address is already in use: 127.0.0.1:80; it is tried again, confirm keeps the commit\n',
  )
  expect(await summary()).not.toContain('nothing is wrong')
  pendingIs(undefined, UNDONE)
  expect(await summary()).toContain(
    'the commit of bob (second data centre) was undone, by ssh:alice',
  )
  pendingIs(PENDING, UNDONE)
  const { out } = await runLine('show summary --json', contextOf(process))
  expect(JSON.parse(out)).toMatchObject({
    pendingCommit: { operator: 'bob', confirmBefore: '2026-11-20T12:05:00.000Z', changes: 0 },
    lastCommit: { outcome: 'undone', kept: ['web/main/b/weight'] },
  })
})
