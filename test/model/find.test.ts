// Names and paths: what may be a name, and what a path finds or says instead.
import { describe, expect, test } from 'vitest'
import { followedBalancer } from '../helpers/followed.ts'

describe('a path finds', () => {
  test('a service, a group, a host and a listener', async () => {
    const { balancer } = await followedBalancer()
    const web = balancer.service('web')
    expect(balancer.find('web')).toBe(web)
    expect(balancer.find('web/main')).toBe(web.group('main'))
    expect(balancer.find('web/main/a')).toBe(web.group('main').host('a'))
    expect(balancer.find('web/listen/127.0.0.1:8080')).toBe(web.listener('127.0.0.1:8080'))
  })

  test('a listener however its address is written, on a Unix socket, too', async () => {
    const { balancer } = await followedBalancer()
    const web = balancer.service('web')
    const [six, all] = [await web.listen('[::1]:80'), await web.listen(':81')]
    const unix = await web.listen('unix:/run/web/front.sock')
    expect(balancer.find('web/listen/[::1]:80')).toBe(six)
    expect(balancer.find('web/listen/*:81')).toBe(all)
    expect(balancer.find(unix.path)).toBe(unix)
  })

  test('whatever says its own path', async () => {
    const { balancer } = await followedBalancer()
    for (const service of balancer.serviceList)
      for (const one of [service, ...service.listenerList, ...service.groupList])
        expect(balancer.find(one.path)).toBe(one)
  })
})

test.each([
  ['wbe', 'no service wbe, did you mean web?'],
  ['nothing-like-it', 'no service nothing-like-it'],
  ['', 'no service '],
  ['constructor', 'no service constructor'],
  ['web/mian', 'no group mian in web, did you mean main?'],
  ['web/mian/a', 'no group mian in web, did you mean main?'],
  ['web/', 'no group  in web'],
  ['web/main/A', 'no host A in web/main, did you mean a?'],
  ['web/main/toString', 'no host toString in web/main'],
  ['web/main/a/b', 'nothing is below a host'],
  ['web/listen', 'web does not listen on : it listens on 127.0.0.1:8080'],
  ['web/listen/127.0.0.1:8081', 'it listens on 127.0.0.1:8080'],
  ['web/listen/nonsense:', 'it listens on 127.0.0.1:8080'],
])('"%s" is not found: %s', async (path, words) => {
  const { balancer, refused } = await followedBalancer()
  await refused(() => balancer.find(path), 'NOT_FOUND', words)
})

test('a service without listeners says so', async () => {
  const { balancer } = await followedBalancer()
  await balancer.addService('dns')
  expect(() => balancer.find('dns/listen/127.0.0.1:53')).toThrow('it listens nowhere')
})

const GOOD = [
  'a',
  'web 1',
  'ä✓',
  'host.0',
  '7',
  'constructor',
  'toString',
  'a-b',
  '*',
  'x'.repeat(64),
]
const BAD = [
  '',
  ' a',
  'a ',
  '-a',
  'a/b',
  'listen',
  '__proto__',
  '.',
  '..',
  'a\nb',
  'a\u2028b',
  '\u202Ea',
  'x'.repeat(65),
]

describe.each([
  [
    'host',
    (name: string) => (lb: Lb) => lb.service('web').group('main').addHost(name, '10.0.0.4:80'),
  ],
  ['group', (name: string) => (lb: Lb) => lb.service('web').addGroup(name)],
  ['service', (name: string) => (lb: Lb) => lb.addService(name)],
])('the name of a %s', (_, adding) => {
  test.each(GOOD.filter((name) => name !== 'a'))('may be %j', async (name) => {
    const { balancer } = await followedBalancer()
    expect(await adding(name)(balancer)).toHaveProperty('name', name)
  })

  test.each(BAD)('may not be %j', async (name) => {
    const { balancer, refused } = await followedBalancer()
    await refused(() => adding(name)(balancer), 'NAME_BAD')
  })

  test('may not be missing, nor be anything but text', async () => {
    const { balancer, refused } = await followedBalancer()
    for (const name of [undefined, null, 5, {}, ['a']])
      await refused(() => adding(name as unknown as string)(balancer), 'NAME_BAD', 'a name is')
  })

  test('may not be taken', async () => {
    const { balancer, refused, changes } = await followedBalancer()
    await adding('twice')(balancer)
    changes.length = 0
    await refused(() => adding('twice')(balancer), 'NAME_TAKEN', 'already', 'twice')
  })
})

type Lb = Awaited<ReturnType<typeof followedBalancer>>['balancer']
