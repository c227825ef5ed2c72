// What `show` answers, as text for people and as JSON for scripts, of one stub process.
import { beforeEach, describe, expect, test } from 'vitest'
import { runLine } from '../../src/commands/run.ts'
import { answersIn } from '../helpers/answers.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const { textOf, jsonOf } = answersIn(() => contextOf(process))

const host = (path: string) =>
  process.balancer.find(path) as never as { setHealth(...of: string[]): void }

describe('show hosts', () => {
  test('is a table with a line for each host, in file order', async () => {
    expect(await textOf('show hosts')).toBe(
      [
        'HOST         ADDRESS           WEIGHT  INTENT   HEALTH   READY  OPEN  TOTAL  FAILED  REASON',
        'web/main/a   10.0.0.1:80            1  enabled  unknown  yes       0      0       0  -',
        'web/main/b   10.0.0.2:80            1  enabled  unknown  yes       0      0       0  -',
        'web/main/c   10.0.0.3:80            1  enabled  unknown  yes       0      0       0  -',
        'web/spare/s  spare.example:80       1  enabled  unknown  yes       0      0       0  -',
        '',
      ].join('\n'),
    )
  })

  test('is narrowed by a path: everything below it', async () => {
    const names = async (scope: string) => {
      const rows = (await jsonOf(`show hosts ${scope}`)) as { path: string }[]
      return rows.map(({ path }) => path)
    }
    expect(await names('web/spare')).toEqual(['web/spare/s'])
    expect(await names('web/main/')).toEqual(['web/main/a', 'web/main/b', 'web/main/c'])
    expect(await names('web/main/b')).toEqual(['web/main/b'])
    expect(await names('mail')).toEqual([])
  })

  test('--json is an array of objects', async () => {
    host('web/main/a').setHealth('down', 'connect refused')
    const [first] = (await jsonOf('show hosts')) as unknown[]
    expect(first).toMatchObject({
      path: 'web/main/a',
      service: 'web',
      group: 'main',
      name: 'a',
      address: '10.0.0.1:80',
      weight: 1,
      intent: 'enabled',
      health: 'down',
      ready: false,
      open: 0,
      total: 0,
      failed: 0,
      reason: 'connect refused',
    })
    expect(first).toHaveProperty('healthSince', expect.stringMatching(/^20\d\d-.*Z$/))
  })

  test('says PANIC when every host of a group is down, also when one host is asked for', async () => {
    for (const name of ['a', 'b', 'c']) host(`web/main/${name}`).setHealth('down', 'refused')
    const panic = 'PANIC: every host of web/main is down; all of them are tried as a last resort\n'
    expect(await textOf('show hosts')).toContain(panic)
    expect(await textOf('show hosts web/main/a')).toContain(panic)
    expect(await textOf('show services')).toContain(panic)
    expect(await textOf('show hosts web/spare')).not.toContain('PANIC')
  })

  test('says when running changes are not in the file', async () => {
    process.state = { ...process.state, unsaved: 'run/config.xml was edited meanwhile' }
    const note = 'unsaved: run/config.xml was edited meanwhile\n'
    expect(await textOf('show hosts')).toContain(note)
    expect(await textOf('show services')).toContain(note)
    expect(await textOf('show hosts mail')).toContain(note)
  })

  test('says how to go on where there is none', async () => {
    await textOf('add group mail/main')
    expect(await textOf('show hosts mail/main')).toBe(
      'no hosts in mail/main; add one with: add host mail/main/NAME ADDRESS\n',
    )
    expect(await textOf('show hosts mail')).toContain('add host mail/GROUP/NAME ADDRESS')
  })
})

test('show services', async () => {
  expect(await textOf('show services')).toBe(
    [
      'SERVICE  LISTENERS       SERVING  READY  OPEN  TOTAL  FAILED',
      'web      127.0.0.1:8080  main       3/3     0      0       0',
      'mail     -               -          0/0     0      0       0',
      '',
    ].join('\n'),
  )
  expect(await jsonOf('show services web')).toMatchObject([
    { path: 'web', listeners: ['127.0.0.1:8080'], enabledGroup: 'main', ready: 3, hosts: 3 },
  ])
})

test('show services says how to go on where there is none', async () => {
  await textOf('remove service web')
  await textOf('remove service mail')
  expect(await textOf('show services')).toBe('no services; add one with: add service NAME\n')
  expect(await textOf('show hosts')).toContain('add host SERVICE/GROUP/NAME ADDRESS')
})

test('show listeners', async () => {
  expect(await textOf('show listeners')).toBe(
    [
      'LISTENER                   BOUND           STATE  OPEN  TOTAL  FAILED  MAX  PROXY',
      'web/listen/127.0.0.1:8080  127.0.0.1:8080  open      0      0       0    -  none',
      '',
    ].join('\n'),
  )
  expect(await textOf('show listeners mail')).toContain('listen add SERVICE ADDRESS')
  expect(await jsonOf('show listeners web/listen/127.0.0.1:8080')).toMatchObject([
    { service: 'web' },
  ])
})

test('show groups', async () => {
  expect(await textOf('show groups')).toBe(
    [
      'GROUP      ENABLED  SCHEDULER   READY  OPEN  WAITING',
      'web/main   yes      leastconns    3/3     0        0',
      'web/spare  no       roundrobin    1/1     0        0',
      '',
    ].join('\n'),
  )
  expect(await jsonOf('show groups web/main')).toMatchObject([
    { path: 'web/main', hosts: ['a', 'b', 'c'], connectTimeoutMs: 5_000, queue: 1_024 },
  ])
  expect(await textOf('show groups mail')).toContain('add group SERVICE/NAME')
})

describe('show sessions', () => {
  test('lists them with times that say their unit', async () => {
    process.sessionRows = [sessionRow(1)]
    expect(await textOf('show sessions')).toContain('192.0.2.1:1')
    expect(await jsonOf('show sessions')).toMatchObject([
      { id: 1, client: '192.0.2.1:1', since: '2026-11-20T00:00:00.000Z', idleMs: 1_500 },
    ])
  })

  test('shows as many as asked for, and says that there are more', async () => {
    process.sessionRows = Array.from({ length: 2_500 }, (_, index) => sessionRow(index + 1))
    expect(await jsonOf('show sessions')).toHaveLength(100)
    expect(await jsonOf('show sessions --limit 2400')).toHaveLength(2_400)
    expect(await jsonOf('show sessions --limit=10000')).toHaveLength(2_500)
    expect(await textOf('show sessions --limit 2')).toContain('the first 2, of 2500 open in all')
  })

  test('finds those of one object on later pages', async () => {
    const rows = Array.from({ length: 2_500 }, (_, index) => sessionRow(index + 1))
    process.sessionRows = [...rows, sessionRow(2_501, { host: 'b' })]
    expect(await jsonOf('show sessions web/main/b')).toMatchObject([{ id: 2_501 }])
    expect(await jsonOf('show sessions web/listen/127.0.0.1:8080 --limit 1')).toHaveLength(1)
    expect(await textOf('show sessions web/spare')).toBe('no sessions of web/spare are open\n')
  })

  test('cannot be used by a client to reach the terminal', async () => {
    process.sessionRows = [sessionRow(1, { client: 'unix:\u001b]0;owned\u0007' })]
    expect(await textOf('show sessions')).toContain(String.raw`unix:\x1b]0;owned\x07`)
    const { out } = await runLine('show sessions --json', contextOf(process))
    expect(out.trimEnd()).not.toMatch(/\p{Cc}/u)
  })

  test('ends when the operator leaves', async () => {
    process.sessionRows = [sessionRow(1)]
    const context = contextOf(process, { signal: AbortSignal.abort() })
    const outcome = await runLine('show sessions', context)
    expect(outcome).toEqual({ exit: 1, out: '', err: 'refused: interrupted\n' })
  })
})

describe('show config', () => {
  const xml = `<config>\n\t<user name="bob" password="$scrypt$x" access='full'/>\n</config>\n`

  beforeEach(() => {
    process.state = { ...process.state, running: xml, stored: `<!-- old -->${xml}` }
  })

  test('prints the running document, or the stored one', async () => {
    expect(await textOf('show config')).toBe(xml)
    expect(await textOf('show config running')).toBe(xml)
    expect(await textOf('show config stored')).toBe(`<!-- old -->${xml}`)
    expect(await jsonOf('show config')).toEqual({
      file: 'run/config.xml',
      running: xml,
      stored: `<!-- old -->${xml}`,
      candidateText: null,
      unsaved: null,
    })
  })

  test('prints what a commit would make of it, where there is a candidate', async () => {
    const refused = await runLine('show config candidate', contextOf(process))
    expect(refused).toMatchObject({ exit: 4, out: '' })
    expect(refused.err).toContain('begin opens one')
    await textOf('begin')
    await textOf('add service more')
    expect(await textOf('show config candidate')).toContain('more')
    expect(await textOf('show config')).not.toContain('more')
  })

  test.each(['readonly', 'operate'] as const)('keeps hashes from role %s', async (role) => {
    for (const line of ['show config', 'show config stored', 'show config --json']) {
      const { out } = await runLine(line, contextOf(process, { role }))
      expect(out).toContain('bob')
      expect(out).not.toContain('scrypt')
    }
  })

  test('says so where nothing is stored', async () => {
    process.state = { ...process.state, stored: '' }
    expect(await textOf('show config stored')).toContain('nothing is stored')
  })
})

test('show log', async () => {
  expect(await textOf('show log')).toBe('nothing was logged yet\n')
  process.logged = ['one', 'two', 'three'].map((event) => {
    return { time: '2026-11-20T10:00:00.000Z', level: 'warn', event, facts: { host: 'a' } } as const
  })
  expect(await textOf('show log --lines 2')).toBe(
    '2026-11-20 10:00:00.000 warn  two host=a\n2026-11-20 10:00:00.000 warn  three host=a\n',
  )
  expect(await jsonOf('show log --lines 1')).toEqual([
    { time: '2026-11-20T10:00:00.000Z', level: 'warn', event: 'three', facts: { host: 'a' } },
  ])
})

test('show version and show engine', async () => {
  expect(await textOf('show version')).toMatch(
    /^sluice 1\.2\.3 on node v\d+.*, started 2026-11-20T/,
  )
  expect(await jsonOf('show version')).toMatchObject({ version: '1.2.3' })
  expect(await textOf('show engine')).toMatch(/^node: asked for\n/)
  expect(await jsonOf('show engine')).toMatchObject({ name: 'node', reason: 'asked for' })
})

test('JSON is one line for a script and indented at a terminal', async () => {
  expect(await textOf('log level --json')).toBe(
    '{"before":"info","level":"info","message":"log level info","candidate":false}\n',
  )
  expect(await textOf('log level --json', contextOf(process, { columns: 80 }))).toContain(
    '\n  "level"',
  )
})
