// A page that is slower than what happens: what it is spared, what it is told of that, and when nobody waits any more.
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Batch, type LineTopic } from '../../../src/web/api/events-batch.ts'
import { EventStream } from '../../../src/web/api/events-stream.ts'

/** A connection that takes what it is told to, and no more. */
function slowConnection() {
  const written: string[] = []
  const raw = {
    writableLength: 0,
    destroyed: false,
    writeHead: () => {},
    removeHeader: () => {},
    write: (bytes: Buffer | string) => {
      written.push(String(bytes))
      raw.writableLength += bytes.length
    },
    end: () => {},
    destroy: () => {
      raw.destroyed = true
    },
  }
  return { raw, written }
}

function streamOf(raw: object, lines: readonly LineTopic[] = ['change', 'log']): EventStream {
  const caller = {
    operator: 'alice',
    role: 'full',
    login: 1,
    address: '127.0.0.1',
    origin: 'web:alice',
    ended: new AbortController().signal,
  } as const
  return new EventStream(raw as ServerResponse, caller, {
    lines,
    traffic: true,
    hostsOf: undefined,
  })
}

function batchOf(count: number, topic: LineTopic = 'change', text = ''): Batch {
  const batch = new Batch()
  for (let number = 1; number <= count; number++) batch.add({ topic, row: { number, text } })
  return batch
}

test('figures are left out while a page is behind, and come again afterwards', () => {
  const { raw, written } = slowConnection()
  const stream = streamOf(raw)
  raw.writableLength = LIMITS.webStreamFiguresBytesMax + 1
  stream.giveFigures(Buffer.from('one'))
  raw.writableLength = 0
  stream.giveFigures(Buffer.from('two'))
  expect(written.slice(1)).toEqual(['two'])
})

test('lines are dropped for a page that is far behind, and the next one of each kind says how many', () => {
  const { raw, written } = slowConnection()
  const stream = streamOf(raw)
  raw.writableLength = LIMITS.webStreamBytesMax + 1
  stream.takeLines(batchOf(3))
  stream.takeLines(batchOf(2, 'log'))
  stream.takeLines(batchOf(9, 'audit'))
  expect(written).toHaveLength(1)
  raw.writableLength = 0
  stream.takeLines(batchOf(2))
  stream.takeLines(batchOf(2, 'log'))
  stream.takeLines(batchOf(1))
  const lost = written
    .slice(1)
    .join('')
    .match(/"lost":\d+/g)
  expect(lost).toEqual(['"lost":3', '"lost":0', '"lost":2', '"lost":0', '"lost":0'])
})

test('too much for one batch is dropped for everybody, the oldest first', () => {
  const { raw, written } = slowConnection()
  streamOf(raw).takeLines(batchOf(LIMITS.tailItemsMax + 5))
  expect(written[1]).toContain('"number":6,"text":"","lost":5}')
  expect(written[1]).not.toContain('"number":5,')
  const large = batchOf(100, 'change', 'x'.repeat(LIMITS.webStreamBytesMax / 10))
  expect(large.bytesOf(['change']).length).toBeLessThanOrEqual(LIMITS.webStreamBytesMax)
  expect(large.dropped.change).toBeGreaterThan(90)
})

test('all who want the same are given the same bytes, and nobody what he does not want', () => {
  const batch = batchOf(2)
  batch.add({ topic: 'audit', row: { secret: true } })
  expect(batch.bytesOf(['change', 'log'])).toBe(batch.bytesOf(['change', 'log']))
  expect(String(batch.bytesOf(['change', 'log']))).not.toContain('secret')
  expect(String(batch.bytesOf(['audit']))).toContain('secret')
})

test('a page that takes nothing for long is stuck, one that takes a little is not', () => {
  const { raw } = slowConnection()
  const stream = streamOf(raw)
  raw.writableLength = 0
  const start = performance.now()
  expect(stream.isStuck(start)).toBe(false)
  stream.give('x'.repeat(1_000))
  expect(stream.isStuck(start + LIMITS.webStreamStuckMs)).toBe(false)
  raw.writableLength -= 1
  expect(stream.isStuck(start + LIMITS.webStreamStuckMs + 1)).toBe(false)
  expect(stream.isStuck(start + 2 * LIMITS.webStreamStuckMs)).toBe(false)
  expect(stream.isStuck(start + 2 * LIMITS.webStreamStuckMs + 2)).toBe(true)
})

test('a stream that ended takes nothing any more', () => {
  const { raw, written } = slowConnection()
  const stream = streamOf(raw)
  stream.end('bye then')
  stream.end('once more')
  stream.takeLines(batchOf(1))
  stream.giveFigures(Buffer.from('late'))
  expect(written.slice(1)).toEqual(['event: bye\ndata: {"reason":"bye then"}\n\n'])
})
