// What ends the pauses that nobody ends.
import { expect, onTestFinished, test } from 'vitest'
import { Pauses } from '../../src/app/pauses.ts'
import { withOrigin } from '../../src/base/origin.ts'
import type { Change } from '../../src/model/change.ts'
import { balancerOf } from '../helpers/balancer-of.ts'
import { eventually } from '../helpers/eventually.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

async function start() {
  const balancer = await balancerOf({ main: { hosts: { a: '10.0.0.1:80' } } })
  const log = new RecordingLog()
  const pauses = new Pauses(balancer, log)
  onTestFinished(() => pauses.stop())
  const changes: Change[] = []
  balancer.follow((change) => changes.push(change))
  return { balancer, log, pauses, changes, web: balancer.service('web') }
}

test('a pause ends by itself at its deadline, and says who ended it', async () => {
  const { web, log, changes } = await start()
  web.group('main').noteWaiting(7)
  withOrigin('ssh:alice', () => web.pause({ maxHoldMs: 20 }))
  await eventually(() => !web.paused, 'the pause is over')
  expect(changes.map(({ origin, to }) => [origin, to !== 0])).toEqual([
    ['ssh:alice', true],
    ['pause', false],
  ])
  expect(log.of('pause ended by itself')).toMatchObject([
    { level: 'warn', facts: { service: 'web', held: 7 } },
  ])
})

test('a second pause moves the deadline, and one that was resumed has none', async () => {
  const { balancer, web, log, changes } = await start()
  const other = await balancer.addService('other')
  other.addGroup('main')
  web.pause({ maxHoldMs: 20 })
  web.pause({ maxHoldMs: 60_000 })
  other.pause({ maxHoldMs: 20 })
  other.resume()
  // A pause that began after both deadlines were set ends after them.
  const last = await balancer.addService('last')
  last.addGroup('main')
  last.pause({ maxHoldMs: 60 })
  await eventually(() => !last.paused, 'the last pause is over')
  expect([web.paused, other.paused]).toEqual([true, false])
  expect(log.of('pause ended by itself')).toMatchObject([{ facts: { service: 'last' } }])
  expect(changes.filter(({ origin }) => origin === 'pause')).toHaveLength(1)
})

test('a service that is removed while it is paused is left alone', async () => {
  const { balancer, web, log, pauses } = await start()
  web.pause({ maxHoldMs: 60_000 })
  await balancer.removeService('web')
  await pauses.stop()
  expect(log.lines).toEqual([])
})

test('a stop ends every pause at once', async () => {
  const { web, pauses, changes } = await start()
  web.pause({ maxHoldMs: 60_000 })
  await pauses.stop()
  expect(web.paused).toBe(false)
  expect(changes.at(-1)).toMatchObject({ field: 'pausedUntil', to: 0, origin: 'stop' })
})
