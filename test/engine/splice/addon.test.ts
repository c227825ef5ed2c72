// The addon by itself: what has the wrong type is refused and never crashes, and no thread outlives who started it.
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLOSE_REASONS } from '../../../src/base/close-reasons.ts'
import type { NativeEngine } from '../../../src/engine/splice/addon.ts'
import { TALLY_CELLS } from '../../../src/engine/service-tally.ts'
import { loadSplice } from '../../../src/engine/splice/load.ts'
import { nativeSettings } from '../../../src/engine/splice/settings.ts'
import type { SessionStep } from '../../../src/model/session-view.ts'
import { eventually } from '../../helpers/eventually.ts'

const loaded = loadSplice()
const SETTINGS = nativeSettings({ threads: 2, trackPeers: false })
const ROWS = new Float64Array(2 * 8)

/** A name too many or too few does not compile. */
const STEPS: Readonly<Record<SessionStep, true>> = {
  header: true,
  choosing: true,
  held: true,
  queued: true,
  connecting: true,
  relaying: true,
}

const LISTENER = {
  id: 1,
  service: 'web',
  serviceChunk: 0,
  serviceRow: 0,
  name: '127.0.0.1:0',
  place: '127.0.0.1',
  port: 0,
  maxSessions: 0,
  chunk: 0,
  row: 0,
  allow: [],
  deny: [],
  proxy: false,
}

const TABLE = {
  service: 'web',
  serviceChunk: 0,
  serviceRow: 0,
  group: 'main',
  rule: { kind: 'cycle', order: Uint32Array.of(0) },
  ask: false,
  askMs: 0,
  hostIds: Float64Array.of(1),
  hostNames: ['a'],
  targetPlaces: ['127.0.0.1'],
  targetPorts: Uint16Array.of(80),
  hostFlags: Uint8Array.of(1),
  hostLimits: Uint32Array.of(0),
  hostRows: Uint32Array.of(0, 0),
  maxSessions: 0,
  retries: 0,
  connectTimeoutMs: 1_000,
  idleTimeoutMs: 0,
  queue: 0,
  queueTimeoutMs: 0,
  hold: 0,
  proxy: 0,
  accessLog: false,
}

describe.skipIf('reason' in loaded)('the addon', () => {
  if ('reason' in loaded) return
  const { addon } = loaded
  let engine: NativeEngine
  const call = (method: keyof NativeEngine, ...given: unknown[]) =>
    Reflect.apply(engine[method], engine, given)

  beforeAll(() => {
    engine = new addon.Engine(SETTINGS, ROWS, () => {})
    engine.addCounterRows(new Float64Array(64))
    engine.addServiceRows(new Float64Array(TALLY_CELLS))
  })

  afterAll(() => engine.stop())

  test('has the reasons to close of the house, in their order', () => {
    expect(addon.closeReasons).toEqual(Object.keys(CLOSE_REASONS))
  })

  test('has the steps of a session, in their order', () => {
    expect(addon.steps).toEqual(Object.keys(STEPS))
  })

  test.each([
    [[], 'settings is not an object'],
    [[{ ...SETTINGS, threads: 'many' }, ROWS, () => {}], 'settings.threads is not a whole number'],
    [[{ ...SETTINGS, threads: 0 }, ROWS, () => {}], 'settings.threads is not at least 1'],
    [[{ ...SETTINGS, threads: 3 }, ROWS, () => {}], 'a row for each thread'],
    [[SETTINGS, new Uint8Array(128), () => {}], 'a row for each thread'],
    [[SETTINGS, ROWS, 'wake'], 'a function'],
    [
      [{ ...SETTINGS, connectBoundsMs: [1] }, ROWS, () => {}],
      'connectBoundsMs is not a Float64Array',
    ],
    [
      [boundedBy([1, 2, 3]), ROWS, () => {}],
      'sessionBoundsMs is not made of as many bounds as a row has',
    ],
    [
      [boundedBy([...SETTINGS.sessionBoundsMs].with(3, 0)), ROWS, () => {}],
      'each higher than the last',
    ],
  ])('an engine is made of the right things alone: %#', (given, message) => {
    const make = () => Reflect.construct(addon.Engine, given)
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })

  test.each([
    ['addCounterRows', [new Float64Array(7)]],
    ['addCounterRows', [{}]],
    ['addServiceRows', [new Float64Array(TALLY_CELLS + 1)]],
    ['addServiceRows', [new Float64Array(TALLY_CELLS - 8)]],
    ['addServiceRows', ['cells']],
    ['openListener', [{ ...LISTENER, serviceRow: 1 }]],
    ['setTable', [{ ...TABLE, serviceChunk: 1 }]],
    ['setTable', [{ ...TABLE, serviceRow: '0' }]],
    ['openListener', [{ ...LISTENER, place: 'nowhere' }]],
    ['openListener', [{ ...LISTENER, row: 8 }]],
    ['openListener', [{ ...LISTENER, port: 65_536 }]],
    ['openListener', [{ ...LISTENER, deny: ['10.0.0.0/99'] }]],
    ['openListener', [{ ...LISTENER, allow: [7] }]],
    ['updateListener', ['web']],
    ['setTable', [{ ...TABLE, hostNames: [] }]],
    ['setTable', [{ ...TABLE, hostNames: [{}] }]],
    ['setTable', [{ ...TABLE, hostRows: Uint32Array.of(1, 0) }]],
    ['setTable', [{ ...TABLE, hostIds: [1] }]],
    ['setTable', [{ ...TABLE, targetPlaces: ['a name'] }]],
    ['setTable', [{ ...TABLE, rule: { kind: 'cycle', order: Uint32Array.of(1) } }]],
    ['setTable', [{ ...TABLE, rule: { kind: 'hash', slots: Uint16Array.of(1) } }]],
    ['setTable', [{ ...TABLE, rule: { kind: 'least', weights: new Uint32Array(2), tie: '' } }]],
    ['setTable', [{ ...TABLE, rule: { kind: 'luck' } }]],
    ['setTable', [{ ...TABLE, proxy: 3 }]],
    ['setTable', [{ ...TABLE, accessLog: 1 }]],
    ['kill', [[1], 0]],
    ['kill', [Float64Array.of(1), 99]],
    ['closeAll', [-1]],
    ['renameService', ['web']],
    ['sessions', ['all', 1]],
    ['behind', ['127.0.0.1', '1', '', 0]],
  ] as const)('%s throws a TypeError for what it cannot take (%#)', (method, given) => {
    expect(() => call(method, ...given)).toThrow(TypeError)
  })

  test('what is right is taken, and odd numbers name nothing', () => {
    engine.setTable(TABLE)
    expect(engine.stateOf('web')).toMatchObject({ open: 0, waiting: 0, paused: false, place: 0 })
    const odd = [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 60]
    expect(engine.kill(Float64Array.from(odd), 0)).toBe(0)
    for (const id of odd) {
      expect(engine.session(id).figures).toEqual(Float64Array.of(0))
      engine.answer(id, id)
    }
    expect(engine.behind('no address', -1, '', 0).figures).toEqual(Float64Array.of(0))
  })

  test('after a stop nothing but its last words can be had', () => {
    const other = new addon.Engine(SETTINGS, ROWS, () => {})
    other.stop()
    other.stop()
    expect(() => other.sessionCount()).toThrow('the engine has stopped')
    expect(() => other.setTable(TABLE)).toThrow('the engine has stopped')
    expect(other.takeEvents().figures.slice(1)).toEqual(Float64Array.of(0, 0))
  })

  test('its threads end with the thread of JavaScript that started them', async () => {
    const before = threadsOfProcess()
    const path = Object.keys(createRequire(import.meta.url).cache).find((each) =>
      each.endsWith('splice.node'),
    )
    const text = `
      const { workerData: { path, settings, rows }, parentPort } = require('node:worker_threads')
      const { Engine } = require(path)
      globalThis.kept = new Engine(settings, rows, () => {})
      parentPort.postMessage('started')`
    const workerData = { path, settings: SETTINGS, rows: ROWS }
    const worker = new Worker(text, { eval: true, workerData })
    await new Promise((resolve) => worker.once('message', resolve))
    expect(threadsOfProcess()).toBeGreaterThanOrEqual(before + SETTINGS.threads)
    await worker.terminate()
    await eventually(() => threadsOfProcess() <= before, 'all threads are gone')
  })
})

function boundedBy(sessionBoundsMs: readonly number[]) {
  return { ...SETTINGS, sessionBoundsMs: Float64Array.from(sessionBoundsMs) }
}

function threadsOfProcess(): number {
  return readdirSync('/proc/self/task').length
}
