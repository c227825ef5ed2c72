// Who is behind what happens: known through every await, and never by anybody beside.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { currentOrigin, withOrigin } from '../../src/base/origin.ts'

test('it is the embedding application where nobody said', () => {
  expect(currentOrigin()).toBe('embedding')
})

test('it travels through awaits, timers and microtasks, and is over with the call', async () => {
  const seen = await withOrigin('ssh:alice', async () => {
    const first = currentOrigin()
    await nextTurn()
    const second = await new Promise((resolve) => queueMicrotask(() => resolve(currentOrigin())))
    return [first, second]
  })
  expect([...seen, currentOrigin()]).toEqual(['ssh:alice', 'ssh:alice', 'embedding'])
})

test('two at the same time do not mix, and an inner one is over first', async () => {
  const late = async () => {
    await nextTurn()
    return currentOrigin()
  }
  const both = [withOrigin('ssh:alice', late), withOrigin('web:bob', late)]
  expect(await Promise.all(both)).toEqual(['ssh:alice', 'web:bob'])
  const nested = withOrigin('file', () => [withOrigin('health', currentOrigin), currentOrigin()])
  expect(nested).toEqual(['health', 'file'])
})

test('a task that throws throws, and its origin is over', () => {
  const throwing = () =>
    withOrigin('file', () => {
      throw new Error('a fault')
    })
  expect(throwing).toThrow('a fault')
  expect(currentOrigin()).toBe('embedding')
})
