// What is typed at a prompt is sloppy JavaScript: whatever cannot be changed must say so, and must not change.
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { Counters } from '../../src/model/counters.ts'
import type { Service } from '../../src/model/service.ts'
import { followedBalancer } from '../helpers/followed.ts'

const A = 'lb.services.web.groups.main.hosts.a'
const MAIN = 'lb.services.web.groups.main'
const LISTENER = `lb.services.web.listeners['127.0.0.1:8080']`

test.each([
  [`${A}.name = 'zz'`, 'web/main/a: name cannot be changed; renameService'],
  [`${A}.id = 1`, 'web/main/a: id cannot be changed'],
  [`const c = ${A}.counters; c.open = -3`, 'counters: open cannot be changed; it is counted'],
  [`${LISTENER}.counters.total++`, 'counters: total cannot be changed; it is counted, not set'],
  [`${A}.counters = {}`, 'web/main/a: counters cannot be changed'],
  [`${A}.ready = true`, 'web/main/a: ready cannot be changed; enable, drain and disable'],
  [`${A}.path = ''`, 'web/main/a: path cannot be changed'],
  [`${A}.health = 'up'`, 'web/main/a: health cannot be changed'],
  [`${MAIN}.name = 'zz'`, 'web/main: name cannot be changed; renameService'],
  [`${MAIN}.hosts = {}`, 'web/main: hosts cannot be changed; addHost and removeHost'],
  [`${MAIN}.hostList = []`, 'web/main: hostList cannot be changed; addHost and removeHost'],
  [`${MAIN}.waiting = 'lots'`, 'web/main: waiting cannot be changed'],
  [`${MAIN}.panic = true`, 'web/main: panic cannot be changed'],
  [`lb.services.web.name = 'zz'`, 'web: name cannot be changed; renameService'],
  [`lb.services.web.groups = {}`, 'web: groups cannot be changed; addGroup and removeGroup'],
  [`lb.services.web.listeners = {}`, 'web: listeners cannot be changed; listen and closeListener'],
  [`lb.services.web.paused = true`, 'web: paused cannot be changed; pause and resume do that'],
  [`lb.services.web.mode = 'udp'`, 'web: mode cannot be changed; add a service'],
  [
    `${LISTENER}.address = '*:1'`,
    'web/listen/127.0.0.1:8080: address cannot be changed; moveListener',
  ],
  [`${LISTENER}.id = 1`, 'web/listen/127.0.0.1:8080: id cannot be changed'],
  [`${LISTENER}.counters = 1`, 'web/listen/127.0.0.1:8080: counters cannot be changed'],
  [`lb.services = {}`, 'balancer: services cannot be changed; addService and removeService'],
  [`lb.settings = {}`, 'balancer: settings cannot be changed; configure'],
  [`lb.users = []`, 'balancer: users cannot be changed; setUsers'],
  [`lb.tokens = []`, 'balancer: tokens cannot be changed; setTokens'],
])('%s is refused with a sentence', async (line, sentence) => {
  const { balancer, refused } = await followedBalancer()
  await refused(() => runInNewContext(line, { lb: balancer }), 'REFUSED', sentence)
})

describe.each([
  ['sloppy', ''],
  ['strict', `'use strict';`],
])('%s code', (_, mode) => {
  test.each([
    `lb.services.web = 1`,
    `lb.services.zz = {}`,
    `delete lb.services.web`,
    `lb.services.web.groups.main = 1`,
    `lb.services.web.groups.zz = {}`,
    `delete lb.services.web.groups.spare`,
    `${MAIN}.hosts.zz = {}`,
    `delete ${MAIN}.hosts.a`,
    `lb.services.web.listeners.zz = {}`,
    `lb.serviceList.push(1)`,
    `lb.services.web.groupList.length = 0`,
    `${MAIN}.hostList.length = 0`,
    `${A}.drain = 1`,
    `${A}.wieght = 5`,
    `delete ${A}.counters.open`,
    `${A}.counters.opne = 1`,
    `Object.getPrototypeOf(${A}).drain = () => 'evil'`,
    `delete Object.getPrototypeOf(${A}).describe`,
    `Object.defineProperty(Object.getPrototypeOf(${A}), 'weight', { value: 7 })`,
    `Object.defineProperty(${A}, 'weight', { value: 7 })`,
  ])('%s changes nothing', async (line) => {
    const { balancer, changes } = await followedBalancer()
    const whole = () =>
      JSON.stringify([balancer.snapshot(), balancer.describe(), Object.keys(balancer.services)])
    const before = whole()
    const thrown = errorOf(() => runInNewContext(mode + line, { lb: balancer }))
    expect(['TypeError', undefined]).toContain(thrown?.name)
    expect(whole()).toBe(before)
    expect(changes).toEqual([])
    const { web } = balancer.services
    const a = web?.groups['main']?.hosts['a']
    expect(web).toBe(balancer.service('web'))
    expect(a).toBe(balancer.find('web/main/a'))
    expect(Object.keys(web?.groups ?? {})).toEqual(['main', 'spare'])
    expect(Object.keys(web?.groups['main']?.hosts ?? {})).toEqual(['a', 'b', 'c'])
    expect(a).not.toHaveProperty('wieght')
    expect(a).not.toHaveProperty('drain', 1)
  })
})

test('records hold the objects themselves, in their order, and follow every edit', async () => {
  const { balancer } = await followedBalancer()
  const web = balancer.service('web')
  const main = web.group('main')
  const early = main.addHost('1', '10.0.0.7:80', { before: 'b' })
  expect(main.hosts['1']).toBe(early)
  expect(main.hostList.map(({ name }) => name)).toEqual(['a', '1', 'b', 'c'])
  expect(main.hosts).toBe(main.hosts)
  main.removeHost('a')
  expect(main.hosts['a']).toBeUndefined()
  expect('toString' in main.hosts).toBe(false)
  const names = ['zone', '7', 'api']
  for (const name of names) await balancer.addService(name)
  expect(balancer.serviceList.map(({ name }) => name)).toEqual(['web', ...names])
})

test('a record that somebody kept is as it was', async () => {
  const { balancer } = await followedBalancer()
  const main = balancer.service('web').group('main')
  const { hosts } = main
  main.removeHost('a')
  expect(Object.keys(hosts)).toEqual(['a', 'b', 'c'])
})

test('an engine counts by plain assignment, and nothing can be put beside or over the figures', () => {
  const counters = new Counters()
  counters.open++
  expect(() => Object.defineProperty(counters, 'open', { value: 7 })).toThrow(TypeError)
  expect(() => Object.assign(Counters.prototype, { opne: 7 })).toThrow(TypeError)
  expect(counters.toJSON()).toMatchObject({ open: 1 })
})

test('services are listed by the balancer with what is in them', async () => {
  const { balancer } = await followedBalancer()
  const other: Service = await balancer.addService('dns')
  other.addGroup('all').addHost('x', '10.0.0.1:53')
  const paths = (list: readonly { path: string }[]) => list.map(({ path }) => path)
  expect(paths(balancer.groupList)).toEqual(['web/main', 'web/spare', 'dns/all'])
  expect(paths(balancer.hostList)).toEqual([
    'web/main/a',
    'web/main/b',
    'web/main/c',
    'web/spare/s',
    'dns/all/x',
  ])
  expect(paths(balancer.listenerList)).toEqual(['web/listen/127.0.0.1:8080'])
})

function errorOf(attempt: () => unknown): Error | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    return error as Error
  }
}
