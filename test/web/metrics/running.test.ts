// The metrics of a balancer that carries traffic: what Prometheus says of them, and whether they are what commands say.
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Group } from '../../../src/model/group.ts'
import { Metrics } from '../../../src/web/metrics/metrics.ts'
import { answersIn } from '../../helpers/answers.ts'
import { connectTo, exchange } from '../../helpers/clients.ts'
import { eventually } from '../../helpers/eventually.ts'
import { samplesIn, valueIn } from '../../helpers/exposition.ts'
import { echoHost, refusingAddress, type TestHost } from '../../helpers/hosts.ts'
import { pathOf } from '../../helpers/programs.ts'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { contextOf } from '../../helpers/stub-process.ts'

let running: RunningSluice
let host: TestHost
let group: Group
let door = ''

beforeEach(async () => {
  host = await echoHost()
  running = await startRunningSluice()
  const web = running.sluice.core.balancer.service('web')
  group = web.group('main')
  group.scheduler = 'roundrobin'
  group.host('a').address = host.address
  group.host('b').address = await refusingAddress()
  group.checks = [{ type: 'tcp', intervalMs: 100 }]
  door = (await web.listen('127.0.0.1:0')).bound
})

afterEach(async () => {
  await running.stop()
  await host.close()
})

test('promtool finds nothing to complain of, and figures are those of the commands', async () => {
  const { process } = running.sluice
  await eventually(() => group.host('b').health === 'down', 'the check finds b down')
  for (let session = 0; session < 20; session++) expect(await exchange(door, 'hello')).toBe('hello')
  const client = await connectTo(door)
  await eventually(() => group.host('a').counters.total === 21, 'one session is open')
  await eventually(() => group.host('a').counters.bytesFromHost === 100, 'all bytes are counted')
  const { body, contentType } = await new Metrics(process).text()
  expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')

  const { status, stdout, stderr } = spawnSync(pathOf('promtool'), ['check', 'metrics'], {
    input: body,
    encoding: 'utf8',
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(samplesIn(body).filter(({ value }) => Number.isNaN(value))).toEqual([])

  const { jsonOf } = answersIn(() => contextOf(process))
  const hosts = (await jsonOf('show hosts')) as readonly Record<string, unknown>[]
  expect(hosts.map(({ name }) => name)).toEqual(['a', 'b'])
  for (const row of hosts) {
    const labels = { service: 'web', group: 'main', host: String(row['name']) }
    const figure = (name: string, more = {}) => valueIn(body, name, { ...labels, ...more })
    expect(figure('sluice_host_sessions_open')).toBe(row['open'])
    expect(figure('sluice_host_sessions_total')).toBe(row['total'])
    expect(figure('sluice_host_connects_failed_total')).toBe(row['failed'])
    expect(figure('sluice_host_weight')).toBe(row['weight'])
    expect(figure('sluice_host_ready')).toBe(Number(row['ready']))
    expect(figure('sluice_host_health', { health: row['health'] })).toBe(1)
    expect(figure('sluice_host_intent', { intent: row['intent'] })).toBe(1)
  }
  const [service] = (await jsonOf('show services')) as readonly Record<string, unknown>[]
  const web = { service: 'web' }
  expect(valueIn(body, 'sluice_service_sessions_total', web)).toBe(service?.['total'])
  expect(valueIn(body, 'sluice_service_sessions_total', web)).toBe(21)
  expect(valueIn(body, 'sluice_service_bytes_total', { ...web, from: 'client' })).toBe(100)
  const ends = 'sluice_service_session_ends_total'
  expect(valueIn(body, ends, { ...web, reason: 'done' })).toBe(20)
  expect(valueIn(body, ends, { ...web, reason: 'no-host' })).toBe(0)
  expect(valueIn(body, 'sluice_service_connect_seconds_count', web)).toBe(21)
  expect(valueIn(body, 'sluice_service_session_seconds_count', web)).toBe(20)
  expect(valueIn(body, 'sluice_sessions_open')).toBe(1)
  const check = { service: 'web', host: 'b', check: 'tcp' }
  expect(valueIn(body, 'sluice_check_good_in_a_row', check)).toBe(0)
  const results = 'sluice_check_results_total'
  expect(valueIn(body, results, { ...check, result: 'bad' })).toBeGreaterThanOrEqual(3)
  expect(valueIn(body, results, { ...check, result: 'good' })).toBe(0)
  expect(valueIn(body, results, { ...check, host: 'a', result: 'good' })).toBeGreaterThan(0)
  expect(valueIn(body, 'sluice_check_last_timestamp_seconds', check)).toBeGreaterThan(1e9)
  expect(valueIn(body, 'sluice_check_last_duration_seconds', check)).toBeGreaterThanOrEqual(0)
  expect(valueIn(body, 'process_open_fds')).toBeGreaterThan(5)
  expect(valueIn(body, 'process_cpu_seconds_total')).toBeGreaterThan(0)
  client.socket.destroy()
  await client.closed()
})

test('a save counts as a revision', async () => {
  const { process } = running.sluice
  const revisionNow = async () => {
    const { body } = await new Metrics(process).text()
    return valueIn(body, 'sluice_config_revision')
  }
  const before = await revisionNow()
  const { revision } = await process.save({ force: false, comment: '' })
  expect(revision).toBeGreaterThan(before)
  expect(await revisionNow()).toBe(revision)
})
