// Who may read /metrics, and what comes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningWeb, startWeb } from '../../helpers/web-server.ts'

let web: RunningWeb

beforeAll(async () => {
  web = await startWeb()
})

afterAll(() => web.stop())

test('a stranger is asked who he is', async () => {
  const answer = await web.stranger.get('/metrics')
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('sluice_')
})

test('a program with a token of the least role reads them', async () => {
  const answer = await web.bearer('readonly').get('/metrics')
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(answer.text).toContain('sluice_host_sessions_open{service="web"')
})

test('everybody reads them where the configuration says so, at once', async () => {
  web.balancer.configure('web', { metrics: 'open' })
  expect((await web.stranger.get('/metrics')).status).toBe(200)
  web.balancer.configure('web', { metrics: 'token' })
  expect((await web.stranger.get('/metrics')).status).toBe(401)
})
