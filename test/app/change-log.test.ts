// What the log tells of changes: one line each, with the author, and no secret.
import { expect, test } from 'vitest'
import { followChanges } from '../../src/app/change-log.ts'
import { withOrigin } from '../../src/base/origin.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { RecordingLog } from '../helpers/recording-log.ts'

const ports = { open: async () => '', close: async () => {} }

test('a change is one line with its author, what it was and what it is', async () => {
  const { balancer, log } = await create()
  const host = balancer.service('web').group('main').addHost('a', '10.0.0.1:80')
  log.lines.length = 0
  withOrigin('ssh:alice', () => {
    host.weight = 5
    host.drain()
  })
  expect(log.of('changed').map(({ facts }) => facts)).toEqual([
    { origin: 'ssh:alice', action: 'set', path: 'web/main/a', field: 'weight', from: '1', to: '5' },
    {
      origin: 'ssh:alice',
      action: 'set',
      path: 'web/main/a',
      field: 'intent',
      from: 'enabled',
      to: 'draining',
    },
  ])
})

test('health is left to the lines of health', async () => {
  const { balancer, log } = await create()
  const host = balancer.service('web').group('main').addHost('a', '10.0.0.1:80')
  log.lines.length = 0
  host.setHealth('down', 'connection refused')
  expect(log.of('changed')).toEqual([])
})

test('passwords and keys of operators are not in the log', async () => {
  const { balancer, log } = await create()
  balancer.setUsers([{ name: 'alice', password: 'scrypt$secret', keys: ['ssh-ed25519 AAAA'] }])
  expect(log.of('changed').at(-1)?.facts).toMatchObject({ path: 'settings/users', to: '["alice"]' })
  expect(JSON.stringify(log.lines)).not.toMatch(/secret|AAAA/)
})

async function create() {
  const balancer = new Balancer({ ports })
  const log = new RecordingLog()
  await balancer.addService('web')
  balancer.service('web').addGroup('main')
  followChanges(balancer, log)
  return { balancer, log }
}
