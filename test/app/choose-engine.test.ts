// Which engine is chosen, with its reason, where the native one can be loaded and where it cannot.
import { availableParallelism } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import {
  type EngineOptions,
  type NativeEngine,
  chooseEngine,
  readThreads,
  threadsOfMachine,
} from '../../src/app/choose-engine.ts'
import { NodeEngine } from '../../src/engine/node/engine.ts'
import type { RoutingTable } from '../../src/engine/table.ts'
import { StubEngine } from '../helpers/stub-engine.ts'

const SILENT: EngineOptions['events'] = {
  hostFailed: () => {},
  hostAnswered: () => {},
  sessionClosed: () => {},
  sessionRefused: () => {},
  askFailed: () => {},
  listenerFailed: () => {},
  eventsLost: () => {},
  unexpected: () => {},
}
const NOT_BUILT = 'the native engine was not built'

/** A native engine that loads, or one that cannot for this reason; and what it was made of. */
function start(reason?: string) {
  const made: Parameters<NativeEngine['make']>[0][] = []
  const stub = Object.assign(new StubEngine(), { name: 'splice', nextSessionId: () => 7 } as const)
  const native: NativeEngine = {
    load: () => (reason === undefined ? { addon: {} as never } : { reason }),
    make: (options) => {
      made.push(options)
      return stub
    },
  }
  const choose = (wanted: 'auto' | 'node' | 'splice', threads = 0) => {
    const chosen = chooseEngine(wanted, { events: SILENT, trackPeers: true, threads }, native)
    onTestFinished(async () => void (await chosen.engine.stop(0)))
    return chosen
  }
  return { choose, made, stub }
}

test('auto is the splice engine where it can be loaded', () => {
  const { choose, made } = start()
  const { engine, reason, exceptions } = choose('auto')
  expect([engine.name, reason, exceptions()]).toEqual([
    'splice',
    'chosen because it can run here',
    [],
  ])
  expect(made).toMatchObject([
    { trackPeers: true, threads: threadsOfMachine(), events: SILENT, addon: {} },
  ])
})

test('auto is the node engine where the other cannot be loaded, and says why', () => {
  const { choose, made } = start(NOT_BUILT)
  const { engine, reason, exceptions } = choose('auto')
  expect(engine).toBeInstanceOf(NodeEngine)
  expect([reason, exceptions(), made]).toEqual([NOT_BUILT, [], []])
})

test('splice is refused where it cannot be loaded, with the reason and what to do instead', () => {
  const { choose } = start(NOT_BUILT)
  expect(() => choose('splice')).toThrow(
    expect.objectContaining({
      code: 'REFUSED',
      detail: `${NOT_BUILT}; or start with --engine auto or node`,
    }),
  )
})

test('what was asked for is told', () => {
  const { choose, made } = start()
  expect(choose('splice')).toMatchObject({ reason: 'asked for by --engine splice' })
  const { engine, reason } = choose('node')
  expect(engine).toBeInstanceOf(NodeEngine)
  expect([reason, made.length]).toEqual(['asked for by --engine node', 1])
})

test('a service that asks for it has the node engine beside the splice engine', () => {
  const { choose, stub } = start()
  const { engine, exceptions } = choose('auto', 3)
  const table = { group: 'main', hosts: [], rule: { kind: 'cycle', order: new Uint32Array() } }
  const rest = { ...table, hold: 0, onWaiting: () => {} }
  engine.setTable({ ...rest, service: 'web', engine: 'auto' } as unknown as RoutingTable)
  engine.setTable({ ...rest, service: 'mail', engine: 'node' } as unknown as RoutingTable)
  expect(stub.told).toEqual(['table web'])
  const reason = 'asked for by engine="node"'
  expect(exceptions()).toEqual([{ service: 'mail', engine: 'node', reason }])
})

test('as many threads as were asked for; else all CPUs but one, and one at least', () => {
  const { choose, made } = start()
  choose('auto', 3)
  choose('auto')
  expect(made.map(({ threads }) => threads)).toEqual([3, threadsOfMachine(availableParallelism())])
  expect([1, 2, 8].map(threadsOfMachine)).toEqual([1, 1, 7])
})

test('a number of threads that was typed is read, or refused with the range', () => {
  expect(['1', '64'].map(readThreads)).toEqual([1, 64])
  for (const typed of ['0', '65', '-1', 'many', ''])
    expect(() => readThreads(typed)).toThrow('engine-threads is a whole number from 1 to 64, got')
})
