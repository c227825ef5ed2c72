// A commit that makes traffic clearly worse is undone at once, where somebody asked for that.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Listener } from '../../../src/model/listener.ts'
import { pendingCommits, restarted, weighing } from '../../helpers/pending-commits.ts'

const { trafficLookMs: LOOK } = LIMITS

/** Sessions of `web`: so many that reach a host, so many that do not. */
async function underLoad() {
  const all = await pendingCommits()
  await all.commits.start()
  const come = (reached: number, failed: number) => comeTo(all.balancer, reached, failed)
  come(1_000, 0)
  await all.clock.pass(LOOK)
  return { ...all, come }
}

function comeTo(
  balancer: Awaited<ReturnType<typeof pendingCommits>>['balancer'],
  reached: number,
  failed: number,
) {
  const [listener] = balancer.listenerList
  if (listener === undefined) throw new Error('nobody listens')
  const counters = Listener.countersOf(listener)
  counters.total += reached
  counters.failed += failed
}

test('when sessions fail, with the figures', async () => {
  const { commit, clock, come, log, said, host, sync, audit } = await underLoad()
  await commit(weighing({ a: 7 }), { comment: 'more', watchTraffic: true })
  expect(said.at(-1)).toContain('and at once when traffic gets worse')
  come(15, 4)
  await clock.pass(LOOK)
  expect(host('a').weight).toBe(7)
  come(15, 4)
  await clock.pass(LOOK)
  await log.next('commit undone')
  expect(host('a').weight).toBe(1)
  const figures =
    'traffic got worse: web: 8 of 38 sessions (21.1%) failed since the commit, ' +
    'against 0 of 1000 sessions (0%) in the 10m before'
  expect(log.of('commit undone')).toMatchObject([{ facts: { reason: figures } }])
  expect(said.at(-1)).toContain(figures)
  expect(audit.lines().at(-1)?.reason).toContain(figures)
  expect((await sync.revisions.list())[0]?.comment).toBe(`undone, ${figures}: more`)
})

test('when hosts go down, at the second look', async () => {
  const { commit, clock, log, host } = await underLoad()
  await commit(weighing({ a: 7 }), { watchTraffic: true })
  host('b').setHealth('down', 'refused')
  await clock.pass(LOOK)
  expect(host('a').weight).toBe(7)
  await clock.pass(LOOK)
  await log.next('commit undone')
  expect(host('a').weight).toBe(1)
})

test('not where nobody asked for it', async () => {
  const { commit, clock, come, host, commits } = await underLoad()
  await commit(weighing({ a: 7 }))
  come(0, 1_000)
  await clock.pass(3 * LOOK)
  expect(host('a').weight).toBe(7)
  expect(commits.pending).toBeDefined()
})

test('not for a service that the commit left alone', async () => {
  const { commit, clock, come, commits, balancer } = await underLoad()
  await balancer.addService('mail')
  const alone = (snapshot: ReturnType<typeof balancer.snapshot>) => ({
    ...snapshot,
    services: snapshot.services.map((service) =>
      service.name === 'mail' ? { ...service, accessLog: true } : service,
    ),
  })
  await commit(alone, { watchTraffic: true })
  come(0, 1_000)
  await clock.pass(3 * LOOK)
  expect(commits.pending).toBeDefined()
})

test('also after a restart, against what was before the commit', async () => {
  const before = await underLoad()
  await before.commit(weighing({ a: 7 }), { watchTraffic: true })
  const { commits, balancer, clock, log } = await restarted(before, before.clock)
  await commits.start()
  comeTo(balancer, 60, 40)
  await clock.pass(LOOK)
  const [line] = await log.next('commit undone')
  expect(line?.facts['reason']).toContain(
    '40 of 100 sessions (40%) failed since the commit, against 0 of 1000',
  )
})

test('where the undo fails it is tried again, and the deadline adds nothing', async () => {
  const { commit, clock, come, log, ports, commits } = await underLoad()
  const others = (snapshot: Parameters<Parameters<typeof commit>[0]>[0]) => ({
    ...snapshot,
    services: snapshot.services.map((service) => ({
      ...service,
      listeners: service.listeners.map((one) => ({ ...one, address: '127.0.0.1:81' })),
    })),
  })
  await commit(others, { watchTraffic: true, confirmMs: 60_000 })
  ports.taken.add('127.0.0.1:8080')
  come(0, 100)
  await clock.pass(LOOK)
  await log.next('commit not undone')
  await clock.pass(60_000)
  expect(commits.pending?.undoFailed).toContain('127.0.0.1:8080')
  ports.taken.clear()
  await clock.pass(60_000)
  await log.next('commit undone')
  expect(log.of('commit undone')).toHaveLength(1)
})
