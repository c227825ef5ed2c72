// What is remembered of traffic, whatever happens to services and listeners meanwhile.
import { expect, test } from 'vitest'
import { TrafficHistory } from '../../../src/app/documents/traffic-history.ts'
import { markOf, TrafficWatch } from '../../../src/app/documents/traffic-watch.ts'
import { LIMITS } from '../../../src/base/limits.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import { Listener } from '../../../src/model/listener.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'

const LOOKS = LIMITS.trafficBeforeMs / LIMITS.trafficLookMs

async function serving() {
  const balancer = new Balancer({ ports: new FakePorts() })
  const web = await balancer.addService('web')
  const main = web.addGroup('main')
  for (const name of ['a', 'b', 'c', 'd']) main.addHost(name, '10.0.0.1:80')
  await web.listen('127.0.0.1:80')
  const history = new TrafficHistory(balancer)
  history.look()
  return { balancer, web, main, history }
}

/** Sessions come to a listener: so many reach a host, so many do not. */
function come(listener: Listener, reached: number, failed = 0): void {
  const counters = Listener.countersOf(listener)
  counters.total += reached
  counters.failed += failed
}

test('sessions are counted over all listeners, and one that is moved or new brings no old ones', async () => {
  const { web, history } = await serving()
  const first = web.listener('127.0.0.1:80')
  come(first, 8, 2)
  history.look()
  const second = await web.listen('127.0.0.1:81')
  come(second, 100)
  history.look()
  come(second, 4, 1)
  await web.closeListener('127.0.0.1:80')
  history.look()
  expect(history.sessionsOf(web)).toEqual({ came: 15, failed: 3 })
})

test('only so much is looked back on', async () => {
  const { web, main, history } = await serving()
  const listener = web.listener('127.0.0.1:80')
  main.host('a').setHealth('down', 'refused')
  come(listener, 50, 50)
  history.look()
  main.host('a').setHealth('up', '')
  for (let look = 0; look < LOOKS - 1; look++) history.look()
  expect(history.before(web)).toMatchObject({ came: 100, failed: 50, downMost: 1, left: 4 })
  history.look()
  expect(history.before(web)).toMatchObject({ came: 0, failed: 0, downMost: 1 })
  history.look()
  expect(history.before(web)).toMatchObject({ came: 0, failed: 0, downMost: 0 })
})

test('a service keeps its figures under another name, and where it is made anew', async () => {
  const { balancer, web, history } = await serving()
  come(web.listener('127.0.0.1:80'), 10, 5)
  history.look()
  balancer.renameService('web', 'www')
  history.look()
  expect(history.before(web)).toMatchObject({ service: 'www', came: 15, failed: 5 })
  await balancer.removeService('www')
  const anew = await balancer.addService('www')
  history.look()
  expect(history.before(anew)).toMatchObject({ came: 15, failed: 5 })
})

test('a watch counts from the commit on, of the services that the commit changed', async () => {
  const { balancer, web, history } = await serving()
  come(web.listener('127.0.0.1:80'), 1_000)
  history.look()
  const mark = markOf(balancer, history)
  const watch = new TrafficWatch({ balancer, history, changed: new Set(['web']), mark })
  const other = new TrafficWatch({ balancer, history, changed: new Set(['mail']), mark })
  expect(watch.before).toMatchObject([{ service: 'web', came: 1_000 }])
  come(web.listener('127.0.0.1:80'), 20, 4)
  history.look()
  expect(watch.judge()).toBeUndefined()
  come(web.listener('127.0.0.1:80'), 0, 1)
  history.look()
  expect(watch.judge()).toContain('web: 5 of 25 sessions (20%) failed since the commit')
  expect(other.judge()).toBeUndefined()
})

test('hosts count when they are down at two looks, and at once where none is left', async () => {
  const { balancer, main, history } = await serving()
  const mark = markOf(balancer, history)
  const watch = new TrafficWatch({ balancer, history, changed: undefined, mark })
  main.host('a').setHealth('down', 'refused')
  expect(watch.judge()).toBeUndefined()
  main.host('a').setHealth('up', '')
  expect(watch.judge()).toBeUndefined()
  main.host('a').setHealth('down', 'refused')
  expect(watch.judge()).toBeUndefined()
  expect(watch.judge()).toContain('1 of 4 wanted hosts are down')
  for (const name of ['b', 'c', 'd']) main.host(name).setHealth('down', 'refused')
  expect(watch.judge()).toContain('all of 4 wanted hosts are down')
})

test('a host that is drained or added is no fault', async () => {
  const { balancer, main, history } = await serving()
  const mark = markOf(balancer, history)
  const watch = new TrafficWatch({ balancer, history, changed: undefined, mark })
  for (const name of ['a', 'b', 'c']) main.host(name).drain()
  for (const name of ['e', 'f']) main.addHost(name, '10.0.0.2:80')
  for (let look = 0; look < 3; look++) expect(watch.judge()).toBeUndefined()
})
