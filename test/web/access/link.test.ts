// `web link`: an operator with a key alone asks for it over ssh and is at the page, logged in; and nobody else is by it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runLine } from '../../../src/commands/run.ts'
import { freePort } from '../../helpers/free-port.ts'
import { type RunningSluice, startRunningSluice } from '../../helpers/running-sluice.ts'
import { ssh } from '../../helpers/ssh-client.ts'
import { contextOf, createStubProcess } from '../../helpers/stub-process.ts'
import { tunnelling, visit } from '../../helpers/tunnels.ts'
import { logInTo, WebClient } from '../../helpers/web-client.ts'

let sluice: RunningSluice

beforeAll(async () => {
  sluice = await startRunningSluice({ web: await freePort() })
})

afterAll(() => sluice.stop())

const linkOf = async (role: 'readonly' | 'operate' | 'full') => {
  const { status, out, err } = await ssh(sluice.target(role), ['web link --json'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  const { url, expires } = JSON.parse(out) as { url: string; expires: string }
  const [page = '', code = ''] = url.split('/#link=')
  return { page, code, expires }
}

test('who asks over ssh gets in once, as who he is', async () => {
  const { page, code, expires } = await linkOf('operate')
  expect(page).toBe(sluice.sluice.web?.url)
  expect(code).toMatch(/^[\w-]{43}$/)
  expect(Date.parse(expires) - Date.now()).toBeGreaterThan(30_000)
  const { client, me } = await logInTo(page, { link: code })
  expect(me).toMatchObject({ operator: 'operate', role: 'operate' })
  expect((await client.get('/api/v1/me')).body).toEqual(me)
  const listed = await ssh(sluice.target('full'), ['show operators --json'])
  expect(JSON.parse(listed.out)).toContainEqual(
    expect.objectContaining({ id: me.login, operator: 'operate', how: 'link' }),
  )
  const again = await new WebClient(page).post('/api/v1/login', { link: code })
  expect(again).toMatchObject({ status: 401, body: { code: 'NOT_LOGGED_IN' } })
  for (const name of ['audit.jsonl', 'sluice.log'])
    expect(readFileSync(join(sluice.folder, name), 'utf8')).not.toContain(code)
})

test('people read the address and one sentence', async () => {
  const { out } = await ssh(sluice.target('readonly'), ['web link'])
  const [url = '', sentence, ...rest] = out.split('\n')
  expect(url.startsWith(`${sluice.sluice.web?.url}/#link=`)).toBe(true)
  expect(sentence).toMatch(/^it lets you in once, within 1m; from elsewhere come through: ssh -L /)
  expect(rest).toEqual([''])
})

test('from afar the page is reached through ssh, and is a page like any other there', async () => {
  const [{ code }, port] = [await linkOf('full'), await freePort()]
  const there = new URL(sluice.sluice.web?.url ?? '').port
  tunnelling(sluice.target('full'), ['-L', `${port}:localhost:${there}`])
  ;(await visit(port)).destroy()
  const page = `http://localhost:${port}`
  const { client, me } = await logInTo(page, { link: code })
  expect(me).toMatchObject({ operator: 'full', login: expect.any(Number) })
  const own = { origin: page, 'sec-fetch-site': 'same-origin' }
  expect((await client.post('/api/v1/logout', undefined, own)).status).toBe(204)
})

test('logged out over ssh by another operator, the page is out', async () => {
  const { page, code } = await linkOf('readonly')
  const { client, me } = await logInTo(page, { link: code })
  expect((await ssh(sluice.target('full'), [`logout ${me.login}`])).status).toBe(0)
  expect((await client.get('/api/v1/me')).status).toBe(401)
})

test('a link does not outlive the operator who asked for it', async () => {
  const { page, code } = await linkOf('readonly')
  const { balancer } = sluice.sluice.core
  const before = balancer.users
  balancer.setUsers(before.filter(({ name }) => name !== 'readonly'))
  expect((await new WebClient(page).post('/api/v1/login', { link: code })).status).toBe(401)
  balancer.setUsers(before)
  expect((await new WebClient(page).post('/api/v1/login', { link: code })).status).toBe(401)
})

test('a token that is called like an operator gets none, and without a page there is none', async () => {
  const process = await createStubProcess()
  const asked = { ...contextOf(process), operator: 'alice' }
  expect(await runLine('web link', { ...asked, login: 0 })).toMatchObject({ exit: 4, out: '' })
  const without = { ...asked, process: { ...process, webLink: () => undefined } }
  const { exit, err } = await runLine('web link', without)
  expect(exit).toBe(1)
  expect(err).toContain('set setting web enable true')
})
