// What /metrics gives: of which objects, under which labels, how often it is computed, and in how many turns.
import { beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { Host } from '../../../src/model/host.ts'
import { Listener } from '../../../src/model/listener.ts'
import { Metrics } from '../../../src/web/metrics/metrics.ts'
import { isLabelled, samplesIn, valueIn } from '../../helpers/exposition.ts'
import { createStubProcess, type StubProcess } from '../../helpers/stub-process.ts'

const A = { service: 'web', group: 'main', host: 'a' }

let process: StubProcess
let now = 0

beforeEach(async () => {
  process = await createStubProcess()
  now = 0
})

const bodyOf = async (metrics = new Metrics(process)) => (await metrics.text()).body
const hostA = () => process.balancer.service('web').group('main').host('a')

describe('what is told', () => {
  test('of a host: what is wanted of it, what was seen of it, and what it carries', async () => {
    const host = hostA()
    host.weight = 7
    host.maxSessions = 5
    host.drain()
    host.setHealth('down', 'connection refused')
    const counters = { open: 1, total: 2, failed: 3, bytesFromClient: 40, bytesFromHost: 50 }
    Object.assign(Host.countersOf(host), counters)
    const body = await bodyOf()
    const figure = (name: string, labels = {}) => valueIn(body, name, { ...A, ...labels })
    expect(figure('sluice_host_intent', { intent: 'draining' })).toBe(1)
    expect(figure('sluice_host_intent', { intent: 'enabled' })).toBe(0)
    expect(figure('sluice_host_health', { health: 'down' })).toBe(1)
    expect(figure('sluice_host_health', { health: 'unknown' })).toBe(0)
    expect(figure('sluice_host_ready')).toBe(0)
    expect(figure('sluice_host_weight')).toBe(7)
    expect(figure('sluice_host_sessions_max')).toBe(5)
    expect(figure('sluice_host_sessions_open')).toBe(1)
    expect(figure('sluice_host_sessions_total')).toBe(2)
    expect(figure('sluice_host_connects_failed_total')).toBe(3)
    expect(figure('sluice_host_bytes_total', { from: 'client' })).toBe(40)
    expect(figure('sluice_host_bytes_total', { from: 'host' })).toBe(50)
  })

  test('of a group whose hosts are all down: PANIC', async () => {
    const main = { service: 'web', group: 'main' }
    expect(valueIn(await bodyOf(), 'sluice_group_panic', main)).toBe(0)
    for (const host of process.balancer.service('web').group('main').hostList)
      host.setHealth('down', 'no answer')
    const body = await bodyOf()
    expect(valueIn(body, 'sluice_group_panic', main)).toBe(1)
    expect(valueIn(body, 'sluice_group_hosts', main)).toBe(3)
    expect(valueIn(body, 'sluice_group_hosts_ready', main)).toBe(0)
    expect(valueIn(body, 'sluice_service_hosts_ready', { service: 'web' })).toBe(0)
  })

  test('of the configuration: what is not in the file, and who has a candidate', async () => {
    process.state = { ...process.state, unsaved: 'the disk is full', revision: 41 }
    await process.candidates.begin('alice')
    const body = await bodyOf()
    expect(valueIn(body, 'sluice_config_unsaved')).toBe(1)
    expect(valueIn(body, 'sluice_config_revision')).toBe(41)
    expect(valueIn(body, 'sluice_config_candidates')).toBe(1)
    expect(valueIn(body, 'sluice_config_conflicts')).toBe(1)
    expect(valueIn(body, 'sluice_config_commit_pending')).toBe(0)
    expect(valueIn(body, 'sluice_audit_writable')).toBe(1)
  })

  test('of two checks that are called the same: both', async () => {
    const totals = { good: 5, bad: 4, blind: 3 }
    const basics = { check: 'http /', good: 1, bad: 0, rise: 2, fall: 3, nextMs: 1, results: [] }
    const look = { ...basics, totals }
    const checksOf = () => [look, { ...look, good: 2 }, { ...look, check: 'clients', bad: 9 }]
    const body = await bodyOf(new Metrics({ ...process, checksOf }))
    const found = samplesIn(body).filter((sample) => isLabelled(sample, A))
    const rows = found.filter(({ name }) => name === 'sluice_check_good_in_a_row')
    const said = rows.map(({ labels, value }) => [labels['check'], value])
    expect(said).toEqual([
      ['http /', 1],
      ['http / (2)', 2],
    ])
    const second = { ...A, check: 'http / (2)' }
    const results = Object.keys(totals).map((result) => {
      return [result, valueIn(body, 'sluice_check_results_total', { ...second, result })]
    })
    expect(Object.fromEntries(results)).toEqual(totals)
    // Of none is a result known.
    expect(found.filter(({ name }) => name.startsWith('sluice_check_last'))).toEqual([])
  })

  test('what was removed is gone, and what was renamed is there once', async () => {
    const metrics = new Metrics(process, () => (now += LIMITS.webMetricsFreshMs))
    expect(await bodyOf(metrics)).toContain('host="c"')
    const main = process.balancer.service('web').group('main')
    main.removeHost('c')
    main.renameHost('b', 'z')
    const body = await bodyOf(metrics)
    expect(body).not.toContain('host="c"')
    expect(body).not.toContain('host="b"')
    expect(valueIn(body, 'sluice_host_weight', { host: 'z' })).toBe(1)
    await process.balancer.removeService('web')
    expect(await bodyOf(metrics)).not.toContain('service="web"')
  })
})

describe('labels', () => {
  test.each(['a "quoted" one', String.raw`back\slash\n`, 'größer 日本 🚰', "o'hara {}=,"])(
    'say the name %j as it is',
    async (name) => {
      process.balancer.renameService('web', name)
      const body = await bodyOf()
      expect(valueIn(body, 'sluice_service_paused', { service: name })).toBe(0)
      expect(valueIn(body, 'sluice_host_weight', { service: name, host: 'a' })).toBe(1)
    },
  )

  test('never say what a client or a host said', async () => {
    hostA().setHealth('down', 'it said: <b>hello</b>')
    process.state = { ...process.state, unsaved: 'secret reason' }
    const rows = [{ id: 1, operator: 'mallory', role: 'full', address: '192.0.2.66' }] as const
    const login = { ...rows[0], how: 'password', channels: [], since: 0, active: 0 }
    const operators = { ...process.operators, list: () => [login] }
    const body = await bodyOf(new Metrics({ ...process, operators }))
    expect(body).not.toMatch(/hello|secret|mallory|192\.0\.2/)
    expect(valueIn(body, 'sluice_operators_logged_in', { role: 'full' })).toBe(1)
    expect(valueIn(body, 'sluice_operators_logged_in', { role: 'operate' })).toBe(0)
  })
})

describe('counters of a service', () => {
  const web = { service: 'web' }
  const total = async (metrics: Metrics) => {
    return valueIn(await bodyOf(metrics), 'sluice_service_sessions_total', web)
  }
  const listenerAt = (address: string) => {
    return Listener.countersOf(process.balancer.service('web').listener(address))
  }

  test('never fall, whatever becomes of its listeners', async () => {
    const metrics = new Metrics(process, () => (now += LIMITS.webMetricsFreshMs))
    const service = process.balancer.service('web')
    const second = await service.listen('127.0.0.1:8081')
    listenerAt('127.0.0.1:8080').total = 10
    listenerAt(second.address).total = 100
    expect(await total(metrics)).toBe(110)
    await service.closeListener('127.0.0.1:8080')
    expect(await total(metrics)).toBe(110)
    listenerAt(second.address).total = 105
    expect(await total(metrics)).toBe(115)
    await service.listen('127.0.0.1:8080')
    listenerAt('127.0.0.1:8080').total = 1
    expect(await total(metrics)).toBe(116)
  })

  test('count what still ends at a listener that is closed, and once where it comes back', async () => {
    const metrics = new Metrics(process, () => (now += LIMITS.webMetricsFreshMs))
    const service = process.balancer.service('web')
    const counters = listenerAt('127.0.0.1:8080')
    Object.assign(counters, { open: 2, total: 2, bytesFromHost: 0 })
    expect(await total(metrics)).toBe(2)
    await service.closeListener('127.0.0.1:8080')
    Object.assign(counters, { open: 1, bytesFromHost: 500 })
    const closed = await bodyOf(metrics)
    const bytes = { ...web, from: 'host' }
    expect(valueIn(closed, 'sluice_service_bytes_total', bytes)).toBe(500)
    expect(valueIn(closed, 'sluice_service_sessions_open', web)).toBe(1)
    await service.listen('127.0.0.1:8080')
    listenerAt('127.0.0.1:8080').total++
    expect(await total(metrics)).toBe(3)
    expect(valueIn(await bodyOf(metrics), 'sluice_service_bytes_total', bytes)).toBe(500)
  })
})

describe('how often it is computed', () => {
  test('once for all who ask at the same time', async () => {
    const metrics = new Metrics(process)
    const [first, second] = await Promise.all([metrics.text(), metrics.text()])
    expect(second).toBe(first)
  })

  test('again when the last answer is old, or was forgotten', async () => {
    const metrics = new Metrics(process, () => now)
    const first = await metrics.text()
    now = LIMITS.webMetricsFreshMs - 1
    expect(await metrics.text()).toBe(first)
    now++
    const second = await metrics.text()
    expect(second).not.toBe(first)
    metrics.stop()
    expect(await metrics.text()).not.toBe(second)
  })

  test('again after one that failed', async () => {
    let fails = true
    const checksOf: StubProcess['checksOf'] = () => {
      if (fails) throw new Error('of a test')
      return []
    }
    const metrics = new Metrics({ ...process, checksOf })
    await expect(metrics.text()).rejects.toThrow('of a test')
    fails = false
    expect((await metrics.text()).body).toContain('sluice_host_weight')
  })
})

describe('many hosts', () => {
  const HOSTS = 3 * LIMITS.webMetricsAtOnce

  beforeEach(() => {
    const many = process.balancer.service('web').addGroup('many')
    for (let host = 0; host < HOSTS; host++) many.addHost(`h${host}`, '10.0.0.1:80')
  })

  test('are all there, under one head', async () => {
    const lines = (await bodyOf()).split('\n')
    expect(lines.filter((line) => line.includes('sluice_host_weight '))).toEqual([
      '# HELP sluice_host_weight Its share of new sessions.',
      '# TYPE sluice_host_weight gauge',
    ])
    const weights = lines.filter((line) => line.startsWith('sluice_host_weight{'))
    expect(new Set(weights).size).toBe(HOSTS + 4)
    expect(lines.filter((line) => line === '')).toEqual([''])
  })
})
