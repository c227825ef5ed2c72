// Pick rules carried out over real connections; the rules themselves have their own contract.
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { AskQuestion } from '../../../src/model/ask.ts'
import type { PickRule } from '../../../src/scheduler/rule.ts'
import { exchange, resetNow } from '../../helpers/clients.ts'
import { type CreateEngine, hostAt, inOrder } from '../../helpers/engine-rig.ts'
import { eventually } from '../../helpers/eventually.ts'
import { echoHost, namingHost, silentHost } from '../../helpers/hosts.ts'
import { type Case, startCase } from './case.ts'

export function pickCases(createEngine: CreateEngine): void {
  const start = () => startCase(createEngine)

  test('cycle goes round in its order', async () => {
    const one = start()
    expect(await answers(one, { kind: 'cycle', order: Uint32Array.of(0, 1, 2) }, 7)).toBe('abcabca')
  })

  test('chance spreads by weight', async () => {
    const one = start()
    const cumulative = Float64Array.of(1, 2, 10)
    const got = await answers(one, { kind: 'chance', cumulative, draws: 1 }, 300)
    expect(new Set(got)).toEqual(new Set(['a', 'b', 'c']))
    expect(got.replaceAll(/[^c]/g, '').length).toBeGreaterThan(180)
  })

  test('least gives a client to the host with the fewest open sessions', async () => {
    const one = start()
    const host = await one.until(silentHost())
    const hosts = [hostAt(host.address), hostAt(host.address), hostAt(host.address)]
    one.serve(hosts, { rule: { kind: 'least', weights: Uint32Array.of(1, 1, 1), tie: 'order' } })
    const { address } = await one.listen()
    const clients = []
    for (let i = 1; i <= 6; i++) {
      clients.push(await one.client(address))
      await eventually(() => host.accepted === i, `client ${i} is in`)
    }
    expect(hosts.map(({ counters }) => counters.open)).toEqual([2, 2, 2])
    resetNow(clients[1]?.socket as Socket)
    await one.ended(1)
    await one.client(address)
    await eventually(() => host.accepted === 7, 'the next client is in')
    expect(hosts.map(({ counters }) => counters.open)).toEqual([2, 2, 2])
  })

  test('hash gives one client one host', async () => {
    const one = start()
    const got = await answers(one, { kind: 'hash', slots: Uint16Array.of(0, 1, 2) }, 10)
    expect(new Set(got).size).toBe(1)
  })

  test('ask lets a function name the host, told who the client is and which hosts may be named', async () => {
    const one = start()
    const questions: AskQuestion[] = []
    const ask = (question: AskQuestion) => {
      questions.push(question)
      return Promise.resolve(question.hosts[1]?.name)
    }
    const rule: PickRule = { kind: 'ask', ask, deadlineMs: 1_000, fallback: inOrder(3) as never }
    expect(await answers(one, rule, 3)).toBe('bbb')
    expect(questions[0]).toMatchObject({
      service: 'web',
      group: 'main',
      client: '127.0.0.1',
      hosts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    })
  })

  test('clients that waited take what is free, and the function is asked once for each', async () => {
    const one = start()
    let asked = 0
    const ask = () => {
      asked += 1
      return undefined
    }
    const echo = await one.until(echoHost())
    const fallback = { kind: 'cycle', order: Uint32Array.of(0) } as const
    const rule: PickRule = { kind: 'ask', ask, deadlineMs: 1_000, fallback }
    one.serve([hostAt(echo.address, { maxSessions: 1 })], { rule })
    const { address } = await one.listen()
    const first = await one.client(address)
    await eventually(() => echo.accepted === 1, 'the first client is in')
    const others = ['b', 'c', 'd'].map((text) => exchange(address, text))
    await eventually(() => one.waiting === 3, 'the others wait')
    first.socket.end()
    expect(await Promise.all(others)).toEqual(['b', 'c', 'd'])
    expect(asked).toBe(4)
  })

  for (const [what, ask] of [
    [
      'throws',
      () => {
        throw new Error('no idea')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no idea'))],
    ['names a host that is not there', () => 'zz'],
    ['answers nonsense', () => 42 as never],
    ['never answers', () => new Promise<string>(() => {})],
  ] as const) {
    test(`an ask function that ${what} leaves the client to the fallback rule`, async () => {
      const one = start()
      const fallback = { kind: 'cycle', order: Uint32Array.of(2, 1, 0) } as const
      expect(await answers(one, { kind: 'ask', ask, deadlineMs: 50, fallback }, 2)).toBe('cb')
    })
  }
}

/** The names (one letter each) of the hosts that served `count` clients one after the other. */
async function answers(one: Case, rule: PickRule, count: number): Promise<string> {
  const hosts = []
  for (const name of 'abc') {
    hosts.push(hostAt((await one.until(namingHost(name))).address, { name }))
  }
  one.serve(hosts, { rule })
  const { address } = await one.listen()
  const got: string[] = []
  for (let i = 0; i < count; i++) got.push(await exchange(address))
  return got.join('')
}
