// The policy of health: which looks a host gets, how often, and what comes of their results.
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Job } from '../../src/health/job.ts'
import { type Look, looksAt } from '../../src/health/looks.ts'
import { type JobKey, Watched } from '../../src/health/roster.ts'
import type { CheckValues } from '../../src/model/fields.ts'
import { balancerOf } from '../helpers/balancer-of.ts'

test('a host without checks is not looked at while it is not down', async () => {
  const { keys, host } = await scene()
  expect(keys()).toEqual([])
  host.setHealth('down', 'refused')
  expect(keys()).toEqual(['probe'])
})

test('a host gets every check of its group, wanted or not', async () => {
  const { keys, host } = await scene([{ type: 'tcp' }, { type: 'http' }])
  host.disable()
  expect(keys()).toHaveLength(2)
})

test('the heartbeat is off until it is switched on, hostCheck on until it is switched off', async () => {
  const { keys, balancer, host } = await scene()
  host.setHealth('down', 'refused')
  balancer.configure('heartbeat', { enable: true })
  balancer.configure('hostCheck', { enable: false })
  expect(keys()).toEqual(['heartbeat'])
})

test('a check takes a host out after `fall` bad looks in a row', async () => {
  const { see, host } = await scene([{ fall: 3 }])
  expect([see(0, 'bad'), see(0, 'bad'), see(0, ''), see(0, 'bad'), see(0, 'bad')]).not.toContain(
    'down',
  )
  expect(see(0, 'status 503')).toBe('down')
  expect(host.reason).toBe('status 503')
})

test('a check brings a host back after `rise` good looks in a row', async () => {
  const { see, host } = await scene([{ rise: 2, fall: 1 }])
  host.setHealth('down', 'refused')
  expect([see(0, ''), see(0, 'bad'), see(0, ''), see(0, '')]).toEqual([
    'down',
    'down',
    'down',
    'up',
  ])
})

test('a host that nobody has looked at is up after one good look of each check', async () => {
  const { see } = await scene([{ rise: 5 }, { rise: 5 }])
  expect([see(0, ''), see(0, ''), see(1, '')]).toEqual(['unknown', 'unknown', 'up'])
})

test('one of several checks takes a host out, all of them bring it back', async () => {
  const { see } = await scene([
    { rise: 1, fall: 1 },
    { rise: 1, fall: 1 },
  ])
  expect([see(0, ''), see(1, 'bad')]).toEqual(['unknown', 'down'])
  expect([see(0, ''), see(0, ''), see(1, '')]).toEqual(['down', 'down', 'up'])
})

test('what was counted before the health changed counts no more', async () => {
  const { see, host } = await scene([{ rise: 3, fall: 3 }])
  expect([see(0, 'bad'), see(0, 'bad')]).toEqual(['unknown', 'unknown'])
  host.setHealth('up', '')
  expect([see(0, 'bad'), see(0, 'bad'), see(0, 'bad')]).toEqual(['up', 'up', 'down'])
})

test('the heartbeat takes a host out as often as clients have to fail, at least once', async () => {
  const { see, host, group } = await scene([], true)
  group.maxFails = 2
  expect([see('heartbeat', 'refused'), see('heartbeat', 'refused')]).toEqual(['unknown', 'down'])
  host.setHealth('up', '')
  group.maxFails = 0
  expect(see('heartbeat', 'refused')).toBe('down')
})

test('the heartbeat brings a host back, unless its group has checks', async () => {
  const plain = await scene([], true)
  plain.host.setHealth('down', 'refused')
  expect(plain.see('heartbeat', '')).toBe('up')
  const checked = await scene([{ type: 'http' }], true)
  checked.host.setHealth('down', 'status 503')
  expect(checked.see('heartbeat', '')).toBe('down')
})

test('a probe brings a host back after the `rise` of hostCheck', async () => {
  const { see, host, balancer } = await scene()
  balancer.configure('hostCheck', { rise: 2 })
  host.setHealth('down', 'refused')
  expect([see('probe', ''), see('probe', 'refused'), see('probe', ''), see('probe', '')]).toEqual([
    'down',
    'down',
    'down',
    'up',
  ])
})

test('a probe asks no less of a host than the checks of its group do', async () => {
  const { see, host } = await scene([{ rise: 3 }, { rise: 1 }])
  host.setHealth('down', 'status 503')
  expect([see('probe', ''), see('probe', ''), see('probe', '')]).toEqual(['down', 'down', 'up'])
})

test('in a panic hosts are probed every second, and the first sign of life counts', async () => {
  const { look, see, host, balancer } = await scene([{ rise: 3 }])
  expect(balancer.settings.hostCheck.intervalMs).toBe(10_000)
  host.setHealth('down', 'status 503')
  expect([look('probe').intervalMs, look('probe', true).intervalMs]).toEqual([10_000, 1_000])
  expect(see('probe', '', true)).toBe('up')
})

test('a shorter interval than that of a panic stays', async () => {
  const { look, host, balancer } = await scene()
  balancer.configure('hostCheck', { intervalMs: 200 })
  host.setHealth('down', 'refused')
  expect(look('probe', true).intervalMs).toBe(200)
})

/** One host in a group with these checks, and a way to give it the results of looks. */
async function scene(checks: readonly Partial<CheckValues>[] = [], heartbeat = false) {
  const balancer = await balancerOf({ main: { hosts: { a: '10.0.0.1:80' } } })
  const group = balancer.service('web').group('main')
  const host = group.host('a')
  const watched = new Watched(host, group)
  group.checks = checks
  balancer.configure('heartbeat', { enable: heartbeat })
  balancer.follow(({ field }) => field === 'health' && watched.startAfresh())
  const looks = (panic = false) => looksAt(watched, balancer.settings, panic)
  const look = (key: number | JobKey, panic = false): Look => {
    const wanted = typeof key === 'number' ? group.checks[key] : key
    const found = looks(panic).find((each) => each.key === wanted)
    if (found === undefined) throw new Error(`there is no look ${inspect(key)}`)
    return found
  }
  /** Let a look have this result. @returns the health that comes of it */
  const see = (key: number | JobKey, reason: string, panic = false) => {
    const { key: jobKey, judge } = look(key, panic)
    const job = watched.jobs.get(jobKey) ?? new Job({ now: () => 0, random: () => 0 }, 0)
    watched.jobs.set(jobKey, job)
    job.streak.note(reason === '')
    judge(job.streak, reason)
    return host.health
  }
  return { balancer, group, host, look, see, keys: () => looks().map((each) => each.key) }
}
