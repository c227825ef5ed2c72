// Names and their addresses over time, with a name server that the test owns.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { LIMITS } from '../../src/base/limits.ts'
import { NameCache, type NameCacheOptions } from '../../src/base/resolver.ts'
import { deferred } from '../helpers/deferred.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

test('a watched name has its first address at once, another name has none', async () => {
  const { cache, changes } = cacheOf({ db: ['10.0.0.1', '10.0.0.2'] })
  cache.watch(['db'])
  expect(cache.addressOf('db')).toBeUndefined()
  await cache.refresh()
  expect(cache.addressOf('db')).toBe('10.0.0.1')
  expect(cache.addressOf('other')).toBeUndefined()
  expect(changes).toEqual(['db=10.0.0.1'])
})

test('the order of the system decides, whatever the family', async () => {
  const { cache } = cacheOf({ db: ['2001:db8::1', '10.0.0.1'] })
  cache.watch(['db'])
  await cache.refresh()
  expect(cache.addressOf('db')).toBe('2001:db8::1')
})

test('an address stays while the answer still contains it, however the answer is turned', async () => {
  const { cache, names, changes } = cacheOf({ db: ['10.0.0.1', '10.0.0.2'] })
  cache.watch(['db'])
  await cache.refresh()
  names.db = ['10.0.0.2', '10.0.0.1']
  await cache.refresh()
  expect(cache.addressOf('db')).toBe('10.0.0.1')
  expect(changes).toHaveLength(1)
})

test('an address that left the answer is replaced, and whoever follows is told', async () => {
  const { cache, names, changes, log } = cacheOf({ db: ['10.0.0.1'] })
  cache.watch(['db'])
  await cache.refresh()
  names.db = ['10.0.0.3']
  await cache.refresh()
  expect(cache.addressOf('db')).toBe('10.0.0.3')
  expect(changes).toEqual(['db=10.0.0.1', 'db=10.0.0.3'])
  expect(log.of('name resolved').at(-1)?.facts).toEqual({
    name: 'db',
    address: '10.0.0.3',
    before: '10.0.0.1',
  })
})

test('a failed look-up keeps the last answer, and is logged once until it ends', async () => {
  const { cache, names, changes, log } = cacheOf({ db: ['10.0.0.1'] })
  cache.watch(['db'])
  await cache.refresh()
  delete names.db
  await cache.refresh()
  await cache.refresh()
  expect(cache.addressOf('db')).toBe('10.0.0.1')
  expect(log.of('name not resolved')).toEqual([
    {
      level: 'warn',
      event: 'name not resolved',
      facts: { name: 'db', reason: 'no such name: db', kept: '10.0.0.1' },
    },
  ])
  names.db = ['10.0.0.1']
  await cache.refresh()
  expect(log.of('name resolved')).toHaveLength(2)
  expect(changes).toHaveLength(1)
})

test('an answer without addresses is a failure', async () => {
  const { cache, log } = cacheOf({ db: [] })
  cache.watch(['db'])
  await cache.refresh()
  expect(log.of('name not resolved')[0]?.facts).toMatchObject({
    reason: 'it has no address',
    kept: '',
  })
})

test('a name that is watched no longer is forgotten, with an answer that is still to come', async () => {
  const { cache, changes } = cacheOf({ db: ['10.0.0.1'], web: ['10.0.0.2'] })
  cache.watch(['db', 'web'])
  cache.watch(['web'])
  await cache.refresh()
  expect(cache.addressOf('db')).toBeUndefined()
  expect(changes).toEqual(['web=10.0.0.2'])
})

test('no more names are watched than the limit says', async () => {
  const { cache, log } = cacheOf({ extra: ['10.0.0.1'] })
  const names = Array.from({ length: LIMITS.resolvedNamesMax }, (_, index) => `n${index}`)
  cache.watch([...names, 'extra'])
  expect(log.of('too many names to resolve')).toHaveLength(1)
  await cache.refresh()
  expect(cache.addressOf('extra')).toBeUndefined()
})

test('few look-ups are under way at once, and one that hangs does not hold up the others', async () => {
  let underWay = 0
  let most = 0
  const hang = deferred<{ address: string }[]>()
  const lookup = async (name: string) => {
    most = Math.max(most, ++underWay)
    const answer = name === 'slow' ? await hang.promise : [{ address: '10.0.0.1' }]
    underWay--
    return answer
  }
  const { cache } = cacheOf({}, { lookup })
  cache.watch(['slow', 'a', 'b', 'c'])
  while (cache.addressOf('c') === undefined) await nextTurn()
  expect(cache.addressOf('slow')).toBeUndefined()
  hang.resolve([{ address: '10.0.0.9' }])
  await cache.refresh()
  expect(cache.addressOf('slow')).toBe('10.0.0.9')
  expect(most).toBe(2)
})

test('names are looked up again until the cache is stopped, and not after it', async () => {
  const again = deferred()
  let lookups = 0
  const lookup = async () => {
    if (++lookups === 3) again.resolve()
    return [{ address: '10.0.0.1' }]
  }
  const { cache } = cacheOf({}, { lookup, refreshMs: 1 })
  cache.watch(['db'])
  cache.start()
  await again.promise
  await cache.stop()
  const before = lookups
  await cache.refresh()
  expect(lookups).toBe(before)
  expect(cache.addressOf('db')).toBe('10.0.0.1')
})

test('stopping does not wait for a look-up that hangs', async () => {
  const { cache } = cacheOf({}, { lookup: () => new Promise(() => {}) })
  cache.start()
  cache.watch(['db'])
  await cache.stop()
  expect(cache.addressOf('db')).toBeUndefined()
})

test('localhost is looked up as the system does', async () => {
  const cache = new NameCache({ log: new RecordingLog(), onChange: () => {} })
  cache.watch(['localhost'])
  await cache.refresh()
  expect(['127.0.0.1', '::1']).toContain(cache.addressOf('localhost'))
})

/** A cache over a table of names that the test may edit. */
function cacheOf(names: Record<string, string[]>, options: Partial<NameCacheOptions> = {}) {
  const log = new RecordingLog()
  const changes: string[] = []
  const cache = new NameCache({
    log,
    onChange: (name, address) => changes.push(`${name}=${address}`),
    lookup: async (name) => {
      const addresses = names[name]
      if (addresses === undefined) throw new Error(`no such name: ${name}`)
      return addresses.map((address) => ({ address }))
    },
    ...options,
  })
  onTestFinished(() => cache.stop())
  return { cache, names, changes, log }
}
