// What is told of how sessions ended and how long they took.
import { expect, test } from 'vitest'
import { CLOSE_REASONS, type CloseReason } from '../../../src/base/close-reasons.ts'
import {
  CONNECT_BOUNDS_MS,
  SESSION_BOUNDS_MS,
  type ServiceFigures,
} from '../../../src/model/service-figures.ts'
import { Metrics } from '../../../src/web/metrics/metrics.ts'
import { samplesIn, valueIn } from '../../helpers/exposition.ts'
import { createStubProcess } from '../../helpers/stub-process.ts'

const REASONS = Object.keys(CLOSE_REASONS) as CloseReason[]
const WEB = { service: 'web' }

/** The first reason once, the second one twice …; one connect in each bucket, and two sessions. */
const FIGURES: ServiceFigures = {
  ends: Object.fromEntries(REASONS.map((reason, index) => [reason, index + 1])) as never,
  connect: { counts: Array.from({ length: CONNECT_BOUNDS_MS.length + 1 }, () => 1), sumMs: 12_345 },
  session: { counts: SESSION_BOUNDS_MS.map(() => 2).concat(0), sumMs: 0 },
}

async function bodyWith(figures: ServiceFigures): Promise<string> {
  const process = await createStubProcess()
  process.figures = { web: figures }
  return (await new Metrics(process).text()).body
}

test('every reason is there, also one that never was', async () => {
  const body = await bodyWith({ ...FIGURES, ends: { ...FIGURES.ends, idle: 0 } })
  for (const [index, reason] of REASONS.entries()) {
    const value = valueIn(body, 'sluice_service_session_ends_total', { ...WEB, reason })
    expect([reason, value]).toEqual([reason, reason === 'idle' ? 0 : index + 1])
  }
})

test('buckets count what is in the smaller ones, in seconds', async () => {
  const body = await bodyWith(FIGURES)
  const name = 'sluice_service_connect_seconds'
  const buckets = samplesIn(body).filter((sample) => sample.name === `${name}_bucket`)
  const bounds = buckets.map(({ labels }) => labels['le'])
  expect(bounds).toEqual([...CONNECT_BOUNDS_MS.map((ms) => String(ms / 1_000)), '+Inf'])
  expect(buckets.map(({ value }) => value)).toEqual(bounds.map((_, index) => index + 1))
  expect(valueIn(body, `${name}_sum`, WEB)).toBe(12.345)
  expect(valueIn(body, `${name}_count`, WEB)).toBe(CONNECT_BOUNDS_MS.length + 1)
  const sessions = 'sluice_service_session_seconds'
  expect(valueIn(body, `${sessions}_count`, WEB)).toBe(2 * SESSION_BOUNDS_MS.length)
})

test('a service that no engine serves has no such series', async () => {
  const body = await bodyWith(FIGURES)
  const name = 'sluice_service_session_ends_total'
  const services = samplesIn(body).filter((sample) => sample.name === name)
  expect(new Set(services.map(({ labels }) => labels['service']))).toEqual(new Set(['web']))
  expect(valueIn(body, 'sluice_service_paused', { service: 'mail' })).toBe(0)
})
