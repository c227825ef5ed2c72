// `show conflicts`, `resolve`, and how other commands tell of what the file and the running system both changed.
import { beforeEach, describe, expect, test } from 'vitest'
import type { ConflictView } from '../../../src/commands/documents.ts'
import { completeLine, runLine } from '../../../src/commands/run.ts'
import type { OperatorRole } from '../../../src/model/fields.ts'
import type { UserSnapshot } from '../../../src/model/snapshot.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  ALICES_KEY,
  contextOf,
  createStubProcess,
  type StubProcess,
} from '../../helpers/stub-process.ts'

const FILE_TIME = Date.UTC(2026, 10, 20, 12)
const WEIGHT: ConflictView = {
  path: 'web/main/a/weight',
  kind: 'host',
  field: 'weight',
  base: 1,
  file: 3,
  fileTime: FILE_TIME,
  running: 4,
  origin: 'ssh:bob',
  time: FILE_TIME + 1_000,
  beside: [],
}
const INTERVAL: ConflictView = {
  ...WEIGHT,
  path: 'settings/hostCheck/interval',
  kind: 'setting',
  field: 'intervalMs',
  base: 10_000,
  file: 2_000,
  running: 500,
  origin: null,
  time: null,
}
const GONE: ConflictView = {
  ...WEIGHT,
  path: 'web/spare',
  kind: 'group',
  field: null,
  base: { name: 'spare', hosts: [] },
  file: null,
  running: { name: 'spare', hosts: [] },
  beside: ['web/enabledGroup'],
}
const DENY: ConflictView = {
  ...WEIGHT,
  path: 'web/listen/127.0.0.1:8080/deny',
  kind: 'listener',
  field: 'deny',
  base: [],
  file: ['10.0.0.0/8', '::1'],
  running: ['192.0.2.0/24'],
}

let process: StubProcess
let open: ConflictView[]
let asked: unknown[]
let users: readonly UserSnapshot[]

const { textOf, jsonOf, refused } = answersIn(() => contextOf(process))

beforeEach(async () => {
  process = await createStubProcess()
  open = [WEIGHT, INTERVAL, GONE, DENY]
  asked = []
  users = process.balancer.users
  const conflicts = {
    get paths() {
      return open.map(({ path }) => path)
    },
    list: async () => open,
    async resolve(
      paths: readonly string[],
      side: string,
      permit: (users: readonly UserSnapshot[]) => void = () => {},
    ) {
      permit(users)
      asked.push([paths, side])
      const settled = open.filter(({ path }) => paths.length === 0 || paths.includes(path))
      open = open.filter((each) => !settled.includes(each))
      return settled
    },
  }
  Object.assign(process, { conflicts })
})

describe('show conflicts', () => {
  test('lists path, base, file and its time, running with who and when, as operators type them', async () => {
    const [heading, ...lines] = (await textOf('show conflicts')).trimEnd().split('\n')
    const rows = lines.slice(0, 4).map((row) => row.split(/ {2,}/))
    const edited = '2026-11-20T12:00:00Z'
    const when = '2026-11-20T12:00:01Z'
    expect(heading).toMatch(/^PATH +BASE +FILE +EDITED +RUNNING +WHO +WHEN$/)
    expect(rows).toEqual([
      ['web/main/a/weight', '1', '3', edited, '4', 'ssh:bob', when],
      ['settings/hostCheck/interval', '10s', '2s', edited, '500ms', '-', '-'],
      ['web/spare', 'there', 'removed it', edited, 'changed it', 'ssh:bob', when],
      [
        'web/listen/127.0.0.1:8080/deny',
        'none',
        '10.0.0.0/8 ::1',
        edited,
        '192.0.2.0/24',
        'ssh:bob',
        when,
      ],
    ])
    expect(lines.slice(4)).toEqual([
      'web/spare is settled together with web/enabledGroup',
      'settle one for a side with: resolve web/main/a/weight file|running; all with: resolve --all file|running',
    ])
  })

  test('as JSON it has whole things and all values', async () => {
    expect(await jsonOf('show conflicts --where kind=group')).toEqual([
      { ...GONE, fileTime: '2026-11-20T12:00:00.000Z', time: '2026-11-20T12:00:01.000Z' },
    ])
  })

  test('says so where there is none', async () => {
    open = []
    expect(await textOf('show conflicts')).toBe(
      'no conflicts when the file was last looked at; to look now: reload\n',
    )
    expect(await jsonOf('show conflicts')).toEqual([])
  })
})

describe('resolve', () => {
  test('settles those that are named, for one side, and says what is left', async () => {
    expect(await textOf('resolve web/main/a/weight web/spare file')).toBe(
      'web/main/a/weight: 3, as in the file\nweb/spare: removed, as in the file; with it: web/enabledGroup\n' +
        '2 conflicts settled, 2 left, see: show conflicts\n',
    )
    expect(asked).toEqual([[['web/main/a/weight', 'web/spare'], 'file']])
  })

  test('settles all', async () => {
    expect(await textOf('resolve --all running')).toMatch(
      /weight: 4, as it runs\n[^]*4 conflicts settled, none is left\n$/,
    )
    expect(asked).toEqual([[[], 'running']])
  })

  test('as JSON it has those that were settled, and those that are left', async () => {
    expect(await jsonOf('resolve web/main/a/weight running')).toMatchObject({
      done: 'resolve',
      side: 'running',
      settled: [{ path: 'web/main/a/weight', file: 3, running: 4 }],
      left: [{ path: 'settings/hostCheck/interval' }, { path: 'web/spare' }, { kind: 'listener' }],
      unsaved: null,
    })
  })

  test.each([
    ['resolve', 'file or running comes last: resolve PATH… file|running'],
    ['resolve web/main/a/weight', 'file or running comes last'],
    ['resolve file', 'which conflict?'],
    ['resolve --all web/main/a/weight file', '--all takes no path'],
  ])('%s is not understood', async (line, sentence) => {
    await refused(line, 2, sentence)
    expect(asked).toEqual([])
  })

  test.each<[OperatorRole, string, number]>([
    ['readonly', 'resolve web/main/a/weight file', 3],
    ['operate', 'resolve web/main/a/weight file', 0],
    ['operate', 'resolve settings/hostCheck/interval file', 3],
    ['operate', 'resolve web/main/a/weight settings/hostCheck/interval file', 3],
    ['operate', 'resolve --all running', 3],
    ['full', 'resolve settings/hostCheck/interval file', 0],
    ['readonly', 'show conflicts', 0],
  ])('role %s, %s: exit %i', async (role, line, exit) => {
    expect(await runLine(line, contextOf(process, { role }))).toMatchObject({ exit })
  })

  test('all is for role operate, too, where no setting is among them, and then settles these alone', async () => {
    open = [WEIGHT, GONE]
    expect(
      await runLine('resolve --all file', contextOf(process, { role: 'operate' })),
    ).toMatchObject({ exit: 0 })
    expect(asked).toEqual([[['web/main/a/weight', 'web/spare'], 'file']])
  })

  test('locks nobody out, unless that is said', async () => {
    users = []
    await refused('resolve --all file', 1, 'nobody would be left with role full; say --force')
    users = process.balancer.users.filter(({ name }) => name !== 'alice')
    users = [...users, { ...users[0]!, name: 'carol', access: 'full', keys: [ALICES_KEY] }]
    await refused('resolve --all file', 1, 'alice, who is you, could not log in again')
    expect(asked).toEqual([])
    await textOf('resolve --all file --force')
    expect(asked).toHaveLength(1)
  })

  test('is completed with the paths of what is open, and with the sides', () => {
    const next = (line: string) => completeLine(line, contextOf(process)).candidates
    expect(next('resolve ')).toEqual(['web/', 'settings/', 'file', 'running'])
    expect(next('resolve web/main/')).toEqual(['web/main/a/'])
    expect(next('resolve web/main/a/weight web/m')).toEqual([])
    expect(next('resolve --all r')).toEqual(['running'])
  })
})

test('a reload tells of conflicts, and of all that is not saved', async () => {
  const unsaved = '1 conflict with the file (web/main/a/weight): show conflicts'
  process.state = { ...process.state, unsaved }
  process.reload = async () => ({
    file: 'c.xml',
    edited: true,
    applied: 2,
    conflicts: 1,
    written: true,
  })
  expect(await textOf('reload')).toBe(
    `c.xml: read, 2 changes applied, 1 conflict; what was changed live is written\nunsaved: ${unsaved}\n`,
  )
  expect(await jsonOf('reload')).toMatchObject({ after: { applied: 2, conflicts: 1, unsaved } })
})

test('a summary counts them', async () => {
  expect(await jsonOf('show summary')).toMatchObject({ conflicts: 4 })
})

test('a stop says what is not saved, and where it will be', async () => {
  process.state = { ...process.state, unsaved: 'the disk is full' }
  expect(await textOf('stop')).toBe(
    'stopping\nunsaved: the disk is full; what runs is kept in run/config.xml-unsaved\n',
  )
})

test('a configuration that is shown says beside it what is not saved', async () => {
  process.state = { ...process.state, unsaved: 'the disk is full' }
  const notes: string[] = []
  const context = contextOf(process)
  const note = async (text: string) => void notes.push(text)
  const { out } = await runLine('show config', { ...context, note })
  expect(out).toBe('<config/>\n')
  expect(notes).toEqual(['unsaved: the disk is full\n'])
})

test('a save takes a comment for its revision', async () => {
  const given: unknown[] = []
  process.save = async (options) => {
    given.push(options)
    return { written: true, file: 'c.xml', revision: 7 }
  }
  expect(await textOf("save --comment 'second rack'")).toBe('c.xml: written\n')
  expect(given).toEqual([{ force: false, comment: 'second rack' }])
})
