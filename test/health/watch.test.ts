// The watch over a live balancer with real hosts: it finds out, takes out and brings back while things change.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { HealthWatch, type HealthWatchOptions } from '../../src/health/watch.ts'
import type { CheckValues } from '../../src/model/fields.ts'
import { Host } from '../../src/model/host.ts'
import { NO_ADDRESS } from '../../src/model/target.ts'
import { answeringHost, httpAnswer } from '../helpers/answering-host.ts'
import { balancerOf, type GroupOf, targetOf } from '../helpers/balancer-of.ts'
import { eventually } from '../helpers/eventually.ts'
import { refusingAddress, silentHost, startHost, type TestHost } from '../helpers/hosts.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

/** Shorter than any test waits, and the shortest that may be set. */
const SOON = { intervalMs: 100 }
const NEVER = { intervalMs: 3_600_000 }

test('a failed host is brought back when it accepts again, with its totals', async () => {
  const { fail, host, balancer } = await scene({
    main: { hosts: { a: await refusingAddress(), b: await refusingAddress() } },
  })
  Host.countersOf(host('main', 'a')).total = 7
  balancer.configure('hostCheck', SOON)
  fail(host('main', 'a'))
  await listenAt(host('main', 'a').address)
  await healthOf(host('main', 'a'), 'up')
  expect(host('main', 'a').counters.total).toBe(7)
})

test('hosts of groups that do not serve, and hosts that are not wanted, are brought back as well', async () => {
  const { fail, host, balancer } = await scene({
    main: { hosts: { a: (await up(silentHost())).address } },
    spare: { hosts: { b: (await up(silentHost())).address, c: await refusingAddress() } },
  })
  balancer.configure('hostCheck', SOON)
  host('main', 'a').disable()
  fail(host('main', 'a'), host('spare', 'b'))
  await healthOf(host('main', 'a'), 'up')
  await healthOf(host('spare', 'b'), 'up')
})

test('with hostCheck off failed hosts stay out, and switching it on is felt at once', async () => {
  const witness = await up(answeringHost(httpAnswer(200)))
  const { fail, host, balancer } = await scene({
    main: { hosts: { a: (await up(silentHost())).address } },
    spare: { hosts: { b: witness.address }, checks: [HTTP] },
  })
  balancer.configure('hostCheck', { ...SOON, enable: false })
  fail(host('main', 'a'))
  await eventually(() => witness.accepted >= 4, 'as much time went by as some probes need')
  expect(host('main', 'a').health).toBe('down')
  balancer.configure('hostCheck', { enable: true })
  await healthOf(host('main', 'a'), 'up')
})

test('when all hosts are down they are probed every second: back within 2 s of the first return', async () => {
  const address = await refusingAddress()
  const { fail, host, balancer, log } = await scene({
    main: { hosts: { a: address, b: await refusingAddress() } },
  })
  balancer.configure('hostCheck', NEVER)
  fail(host('main', 'a'), host('main', 'b'))
  expect(log.of('PANIC')).toHaveLength(1)
  await listenAt(address)
  const returnedAt = performance.now()
  await healthOf(host('main', 'a'), 'up')
  expect(performance.now() - returnedAt).toBeLessThan(2_000)
  expect(log.of('panic is over')).toHaveLength(1)
})

test('a check takes a host out, says why, and brings it back', async () => {
  const server = await up(answeringHost(httpAnswer(200)))
  const { host, balancer } = await scene({ main: { hosts: { a: server.address }, checks: [HTTP] } })
  balancer.configure('hostCheck', { enable: false })
  await healthOf(host('main', 'a'), 'up')
  server.answer = httpAnswer(503)
  await healthOf(host('main', 'a'), 'down')
  expect(host('main', 'a').reason).toBe('status 503, wanted 200-399')
  server.answer = httpAnswer(200)
  await healthOf(host('main', 'a'), 'up')
})

test('a probe of a host with checks takes those, not a mere connect', async () => {
  const server = await up(answeringHost(httpAnswer(503)))
  const { fail, host, balancer } = await scene({
    main: {
      hosts: { a: server.address, b: await refusingAddress() },
      checks: [{ ...HTTP, ...NEVER }],
    },
  })
  balancer.configure('hostCheck', SOON)
  fail(host('main', 'a'))
  await eventually(() => server.questions.length >= 2, 'it was asked twice')
  expect(host('main', 'a').health).toBe('down')
  server.answer = httpAnswer(200)
  await healthOf(host('main', 'a'), 'up')
})

test('the heartbeat finds a dead host that has no traffic', async () => {
  const { host, balancer } = await scene({ main: { hosts: { a: await refusingAddress() } } })
  balancer.configure('heartbeat', { ...SOON, enable: true })
  await healthOf(host('main', 'a'), 'down')
  expect(host('main', 'a').reason).toBe('connection refused')
})

test('a check that is added, changed or taken away is felt without a restart', async () => {
  const server = await up(answeringHost(httpAnswer(503)))
  const { host, balancer } = await scene({ main: { hosts: { a: server.address } } })
  const group = balancer.service('web').group('main')
  group.checks = [{ ...HTTP, status: '503' }]
  await healthOf(host('main', 'a'), 'up')
  group.checks = [{ ...HTTP, status: '200' }]
  await healthOf(host('main', 'a'), 'down')
  balancer.configure('hostCheck', { enable: false })
  group.checks = []
  const asked = server.questions.length
  group.addHost('b', server.address)
  group.checks = [{ ...HTTP, path: '/other' }]
  await eventually(() => server.questions.length > asked + 2, 'the other path is asked for')
  expect(server.questions.slice(asked + 2).every((text) => text.startsWith('GET /other'))).toBe(
    true,
  )
})

test('a host that was added is looked at, one that was removed is not any more', async () => {
  const [first, second] = [
    await up(answeringHost(httpAnswer(200))),
    await up(answeringHost(httpAnswer(200))),
  ]
  const { host, balancer } = await scene({ main: { hosts: { a: first.address }, checks: [HTTP] } })
  await healthOf(host('main', 'a'), 'up')
  const group = balancer.service('web').group('main')
  group.addHost('b', second.address)
  group.removeHost('a')
  await healthOf(host('main', 'b'), 'up')
  const { accepted } = first
  await eventually(() => second.accepted >= 4, 'the other host was looked at three more times')
  expect(first.accepted).toBe(accepted)
})

test('a host whose name has no address fails its looks', async () => {
  const { host } = await scene(
    { main: { hosts: { a: 'db.example:5432' }, checks: [HTTP] } },
    { targetOf: () => undefined },
  )
  await healthOf(host('main', 'a'), 'down')
  expect(host('main', 'a').reason).toBe(NO_ADDRESS)
})

test('a result of an address that the host no longer has is dropped', async () => {
  const old = await up(silentHost())
  const { host, log } = await scene({
    main: { hosts: { a: old.address }, checks: [{ ...HTTP, timeoutMs: 200, fall: 1 }] },
  })
  await eventually(() => old.sockets.size > 0, 'the look is under way')
  host('main', 'a').address = (await up(answeringHost(httpAnswer(200)))).address
  await healthOf(host('main', 'a'), 'up')
  expect(log.of('host down')).toEqual([])
})

test('only so many looks are under way at once', async () => {
  let most = 0
  const server: TestHost = await up(
    startHost((socket) => {
      most = Math.max(most, server.sockets.size)
      socket.on('data', () => {})
      socket.on('end', () => socket.end())
    }),
  )
  const names = Array.from({ length: LIMITS.checksAtOnceMax * 2 }, (_, index) => [
    `h${index}`,
    server.address,
  ])
  await scene({ main: { hosts: Object.fromEntries(names), checks: [{ ...HTTP, timeoutMs: 300 }] } })
  await eventually(() => server.accepted > LIMITS.checksAtOnceMax * 2, 'every host was looked at')
  // Ours are closed before the next are opened, the other side may see it a moment later.
  expect(most).toBeLessThan(LIMITS.checksAtOnceMax * 1.5)
})

test('a check that cannot be carried out leaves the host alone and is said once', async () => {
  const check = { ...HTTP, type: 'exec', command: '/nonexistent/check', fall: 1 } as const
  const { host, log } = await scene({
    main: { hosts: { a: '127.0.0.1:1' }, checks: [check, CERTAIN] },
  })
  // The other check goes on, so the broken one was tried again and again.
  await log.next('check impossible')
  const server = host('main', 'a')
  await healthOf(server, 'down')
  expect(server.reason).toBe('exit status 1')
  expect(log.of('check impossible')).toEqual([
    {
      level: 'error',
      event: 'check impossible',
      facts: { host: 'web/main/a', reason: expect.stringContaining('no such program') },
    },
  ])
})

test('stopping ends the looks that are under way, and their results count no more', async () => {
  const server = await up(silentHost())
  const { host, watch } = await scene({
    main: { hosts: { a: server.address }, checks: [{ ...HTTP, fall: 1 }] },
  })
  await eventually(() => server.sockets.size > 0, 'the look is under way')
  await watch.stop()
  await nextTurn()
  expect(host('main', 'a').health).toBe('unknown')
})

const HTTP = {
  type: 'http',
  intervalMs: 100,
  timeoutMs: 2_000,
  rise: 1,
  fall: 2,
  path: '/',
  status: '200-399',
  match: '',
  command: '',
} as const satisfies CheckValues

/** Fails often enough to have been there for a while. */
const CERTAIN = { ...HTTP, type: 'exec', command: 'false', fall: 3 } as const

async function scene(
  groups: Readonly<Record<string, GroupOf>>,
  options: Partial<HealthWatchOptions> = {},
) {
  const balancer = await balancerOf(groups)
  const log = new RecordingLog()
  const watch = new HealthWatch({ balancer, log, targetOf, ...options })
  onTestFinished(() => watch.stop())
  watch.start()
  const host = (group: string, name: string) => balancer.service('web').group(group).host(name)
  const fail = (...hosts: Host[]) => {
    for (const { id: hostId } of hosts) {
      watch.hostFailed({ hostId, code: 'HOST_REFUSED', reason: 'connection refused' })
    }
  }
  return { balancer, log, watch, host, fail }
}

async function healthOf(host: Host, health: Host['health']): Promise<void> {
  await eventually(() => host.health === health, `${host.path} is ${health}`)
}

/** The same host, closed at the end of the test. */
async function up<Kind extends TestHost>(starting: Promise<Kind>): Promise<Kind> {
  const host = await starting
  onTestFinished(() => host.close())
  return host
}

/** Something listens there from now on. */
async function listenAt(address: string): Promise<void> {
  const [host = '', port] = address.split(':')
  await up(silentHost({ at: { host, port: Number(port) } }))
}
