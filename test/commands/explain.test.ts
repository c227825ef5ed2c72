// `explain` and `retry`: verdicts, the reasons that decide, and the figures they name.
import { beforeEach, describe, expect, test } from 'vitest'
import { BalancerError } from '../../src/base/errors.ts'
import { runLine } from '../../src/commands/run.ts'
import { spanOf } from '../../src/commands/answer/figures.ts'
import { type Explanation } from '../../src/commands/explain/explanation.ts'
import type { SchedulerName } from '../../src/model/scheduler-names.ts'
import type { PickView } from '../../src/model/pick-view.ts'
import { Host } from '../../src/model/host.ts'
import { answersIn } from '../helpers/answers.ts'
import {
  contextOf,
  createStubProcess,
  refusedSession,
  sessionRow,
  type StubProcess,
} from '../helpers/stub-process.ts'

let process: StubProcess
let host: Host

beforeEach(async () => {
  process = await createStubProcess()
  host = process.balancer.find('web/main/a') as Host
  process.targetOf = () => ({ host: '10.0.0.1', port: 80, family: 4 })
})

const { textOf } = answersIn(() => contextOf(process))

async function explained(line: string): Promise<Explanation> {
  return JSON.parse(await textOf(`${line} --json`)) as Explanation
}

const deciding = ({ reasons }: Explanation) =>
  reasons.filter(({ decides }) => decides).map(({ what }) => what)
const about = ({ reasons }: Explanation, name: string) => reasons.find(({ what }) => what === name)

describe('explain host', () => {
  const ask = () => explained('explain host web/main/a')

  test('a host that gets sessions is ready, fact by fact', async () => {
    const answer = await ask()
    expect(answer).toMatchObject({
      path: 'web/main/a',
      verdict: 'ready: it gets new sessions',
    })
    expect(deciding(answer)).toEqual([])
    const order = ['intent', 'weight', 'health', 'tcp', 'address', 'sessions', 'panic', 'group']
    expect(answer.reasons.map(({ what }) => what)).toEqual(order)
    expect(about(answer, 'tcp')?.text).toMatch(
      /^good .* ago, took 3 ms; 2 good in a row \(2 good bring it back, 3 bad take it out\); next in 1.5s$/,
    )
  })

  test.each([
    ['intent', () => host.drain(), 'draining: an operator wants no new sessions'],
    ['weight', () => (host.weight = 0), 'weight 0 gets no new sessions'],
    ['health', () => host.setHealth('down', 'refused'), ', refused'],
    ['address', () => (process.targetOf = () => undefined), 'its name has no address'],
    ['sessions', () => fill(), '7 of 7 sessions are open'],
    ['group', () => process.balancer.service('web').enableGroup('spare'), 'spare does'],
    ['pause', () => process.balancer.service('web').pause(), 'is paused for another'],
  ])('%s can keep sessions away', async (what, edit, words) => {
    edit()
    const answer = await ask()
    expect(deciding(answer)).toEqual([what])
    expect(answer.verdict).toMatch(/^gets no new sessions: /)
    expect(answer.verdict).toContain(words)
  })

  test('every reason against it is named, and marked in the text', async () => {
    host.drain()
    host.setHealth('down', 'connection refused')
    const text = await textOf('explain host web/main/a')
    expect(text).toMatch(/^> intent +draining/m)
    expect(text).toMatch(/^> health +down for .*, connection refused/m)
    expect(text).toMatch(/^ {2}weight +weight 1$/m)
  })

  test('in a panic a host that is down is tried', async () => {
    for (const each of process.balancer.service('web').group('main').hostList)
      each.setHealth('down', 'refused')
    const answer = await ask()
    expect(deciding(answer)).toEqual([])
    expect(about(answer, 'panic')).toMatchObject({ value: 3, limit: 3 })
  })

  function fill(): void {
    host.maxSessions = 7
    Host.countersOf(host).open = 7
  }
})

describe('explain pick', () => {
  const pickOf = (given: Partial<PickView>): PickView => ({
    group: 'main',
    rule: 'least',
    ask: false,
    next: 'b',
    place: -1,
    places: 0,
    open: 3,
    maxSessions: 0,
    waiting: 0,
    paused: false,
    hosts: [pickHost('a', 2, { open: 1 }), pickHost('b', 1, {})],
    ...given,
  })
  const pickHost = (name: string, figure: number | null, given: object) => {
    const facts = { weight: 1, open: 0, maxSessions: 0, ready: true, reachable: true }
    return { name, figure, available: figure !== null, ...facts, ...given }
  }
  const ask = (given: Partial<PickView>, flags = '') => {
    process.picks['web'] = pickOf(given)
    return explained(`explain pick web ${flags}`)
  }

  test('names the next host and what it goes by', async () => {
    const answer = await ask({})
    expect(answer.verdict).toBe('the next client is given web/main/b')
    expect(deciding(answer)).toEqual(['b'])
    expect(about(answer, 'b')).toMatchObject({ value: 1, text: '0 open: it is next' })
    expect(about(answer, 'a')?.text).toBe('1 open')
  })

  test.each<[SchedulerName, PickView['rule'], string]>([
    ['leastconns', 'least', '1 open'],
    ['weightedleastconns', 'least', '(1 open + 1) / weight 4 = 0.5'],
    ['random', 'chance', '50% of the clients'],
    ['weightedrandom', 'chance', '50% of the clients, weight 4'],
    ['twochoices', 'chance', '50% of the draws, weight 4'],
    ['sticky', 'hash', '50% of the slots, weight 4'],
  ])('%s: weights are told where they count', async (scheduler, rule, words) => {
    process.balancer.service('web').group('main').scheduler = scheduler
    const answer = await ask({ rule, hosts: [pickHost('a', 0.5, { weight: 4, open: 1 })] })
    expect(about(answer, 'a')?.text).toBe(words)
  })

  test('who cannot wait either is told so', async () => {
    const main = process.balancer.service('web').group('main')
    const hosts = [pickHost('a', null, { open: 4, maxSessions: 4 })]
    main.queue = 2
    expect((await ask({ next: '', waiting: 2, hosts })).verdict).toMatch(
      /^the next client is closed as queue-full: .* 2 of 2 wait already$/,
    )
    main.queue = 0
    expect((await ask({ next: '', hosts })).verdict).toMatch(/queue-full: .* nobody may wait$/)
  })

  test('a full group whose hosts are not ready lets nobody wait', async () => {
    const hosts = [pickHost('a', null, { ready: false })]
    expect((await ask({ next: '', open: 5, maxSessions: 5, hosts })).verdict).toContain('no-host')
  })

  test('says why hosts are skipped', async () => {
    const full = { open: 4, maxSessions: 4 }
    const answer = await ask({
      hosts: [
        pickHost('a', null, { ready: false }),
        pickHost('b', 1, {}),
        pickHost('c', null, full),
        pickHost('d', null, { ready: false, reachable: false }),
      ],
    })
    expect(about(answer, 'a')?.text).toContain('skipped: not ready')
    expect(about(answer, 'c')?.text).toBe('skipped: at its limit, 4 of 4 sessions are open')
    expect(about(answer, 'd')?.text).toBe('skipped: its name has no address')
  })

  test('a hash needs a client, and says its slot', async () => {
    const hash = { rule: 'hash', next: '', places: 65_537 } as const
    expect((await ask(hash)).verdict).toContain('name one with --client')
    const answer = await ask({ ...hash, next: 'b', place: 17 }, '--client 192.0.2.7')
    expect(answer.verdict).toBe('a client from 192.0.2.7 is given web/main/b')
    expect(about(answer, 'scheduler')).toMatchObject({ value: 17, limit: 65_537 })
  })

  test('chance has shares and no next one', async () => {
    const hosts = [pickHost('a', 0.25, {}), pickHost('b', 0.75, { weight: 3 })]
    const answer = await ask({ rule: 'chance', next: '', hosts })
    expect(answer.verdict).toBe('chance decides, by the shares below')
    expect(about(answer, 'b')?.text).toBe('75% of the clients')
  })

  test.each<[string, Partial<PickView>]>([
    ['waits: the group is at its limit', { open: 5, maxSessions: 5, next: '' }],
    ['is held until the pause is over', { paused: true }],
    [
      'waits: every ready host is at its limit',
      { next: '', hosts: [pickHost('a', null, { open: 4, maxSessions: 4 })] },
    ],
    [
      'is closed as no-host: no host is ready',
      { next: '', hosts: [pickHost('a', null, { ready: false })] },
    ],
  ])('a client that gets no host: %s', async (words, given) => {
    expect((await ask(given)).verdict).toBe(`the next client ${words}`)
  })

  test('a function is asked first', async () => {
    const answer = await ask({ ask: true })
    expect(answer.verdict).toContain('unless the ask function names another host')
  })

  test('a service without a group serves nobody', async () => {
    const answer = await explained('explain pick mail')
    expect(answer.verdict).toBe('clients are closed as no-host')
  })

  test('a client is an IP address', async () => {
    const { exit, err } = await runLine('explain pick web --client moon', contextOf(process))
    expect(exit).toBe(2)
    expect(err).toContain('named by its IP address')
  })
})

describe('explain session', () => {
  test('says where it came in, why it has its host, and what ends it', async () => {
    process.sessionRows = [sessionRow(42)]
    const answer = await explained('explain session 42')
    expect(answer.verdict).toBe('192.0.2.1:42 on web/main/a: carries bytes between client and host')
    expect(about(answer, 'host')?.text).toContain('by leastconns of web/main')
    expect(about(answer, 'attempts')).toMatchObject({ value: 1, limit: 3 })
    expect(about(answer, 'idle')).toMatchObject({ value: 1_500, limit: 60_000 })
    expect(about(answer, 'ends')?.text).toBe('as idle in 58.5s, if no byte moves')
  })

  test('one that is held says how long the pause may still last', async () => {
    process.sessionRows = [sessionRow(42, { step: 'held' })]
    process.balancer.service('web').pause({ maxHoldMs: 60_000 })
    const step = about(await explained('explain session 42'), 'step')
    expect(step?.text).toMatch(/^held: waits, because the service is paused, .+ left$/)
  })

  test('one that is not there is refused', async () => {
    const { exit, err } = await runLine('explain session 7', contextOf(process))
    expect(exit).toBe(4)
    expect(err).toContain('explain refusal')
  })
})

describe('explain refusal', () => {
  beforeEach(() => {
    const mail = { service: 'mail', client: '[2001:db8::7]:9', reason: 'queue-full' }
    process.refused = [
      refusedSession(1),
      refusedSession(2, { reason: 'connect-failed', attempts: 3 }),
      refusedSession(3, { ...mail, waiting: 16 }),
    ]
  })

  test('tells of all, newest first, with the figures', async () => {
    const answer = await explained('explain refusal')
    expect(answer.verdict).toContain(
      '3 clients did not reach a host since 2026-11-20T12:00:00.000Z',
    )
    expect(answer.reasons).toMatchObject([
      { what: 'queue-full', value: 16, limit: 16 },
      { what: 'connect-failed', value: 3, limit: 3 },
      { what: 'no-host', value: 0, limit: 3 },
    ])
    expect(answer.reasons[2]?.text).toContain('no host is ready')
    expect(answer.reasons[2]?.text).toContain('0 of 3 hosts were ready')
  })

  test.each([
    ['mail', 1],
    ['2001:db8::7', 1],
    ['192.0.2.1', 2],
    ['192.0.2.1:2', 1],
    ['192.0.2', 0],
    ['web --limit 1', 1],
  ])('of %s there are %i', async (whose, count) => {
    expect((await explained(`explain refusal ${whose}`)).reasons).toHaveLength(count)
  })

  test('a service that is not there is refused', async () => {
    expect((await runLine('explain refusal moon', contextOf(process))).exit).toBe(4)
  })

  test('where nobody was refused it says so', async () => {
    process.refused = []
    expect(await textOf('explain refusal')).toBe('all services: nobody was refused\n')
  })
})

describe('retry host', () => {
  test('says what became of its health, and why', async () => {
    process.retryHost = async (of) => {
      of.setHealth('down', 'connection refused')
      return { reason: 'connection refused', tookMs: 2 }
    }
    expect(await textOf('retry host web/main/a')).toBe(
      'web/main/a: unknown -> down; connection refused\n',
    )
    expect(await textOf('retry host web/main/a')).toContain('still down; connection refused')
  })

  test('a look that was not possible is refused', async () => {
    process.retryHost = async () => {
      throw new BalancerError('REFUSED', 'web/main/a was removed')
    }
    expect((await runLine('retry host web/main/a', contextOf(process))).exit).toBe(1)
  })
})

test.each([
  [-5, '0ms'],
  [999.4, '999ms'],
  [999.6, '1s'],
  [5_240, '5.2s'],
  [59_949, '59.9s'],
  [59_960, '1m'],
  [184_900, '3m4s'],
  [3_720_000, '1h2m'],
])('%d ms are %s', (ms, text) => {
  expect(spanOf(ms)).toBe(text)
})
