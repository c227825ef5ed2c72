// What the core tells of sessions that have ended, on real sockets: refusals are kept, followers are told, and tables
// ask for reports only while somebody follows.
import { expect, onTestFinished, test } from 'vitest'
import { Core } from '../../src/app/core.ts'
import { EndedSessions } from '../../src/app/ended-sessions.ts'
import { LIMITS } from '../../src/base/limits.ts'
import type { ClosedSessionView } from '../../src/model/session-view.ts'
import { exchange } from '../helpers/clients.ts'
import { eventually } from '../helpers/eventually.ts'
import { namingHost } from '../helpers/hosts.ts'
import { until } from '../helpers/until.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { endedSession, refusedSession } from '../helpers/stub-process.ts'

test('so many refusals are kept, the oldest is forgotten first', () => {
  const ended = new EndedSessions(() => {})
  for (let id = 1; id <= LIMITS.refusalsKept + 2; id++) ended.noteRefused(refusedSession(id))
  expect(ended.refused).toHaveLength(LIMITS.refusalsKept)
  expect(ended.refused[0]?.id).toBe(3)
})

test('the first follower and the last one are felt, each is told, and none after it left', () => {
  let felt = 0
  const ended = new EndedSessions(() => (felt += 1))
  const told: string[] = []
  const same = ({ id }: ClosedSessionView) => told.push(`x${id}`)
  const leave = [ended.follow(same), ended.follow(same)]
  ended.noteClosed(endedSession(1))
  leave[0]?.()
  leave[0]?.()
  expect([felt, ended.followed]).toEqual([1, true])
  ended.noteClosed(endedSession(2))
  leave[1]?.()
  ended.noteClosed(endedSession(3))
  expect([felt, ended.followed]).toEqual([2, false])
  expect(told).toEqual(['x1', 'x1', 'x2'])
})

test('sessions of every service are told while somebody follows, and logged only where that is asked for', async () => {
  const { core, log, address } = await start()
  await exchange(address)
  expect(log.of('session')).toEqual([])
  const told: ClosedSessionView[] = []
  const leave = core.followSessions((session) => told.push(session))
  await until(async () => {
    await exchange(address)
    return told.length > 0
  }, 'sessions are told')
  expect(told[0]).toMatchObject({ service: 'web', group: 'main', host: 'a', reason: 'done' })
  expect(log.of('session')).toEqual([])
  core.balancer.service('web').accessLog = true
  await exchange(address)
  await log.next('session')
  leave()
  const { length } = told
  await exchange(address)
  await log.next('session', 2)
  expect(told).toHaveLength(length)
})

test('who never reached a host can be found out, and why', async () => {
  const { core, address } = await start()
  core.balancer.service('web').group('main').host('a').disable()
  await exchange(address)
  const [refused] = await eventually(
    () => (core.refusals()[0] ? core.refusals() : undefined),
    'told',
  )
  expect(refused).toMatchObject({ reason: 'no-host', hosts: 1, ready: 0 })
})

test('a function of the operator that throws is in the log', async () => {
  const { core, log, address } = await start()
  core.balancer.service('web').group('main').ask = () => {
    throw new TypeError('no idea')
  }
  await until(async () => {
    expect(await exchange(address)).toBe('a')
    return log.of('ask failed').length > 0
  }, 'it is logged')
  expect(log.of('ask failed')[0]).toMatchObject({
    level: 'warn',
    facts: { service: 'web', group: 'main', reason: 'no idea', more: 0 },
  })
})

test('a port that we hold ourselves is said to be ours', async () => {
  const { core, address } = await start()
  const other = await core.balancer.addService('other')
  await expect(other.listen(address)).rejects.toThrow(
    `${address} is held by web/listen/127.0.0.1:0 of this process`,
  )
})

async function start() {
  const log = new RecordingLog()
  const core = new Core({ log, engine: 'node' })
  onTestFinished(async () => void (await core.stop(0)))
  const host = await namingHost('a')
  onTestFinished(() => host.close())
  const web = await core.balancer.addService('web')
  web.addGroup('main').addHost('a', host.address)
  const { bound } = await web.listen('127.0.0.1:0')
  return { core, log, address: bound }
}
