// A pause is a state of the running service and of nothing else: seen everywhere, kept nowhere.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { followedBalancer } from '../helpers/followed.ts'

async function start() {
  const followed = await followedBalancer()
  return { ...followed, web: followed.balancer.service('web') }
}

test('a pause has a deadline, is one change, and is over after resume', async () => {
  const { web, balancer } = await start()
  const changes: unknown[] = []
  balancer.follow(({ action, path, field, from, to }) =>
    changes.push([action, path, field, from, to]),
  )
  const before = Date.now()
  web.pause({ maxHoldMs: 60_000 })
  const { pausedUntil: until } = web
  expect(until).toBeGreaterThanOrEqual(before + 60_000)
  expect(web.paused).toBe(true)
  expect(web.describe().pausedUntil).toBe(new Date(until).toISOString())
  web.resume()
  web.resume()
  expect([web.paused, web.pausedUntil, web.describe().pausedUntil]).toEqual([false, 0, null])
  expect(changes).toEqual([
    ['set', 'web', 'pausedUntil', 0, until],
    ['set', 'web', 'pausedUntil', until, 0],
  ])
})

test('a second pause replaces the deadline of the first', async () => {
  const { web } = await start()
  web.pause({ maxHoldMs: 600_000 })
  const first = web.pausedUntil
  web.pause({ maxHoldMs: 1_000 })
  expect(web.pausedUntil).toBeLessThan(first)
  expect(web.paused).toBe(true)
})

test('nothing of a pause is written to the document', async () => {
  const { web, balancer } = await start()
  const before = JSON.stringify(balancer.snapshot())
  web.pause()
  expect(JSON.stringify(balancer.snapshot())).toBe(before)
})

test('a paused service says so wherever it is printed', async () => {
  const { web, balancer } = await start()
  expect(inspect(web)).not.toContain('PAUSED')
  web.pause()
  const line = `service web, tcp, on 127.0.0.1:8080, PAUSED until ${web.describe().pausedUntil}`
  expect(inspect(web)).toContain(line)
  expect(inspect(balancer)).toContain(line)
})

test('what is no pause is refused and changes nothing', async () => {
  const { web, balancer, changes, refused } = await start()
  const range = 'a number with its unit: 250ms, 5s, 1.5m, 1h or 2d, from 1ms to 10m'
  for (const maxHoldMs of [0, -1, 1.5, 600_001, Number.NaN, '1 hour', null]) {
    const wrong = { maxHoldMs: maxHoldMs as never }
    await refused(() => web.pause(wrong), 'VALUE_BAD', `web: max-hold is ${range}, got `)
  }
  const mail = await balancer.addService('mail')
  changes.length = 0
  const sentence = 'mail has no group that serves; add one first: add group mail/NAME'
  await refused(() => mail.pause(), 'REFUSED', sentence)
  expect([web.paused, mail.paused]).toEqual([false, false])
})

test('a service that was removed can be neither paused nor resumed', async () => {
  const { web, balancer, changes, refused } = await start()
  web.pause()
  await balancer.removeService('web')
  changes.length = 0
  await refused(() => web.pause(), 'REFUSED', 'web was removed and cannot be changed')
  await refused(() => web.resume(), 'REFUSED', 'web was removed and cannot be changed')
})
