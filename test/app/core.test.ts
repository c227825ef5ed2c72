// What serves traffic, put together: an engine is made as it was asked for, and its reports reach the log.
import { expect, onTestFinished, test } from 'vitest'
import type { NativeEngine } from '../../src/app/choose-engine.ts'
import { Core, type CoreOptions } from '../../src/app/core.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { StubEngine } from '../helpers/stub-engine.ts'

/** A core on a splice engine without threads. */
function start(given: Partial<CoreOptions> = {}) {
  const made: Parameters<NativeEngine['make']>[0][] = []
  const stub = Object.assign(new StubEngine(), { name: 'splice', nextSessionId: () => 1 } as const)
  const native: NativeEngine = {
    load: () => ({ addon: {} as never }),
    make(options) {
      made.push(options)
      return stub
    },
  }
  const log = new RecordingLog()
  const core = new Core({ log, native, ...given })
  onTestFinished(async () => void (await core.stop(0)))
  const [options] = made
  if (options === undefined) throw new Error('no engine was made')
  return { core, log, options, stub }
}

test('the engine has the threads that were asked for', () => {
  const { core, options } = start({ engineThreads: 5, trackPeers: true })
  expect(options).toMatchObject({ threads: 5, trackPeers: true })
  expect(core.engine.name).toBe('splice')
})

test('reports that were lost are a warning with their number, and counted', () => {
  const { core, log, options } = start()
  options.events.eventsLost(1_234)
  expect(log.lines).toEqual([{ level: 'warn', event: 'events lost', facts: { count: 1_234 } }])
  options.events.eventsLost(6)
  expect(core.eventsLost).toBe(1_240)
})

test('a service that asks for the node engine gets it with its listener, before its table', async () => {
  const { core, stub } = start()
  const web = await core.balancer.addService('web', { engine: 'node' })
  await web.listen('127.0.0.1:0')
  const mail = await core.balancer.addService('mail')
  await mail.listen('127.0.0.1:25')
  expect(stub.told).toEqual(['open mail 127.0.0.1:25'])
  expect(core.chosen.exceptions().map(({ service }) => service)).toEqual(['web'])
})
