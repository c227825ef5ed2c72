// Who holds a port that could not be opened, where it is this process.
import { expect, test } from 'vitest'
import { namingHolder } from '../../src/app/port-holder.ts'
import { BalancerError } from '../../src/base/errors.ts'
import { followedBalancer } from '../helpers/followed.ts'

const TAKEN = new BalancerError('PORT_TAKEN', '127.0.0.1:2222; find the owner with: ss -ltnp')

test('a listener is named with the way to close it', async () => {
  const { balancer } = await followedBalancer()
  expect(namingHolder(TAKEN, '*:8080', balancer)).toMatchObject({
    code: 'PORT_TAKEN',
    detail:
      '*:8080 is held by web/listen/127.0.0.1:8080 of this process; close it with: listen remove web/listen/127.0.0.1:8080',
  })
})

test('the ssh server is named where it is switched on', async () => {
  const { balancer } = await followedBalancer()
  expect(namingHolder(TAKEN, '127.0.0.1:2222', balancer)).toBe(TAKEN)
  balancer.configure('ssh', { enable: true, listen: 'localhost:2222' })
  expect(namingHolder(TAKEN, '127.0.0.1:2222', balancer)).toMatchObject({
    detail: '127.0.0.1:2222 is held by the ssh server of this process (settings/ssh listen)',
  })
})

test('another error, and a port of somebody else, stay as they are', async () => {
  const { balancer } = await followedBalancer()
  const other = new BalancerError('PORT_DENIED', '127.0.0.1:8080 needs a right')
  expect(namingHolder(other, '127.0.0.1:8080', balancer)).toBe(other)
  expect(namingHolder(TAKEN, '127.0.0.1:9', balancer)).toBe(TAKEN)
})
