// Two engines as one keep the contract of all engines, whichever of them serves; and what is special about two: who
// serves which service, and sessions of both in one list.
import { describe, expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import type { Engine } from '../../src/engine/contract.ts'
import { NodeEngine } from '../../src/engine/node/engine.ts'
import { PerServiceEngine } from '../../src/engine/per-service.ts'
import type { ListenerTable, RoutingTable } from '../../src/engine/table.ts'
import type { ServiceEngine } from '../../src/model/fields.ts'
import { engineContract } from '../contracts/engine-contract.ts'
import { connectTo } from '../helpers/clients.ts'
import { type CreateEngine, createRig, hostAt } from '../helpers/engine-rig.ts'
import { eventually } from '../helpers/eventually.ts'
import { echoHost } from '../helpers/hosts.ts'
import { StubEngine } from '../helpers/stub-engine.ts'

type Options = Parameters<CreateEngine>[0]

function pairOf(options: Options) {
  let last = 0
  const nextSessionId = () => ++last
  const usual = new NodeEngine({ ...options, nextSessionId })
  const portable = new NodeEngine({ ...options, nextSessionId })
  return { usual, portable, engine: new PerServiceEngine({ usual, portable }) }
}

/** An engine that is told of services as if all of them said this. */
function asking(engine: Engine, wish: ServiceEngine): Engine {
  const told = new Set(['setTable', 'openListener', 'updateListener'])
  return new Proxy(engine, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (!told.has(String(name))) return value.bind(target)
      return (table: RoutingTable | ListenerTable) => value.call(target, { ...table, engine: wish })
    },
  })
}

engineContract('per-service (auto)', (options) => pairOf(options).engine)
engineContract('per-service (node)', (options) => asking(pairOf(options).engine, 'node'))
describe('who serves', () => {
  function start() {
    const [usual, portable] = [new StubEngine(), new StubEngine()]
    const engine = new PerServiceEngine({ usual, portable })
    return { engine, usual, portable }
  }

  test('a service that asks for the node engine is served wholly by it', async () => {
    const { engine, usual, portable } = start()
    engine.setTable(tableOf('web'))
    await engine.openListener(listenerOf(1, 'web'))
    await engine.openListener(listenerOf(2, 'mail', 'node'))
    engine.setTable(tableOf('mail', 'node'))
    engine.updateListener(listenerOf(2, 'mail', 'node'))
    engine.renameGroup('mail', 'main', 'other')
    engine.renameService('mail', 'post')
    await engine.closeListener(2)
    engine.removeTable('post')
    engine.removeTable('unknown')
    expect(usual.told).toEqual(['table web', 'open web 127.0.0.1:1'])
    expect(portable.told).toEqual([
      'open mail 127.0.0.1:2',
      'table mail',
      'update mail 127.0.0.1:2',
      'group mail/main is other',
      'service mail is post',
      'close 127.0.0.1:2',
      'no table post',
    ])
  })

  test('the choice stays, whatever the service says later and whatever it is called', () => {
    const { engine, usual, portable } = start()
    engine.setTable(tableOf('web'))
    engine.setTable(tableOf('web', 'node'))
    engine.renameService('web', 'www')
    engine.removeTable('www')
    engine.setTable(tableOf('www', 'node'))
    expect(usual.told).toEqual([
      'table web',
      'table web',
      'service web is www',
      'no table www',
      'table www',
    ])
    expect(portable.told).toEqual([])
  })

  test('what is not served as usual is told with its reason, as long as it is there', () => {
    const { engine } = start()
    engine.setTable(tableOf('web'))
    engine.setTable(tableOf('mail', 'node'))
    engine.setTable(tableOf('dns', 'node'))
    engine.removeTable('dns')
    const asked = { service: 'mail', engine: 'node', reason: 'asked for by engine="node"' }
    expect(engine.exceptions).toEqual([asked])
    engine.setTable(tableOf('web', 'node'))
    engine.setTable(tableOf('mail', 'auto'))
    expect(engine.exceptions.map(({ service, reason }) => `${service}: ${reason}`)).toEqual([
      'web: engine="node" takes effect after a restart',
      'mail: engine="auto" takes effect after a restart',
    ])
  })

  test('a port that could not be opened leaves nothing that is told', async () => {
    const { engine, portable } = start()
    portable.openListener = () => Promise.reject(new Error('taken'))
    await expect(engine.openListener(listenerOf(1, 'mail', 'node'))).rejects.toThrow('taken')
    expect(engine.exceptions).toEqual([])
    await engine.closeListener(1)
    expect(portable.told).toEqual([])
  })

  test('of services that are gone no more are remembered than there may be', () => {
    const { engine, usual, portable } = start()
    engine.setTable(tableOf('stays', 'node'))
    for (let service = 0; service <= 2 * LIMITS.namesMax; service++) {
      engine.setTable(tableOf(`s${service}`, 'node'))
      engine.removeTable(`s${service}`)
    }
    portable.told.length = 0
    for (const service of ['stays', 's0', `s${LIMITS.namesMax * 2}`]) {
      engine.setTable(tableOf(service))
    }
    expect(portable.told).toEqual(['table stays', `table s${LIMITS.namesMax * 2}`])
    expect(usual.told).toEqual(['table s0'])
  })
})

describe('sessions of both', () => {
  /** Services `web` on the usual engine and `mail` on the other one, with so many clients each, in turns. */
  async function start(count: number) {
    let pair: ReturnType<typeof pairOf> | undefined
    const rig = createRig((options) => {
      pair = pairOf(options)
      return pair.engine
    })
    onTestFinished(() => rig.stop())
    const host = await echoHost()
    onTestFinished(() => host.close())
    const fronts = []
    for (const [service, engine] of [
      ['web', 'auto'],
      ['mail', 'node'],
    ] as const) {
      rig.serve([hostAt(host.address)], { service, engine })
      fronts.push((await rig.listen({ service, engine })).address)
    }
    for (let turn = 0; turn < count; turn++) {
      for (const address of fronts) {
        const client = await connectTo(address)
        client.socket.resume()
        onTestFinished(async () => {
          client.socket.destroy()
          await client.closed()
        })
      }
    }
    const { engine } = rig
    const relaying = () => engine.sessions().filter(({ step }) => step === 'relaying').length
    await eventually(() => relaying() === 2 * count, 'all are carried')
    return { rig, engine, usual: pair?.usual, portable: pair?.portable }
  }

  test('are listed in pages, oldest first, each once', async () => {
    const { engine, usual, portable } = await start(5)
    expect([usual?.sessionCount, portable?.sessionCount, engine.sessionCount]).toEqual([5, 5, 10])
    const all = engine.sessions().map(({ id }) => id)
    expect(all).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    for (const limit of [1, 3, 4, 10, 99]) {
      const seen: number[] = []
      for (;;) {
        const page = engine.sessions({ after: seen.at(-1) ?? 0, limit })
        expect(page.length).toBeLessThanOrEqual(limit)
        if (page.length === 0) break
        seen.push(...page.map(({ id }) => id))
      }
      expect(seen).toEqual(all)
    }
  })

  test('are found and ended by their numbers, wherever they are', async () => {
    const { rig, engine } = await start(2)
    const byService = (service: string) =>
      engine.sessions().filter((session) => session.service === service)
    const [[web], [mail]] = [byService('web'), byService('mail')]
    expect(engine.session(web?.id ?? 0)).toMatchObject({ service: 'web' })
    expect(engine.session(mail?.id ?? 0)).toMatchObject({ service: 'mail' })
    expect(engine.killSession(mail?.id ?? 0)).toBe(true)
    expect(engine.killSessions([...engine.sessions().map(({ id }) => id), 99])).toBe(3)
    expect(await rig.ended(4)).toHaveLength(4)
    expect(engine.sessions()).toEqual([])
  })

  test('are counted for their services, by whoever serves them', async () => {
    const { rig, engine, usual, portable } = await start(2)
    engine.killSessions(engine.sessions().map(({ id }) => id))
    await rig.ended(4)
    const [web, mail] = ['web', 'mail'].map((service) => engine.figuresOf(service))
    expect([web?.ends.killed, mail?.ends.killed, engine.figuresOf('dns')]).toEqual([
      2,
      2,
      undefined,
    ])
    expect([usual?.figuresOf('web'), portable?.figuresOf('mail')]).toEqual([web, mail])
    expect([usual?.figuresOf('mail'), portable?.figuresOf('web')]).toEqual([undefined, undefined])
    // Another engine is for the next start: until then it counts where it did.
    rig.serve([], { service: 'mail', engine: 'auto' })
    expect(engine.figuresOf('mail')).toEqual(mail)
    engine.renameService('mail', 'post')
    expect([engine.figuresOf('post'), engine.figuresOf('mail')]).toEqual([mail, undefined])
  })

  test('are waited for and closed by a stop', async () => {
    const { engine } = await start(2)
    expect(await engine.stop(0)).toBe(4)
    expect(engine.sessionCount).toBe(0)
  })

  test('whoever is behind a connection is found in either, and two are ambiguous', () => {
    const behind = { client: '192.0.2.7:1', service: 'web', host: 'a', session: 1 }
    const answers: Record<string, unknown[]> = {
      none: [undefined, undefined],
      usual: [behind, undefined],
      portable: [undefined, behind],
      both: [behind, behind],
      several: [undefined, 'ambiguous'],
    }
    const ask = ([one, other]: unknown[]) => {
      const [usual, portable] = [one, other].map((answer) => {
        return Object.assign(new StubEngine(), { behind: () => answer })
      })
      return new PerServiceEngine({ usual: usual as Engine, portable: portable as Engine }).behind(
        'x',
      )
    }
    expect(Object.entries(answers).map(([name, given]) => [name, ask(given)])).toEqual([
      ['none', undefined],
      ['usual', behind],
      ['portable', behind],
      ['both', 'ambiguous'],
      ['several', 'ambiguous'],
    ])
  })
})

function tableOf(service: string, engine: ServiceEngine = 'auto'): RoutingTable {
  return { service, engine, group: 'main' } as RoutingTable
}

function listenerOf(id: number, service: string, engine: ServiceEngine = 'auto'): ListenerTable {
  return { id, service, engine, address: `127.0.0.1:${id}` } as ListenerTable
}
