// Operators in a real browser: users, keys and tokens made, changed and removed, log-ins ended; and what each of them lets in
// afterwards.
import { beforeAll, expect, test } from 'vitest'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { makeClientKey, ssh } from '../../helpers/ssh-client.ts'
import { sshWithPassword } from '../../helpers/ssh-password.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { logInTo, WebClient } from '../../helpers/web-client.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const [host] = await echoHosts(1)
  walk = await startWalk({
    services: serviceOf('web', [host?.address ?? '']),
    users: '<user name="bob" access="operate" />',
  })
  steady = await steadyClients(walk.sluice.addressOf('web'), 2)
  await walk.logIn()
  await walk.go('/operators', 'Operators')
})

const rowOf = (user: string | RegExp) =>
  walk.row(user, walk.page.getByRole('region', { name: 'Operators', exact: true }))

/** What `user` is answered over ssh. */
const asks = (user: string, key: string) =>
  ssh({ ...walk.sluice.target, user, key }, ['show version'])

test('an operator is added with a password and a key, changed, and removed', async () => {
  const key = makeClientKey(walk.sluice.folder, 'carol-key')
  await walk.press('Add an operator …')
  await walk.field('Name', walk.dialog).fill('bob')
  await walk.shows(walk.dialog, 'there is already bob')
  await walk.field('Name', walk.dialog).fill('carol')
  await walk.field('Role', walk.dialog).selectOption('operate')
  await walk.field('Password', walk.dialog).fill('battery staple')
  await walk.field('Public keys', walk.dialog).fill('no key at all')
  await walk.press('Add', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), /key/)
  await walk.press('Cancel', walk.dialog)
  await walk.shows(rowOf('carol'), /operate.*set/)
  const { folder, port } = walk.sluice.target
  expect(await sshWithPassword({ folder, port, user: 'carol' }, 'battery staple')).toMatchObject({
    status: 0,
  })

  await walk.press('Add a key …')
  await walk.field('Operator', walk.dialog).fill('carol')
  await walk.field('Public keys', walk.dialog).fill(key.line)
  await walk.confirm('Add')
  await walk.row('carol-key').waitFor()
  expect(await asks('carol', key.file)).toMatchObject({ status: 0 })

  await walk.press('Change carol')
  await walk.field('Role', walk.dialog).selectOption('readonly')
  await walk.field('Asked for at log-in', walk.dialog).selectOption('publickey')
  await walk.confirm('Change')
  await walk.shows(rowOf('carol'), /readonly.*publickey/)
  expect(await sshWithPassword({ folder, port, user: 'carol' }, 'battery staple')).toMatchObject({
    status: 255,
  })

  await walk.press('Remove key 1 of carol')
  await walk.shows(walk.dialog, /carol gets in no more with SHA256:/)
  await walk.page.getByLabel('Even where that locks me out, or everybody').check()
  await walk.confirm('Remove the key')
  expect(await asks('carol', key.file)).toMatchObject({ status: 255 })
  await walk.shows(rowOf('carol'), /publickeyset0/)
  await walk.press('Remove carol')
  await walk.shows(walk.dialog, 'carol can log in no more, with 0 keys and any password.')
  await walk.confirm('Remove the operator')
  await rowOf('carol').waitFor({ state: 'hidden' })
})

test('who would lock himself out is asked whether it is meant', async () => {
  await walk.press('Remove op')
  await walk.press('Remove the operator', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), 'nobody would be left with role full')
  await walk.press('Cancel', walk.dialog)
  await rowOf(/^op/).waitFor()
})

test('a token is shown once, lets its program in, and is revoked', async () => {
  await walk.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await walk.press('Make a token …')
  await walk.field('Name', walk.dialog).fill('deploy')
  await walk.field('Role', walk.dialog).selectOption('operate')
  await walk.field('Expires', walk.dialog).fill('some day')
  await walk.shows(walk.dialog, 'a time from now')
  await walk.field('Expires', walk.dialog).fill('30d')
  await walk.press('Make it', walk.dialog)
  const token = (await walk.page.getByLabel('The token', { exact: true }).innerText()).trim()
  expect(token).toMatch(/^sluice_/)
  // It is shown until somebody says that they have it.
  await walk.page.keyboard.press('Escape')
  await walk.page.getByLabel('The token', { exact: true }).waitFor()
  await walk.press('Copy', walk.dialog)
  await walk.notice(/cop/i).first().waitFor()
  await walk.confirm('I have it')
  expect(await walk.page.content()).not.toContain(token)
  const program = new WebClient(walk.sluice.webUrl, { authorization: `Bearer ${token}` })
  expect((await program.get('/api/v1/services')).status).toBe(200)
  await walk.shows(walk.row('deploy'), /operate.*expires in (?:29|30) days/)
  await walk.press('Revoke deploy')
  await walk.confirm('Revoke it')
  await walk.row('deploy').waitFor({ state: 'hidden' })
  expect((await program.get('/api/v1/services')).status).toBe(401)
  expect(JSON.stringify([walk.sluice.logged(), walk.sluice.config])).not.toContain(token)
})

test('log-ins are listed as they come, and ended', async () => {
  const [, link = ''] = /#link=(\S+)/.exec(await walk.command('bob', 'web link')) ?? []
  await logInTo(walk.sluice.webUrl, { link })
  const logins = walk.page.getByRole('region', { name: 'Log-ins' })
  await walk.shows(walk.row('this page', logins), 'op')
  // Not the one over ssh, which got the link and is over by now.
  const bob = walk.row(/bob.*link/, logins)
  await bob.getByRole('button').click()
  await walk.shows(walk.dialog, /bob is told by whom and may log in again/)
  await walk.confirm('Log out')
  await bob.waitFor({ state: 'hidden' })
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED.operators, /status of (?:409|422)/)
})
