// Commands that change something: what they do, what they answer, and what they publish.
import { beforeEach, describe, expect, test } from 'vitest'
import { runLine } from '../../src/commands/run.ts'
import type { Change } from '../../src/model/change.ts'
import { Host } from '../../src/model/host.ts'
import { answersIn } from '../helpers/answers.ts'
import { contextOf, createStubProcess, type StubProcess } from '../helpers/stub-process.ts'

let process: StubProcess
let changes: Change[]

beforeEach(async () => {
  process = await createStubProcess()
  changes = []
  process.balancer.follow((change) => changes.push(change))
})

const { textOf, jsonOf } = answersIn(() => contextOf(process))

const hostAt = (path: string) => process.balancer.find(path) as Host

test.each([
  ['add host web/main/d 127.0.0.1:9004', 'web/main/d: added at 127.0.0.1:9004'],
  ['remove host web/main/b', 'web/main/b: removed'],
  ['set host web/main/a weight 5', 'web/main/a: weight 1 -> 5'],
  ['set host web/main/a weight 1', 'web/main/a: weight is already 1'],
  ['set host web/main/a state draining', 'web/main/a: state enabled -> draining'],
  ['set host web/main/a maxSessions 500', 'web/main/a: maxSessions 0 -> 500'],
  ['set host web/main/a ip [::1]:81', 'web/main/a: ip 10.0.0.1:80 -> [::1]:81'],
  ['drain host web/main/a', 'web/main/a: state enabled -> draining'],
  ['disable host web/main/a', 'web/main/a: state enabled -> disabled'],
  ['enable host web/main/a', 'web/main/a: state is already enabled'],
  ['add group web/third', 'web/third: added; it serves after: enable group web/third'],
  ['add group mail/main --scheduler rand', 'mail/main: added, serving'],
  ['remove group web/spare', 'web/spare: removed'],
  ['enable group web/spare', 'web: enabled group main -> spare'],
  ['enable group web/main', 'web: enabled group already main'],
  ['set group web/main scheduler roundrobin', 'web/main: scheduler leastconns -> roundrobin'],
  ['set group web/main connectTimeout 1500ms', 'web/main: connectTimeout 5s -> 1500ms'],
  [
    'set listener web/listen/127.0.0.1:8080 maxSessions 9',
    'web/listen/127.0.0.1:8080: maxSessions 0 -> 9',
  ],
  [
    "set listener web/listen/127.0.0.1:8080 allow '10.0.0.0/8 ::1'",
    'web/listen/127.0.0.1:8080: allow empty -> 10.0.0.0/8 ::1',
  ],
  ['set service web accessLog on', 'web: accessLog false -> true'],
  ['set setting hostCheck interval 5s', 'settings/hostCheck: interval 10s -> 5s'],
  ['set setting logging level debug', 'settings/logging: level info -> debug'],
  ['add service ftp', 'ftp: added; next: listen add ftp ADDRESS, add group ftp/NAME'],
  ['remove service mail', 'mail: removed'],
  ['listen add web 127.0.0.1:8181', 'web/listen/127.0.0.1:8181: open'],
  ['listen add web 127.0.0.1:0', 'web/listen/127.0.0.1:0: open at 127.0.0.1:40000'],
  [
    'listen move web/listen/127.0.0.1:8080 127.0.0.1:10080',
    'web/listen/127.0.0.1:8080: moved to 127.0.0.1:10080',
  ],
  ['listen remove web/listen/127.0.0.1:8080', 'web/listen/127.0.0.1:8080: closed'],
  ['save', 'run/config.xml: nothing to write, it is up to date'],
  ['stop', 'stopping'],
])('%s', async (line, sentence) => {
  expect(await textOf(line)).toBe(`${sentence}\n`)
})

describe('adding a host', () => {
  test('takes its fields as flags', async () => {
    const flags = '--weight 2 --state disabled --max-sessions=7 --before b'
    expect(await jsonOf(`add host web/main/d 127.0.0.1:9004 ${flags}`)).toEqual({
      done: 'add',
      path: 'web/main/d',
      field: null,
      before: null,
      after: expect.objectContaining({ weight: 2, intent: 'disabled', maxSessions: 7 }),
      message: 'web/main/d: added at 127.0.0.1:9004',
      candidate: false,
    })
    const names = process.balancer
      .service('web')
      .group('main')
      .hostList.map(({ name }) => name)
    expect(names).toEqual(['a', 'd', 'b', 'c'])
  })

  test('takes names that a shell would take apart', async () => {
    await textOf(`add host "web/main/two words" 127.0.0.1:9004`)
    expect(await textOf(String.raw`set host web/main/two\ words weight 2`)).toContain('1 -> 2')
  })
})

test('a set answers with values and property names, as show does', async () => {
  expect(await jsonOf('set group web/main connectTimeout 2s')).toEqual({
    done: 'set',
    path: 'web/main',
    field: 'connectTimeoutMs',
    before: 5_000,
    after: 2_000,
    message: 'web/main: connectTimeout 5s -> 2s',
    candidate: false,
  })
})

test('an empty word empties a list', async () => {
  const path = 'web/listen/127.0.0.1:8080'
  await textOf(`set listener ${path} deny 10.0.0.1`)
  expect(await textOf(`set listener ${path} deny ''`)).toBe(`${path}: deny 10.0.0.1 -> empty\n`)
})

test('open sessions that will finish are counted', async () => {
  Host.countersOf(hostAt('web/main/a')).open = 3
  Host.countersOf(hostAt('web/main/b')).open = 1
  expect(await textOf('drain host web/main/a')).toContain(', 3 open sessions finish')
  expect(await textOf('enable host web/main/a')).not.toContain('finish')
  expect(await textOf('remove host web/main/a')).toContain(', 3 open sessions finish')
  expect(await textOf('remove host web/main/b')).toContain(', 1 open session finishes')
})

test('the last host of the enabled group goes only by force', async () => {
  await textOf('remove host web/main/a')
  await textOf('remove host web/main/b')
  const refused = await runLine('remove host web/main/c', contextOf(process))
  expect(refused).toMatchObject({ exit: 1, out: '' })
  expect(refused.err).toContain('say --force')
  expect(await textOf('remove host web/main/c --force')).toBe('web/main/c: removed\n')
})

test('save and stop are passed on', async () => {
  process.state = { ...process.state, unsaved: 'waiting' }
  expect(await jsonOf('save --force')).toMatchObject({ done: 'save', path: 'run/config.xml' })
  expect(await jsonOf('stop')).toMatchObject({ done: 'stop', after: { open: 0 } })
  expect(process.asked).toEqual(['save --force', 'stop'])
})

test('each change is published once', async () => {
  await textOf('set host web/main/a weight 5')
  await textOf('set host web/main/a weight 5')
  expect(changes).toMatchObject([{ path: 'web/main/a', field: 'weight', from: 1, to: 5 }])
})
