// The queue of clients that wait for room.
import { expect, test } from 'vitest'
import { WaitQueue } from '../../../src/engine/node/wait-queue.ts'

test('one who waits for another host does not keep those behind', () => {
  const { queue, join, went } = createQueue()
  join('stays', () => false)
  join('goes', () => true)
  queue.wake(() => true)
  expect(went).toEqual(['goes'])
  expect(queue.length).toBe(1)
})

test('nobody is asked once there is no room left', () => {
  const { queue, join, went } = createQueue()
  for (const name of ['a', 'b', 'c']) join(name, () => true)
  queue.wake(() => went.length < 2)
  expect(went).toEqual(['a', 'b'])
})

test('a waiter that throws does not stop the queue for good', () => {
  const { queue, join, went } = createQueue()
  let faulty = true
  join('a', () => {
    if (faulty) throw new Error('broken')
    return true
  })
  expect(() => queue.wake(() => true)).toThrow('broken')
  faulty = false
  queue.wake(() => true)
  expect(went).toEqual(['a'])
})

test('room that is made by a retry wakes nobody a second time', () => {
  const { queue, join, went } = createQueue()
  join('a', () => {
    queue.wake(() => true)
    return true
  })
  join('b', () => true)
  queue.wake(() => true)
  expect(went).toEqual(['a', 'b'])
})

test('the queue takes so many and no more, and tells its length', () => {
  const { queue, lengths } = createQueue()
  const waiter = { retry: () => true }
  expect([queue.join(waiter, 1), queue.join({ retry: () => true }, 1)]).toEqual([true, false])
  queue.leave(waiter)
  queue.leave(waiter)
  expect(lengths).toEqual([1, 0])
})

function createQueue() {
  const lengths: number[] = []
  const went: string[] = []
  const queue = new WaitQueue((length) => lengths.push(length))
  const join = (name: string, retry: () => boolean) => {
    const waiter = {
      retry: () => {
        const goes = retry()
        if (goes) went.push(name)
        return goes
      },
    }
    queue.join(waiter, 100)
  }
  return { queue, lengths, went, join }
}
