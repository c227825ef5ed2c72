// Holding the clients of a service and letting them go: what is answered, and where a pause can be seen.
import { beforeEach, expect, test } from 'vitest'
import type { Group } from '../../../src/model/group.ts'
import { answersIn } from '../../helpers/answers.ts'
import {
  contextOf,
  createStubProcess,
  sessionRow,
  type StubProcess,
} from '../../helpers/stub-process.ts'

let process: StubProcess

beforeEach(async () => {
  process = await createStubProcess()
})

const { textOf, jsonOf, refused } = answersIn(() => contextOf(process))

const web = () => process.balancer.service('web')

test('a pause says how long it holds and what ends it', async () => {
  expect(await textOf('pause service web')).toBe(
    'web: paused, new clients wait for 30s at most; let them go with: resume service web\n',
  )
  expect(web().paused).toBe(true)
  const before = web().describe().pausedUntil
  const answer = await jsonOf('pause service web --max-hold 2m')
  const after = web().describe().pausedUntil
  expect(answer).toEqual({
    done: 'pause',
    path: 'web',
    field: 'pausedUntil',
    before,
    after,
    message: 'web: paused, new clients wait for 2m at most; let them go with: resume service web',
    candidate: false,
  })
  expect(web().pausedUntil - Date.now()).toBeGreaterThan(60_000)
})

test('resume says how many go', async () => {
  expect(await textOf('resume service web')).toBe('web: was not paused\n')
  await textOf('pause service web')
  const until = web().describe().pausedUntil
  web().group('main').noteWaiting(17)
  expect(await jsonOf('resume service web')).toEqual({
    done: 'resume',
    path: 'web',
    field: 'pausedUntil',
    before: until,
    after: null,
    message: 'web: resumed, 17 clients that waited go to a host now',
    candidate: false,
  })
  await textOf('pause service web')
  web().group('main').noteWaiting(1)
  expect(await textOf('resume service web')).toBe(
    'web: resumed, 1 client that waited goes to a host now\n',
  )
})

test('a pause is seen wherever its service or its groups are listed', async () => {
  expect(await textOf('show services')).not.toContain('aused')
  expect(await jsonOf('show services web')).toMatchObject([{ pausedUntil: null }])
  await textOf('pause service web')
  web().group('main').noteWaiting(3)
  const until = web().describe().pausedUntil
  const next = 'let them go with: resume service web'
  const note = `PAUSED: new clients of web wait until ${until}, 3 now; ${next}\n`
  for (const line of ['show services', 'show services web', 'show groups', 'show hosts web/main/a'])
    expect(await textOf(line)).toContain(`\n${note}`)
  expect(await textOf('show services')).toMatch(/^web .* main \(paused\) /m)
  expect(await jsonOf('show services web')).toMatchObject([{ pausedUntil: until }])
  for (const line of ['show groups web/spare', 'show services mail'])
    expect(await textOf(line)).not.toContain('PAUSED')
  process.sessionRows = [sessionRow(7, { group: '', host: '', step: 'held' })]
  expect(await jsonOf('show sessions web')).toMatchObject([{ id: 7, step: 'held' }])
})

test.each([
  ['pause service web --max-hold 0s', 2, 'max-hold is a number with its unit: 250ms, 5s, 1.5m'],
  ['pause service web --max-hold 11m', 2, 'from 1ms to 10m, got "11m"'],
  ['pause service web --max-hold', 2, 'max-hold'],
  ['pause service mail', 1, 'mail has no group that serves; add one first: add group mail/NAME'],
  ['pause service wbe', 4, 'no service wbe, did you mean web?'],
  ['resume service web/main', 2, 'a service is named by SERVICE'],
  ['pause', 2, 'pause needs one of service'],
])('%s is refused', async (line, exit, sentence) => {
  await refused(line, exit, sentence)
  expect((process.balancer.find('web/main') as Group).waiting).toBe(0)
  expect(web().paused).toBe(false)
})
