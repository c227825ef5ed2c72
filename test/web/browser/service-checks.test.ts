// The checks of a group in a real browser: added, changed and removed, with what they see coming by itself; and what is called
// otherwise or stands at another place.
import { beforeAll, expect, test } from 'vitest'
import { answeringHost, type AnsweringHost, httpAnswer } from '../../helpers/answering-host.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { whenOver } from '../../helpers/when-over.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let host: AnsweringHost
let steady: SteadyClients

beforeAll(async () => {
  host = await answeringHost(httpAnswer(200, 'fine'))
  whenOver(() => host.close())
  const [other, echo] = (await echoHosts(2)).map(({ address }) => address)
  walk = await startWalk({
    services: serviceOf('web', [host.address, other ?? '']) + serviceOf('mail', [echo ?? '']),
  })
  steady = await steadyClients(walk.sluice.addressOf('mail'), 2)
  await walk.logIn()
  await walk.go('/services/web', 'web')
})

const group = (name: string) => walk.row(name, walk.section('Groups of web'))
const checks = async () =>
  (await walk.sluice.show<{ path: string; checks: unknown[] }>('groups')).find(
    ({ path }) => path === 'web/main',
  )?.checks

test('a check is added, sees what it sees, is changed and removed', async () => {
  await walk.press(/^Checks/, group('main'))
  await walk.shows(walk.dialog, 'No check looks at the hosts of main.')
  await walk.press('Add a check', walk.dialog)
  await walk.field('How it looks', walk.dialog).selectOption('http')
  await walk.field('Every', walk.dialog).fill('often')
  await walk.press('Add the check', walk.dialog)
  await walk.shows(walk.dialog, /often/)
  await walk.field('Every', walk.dialog).fill('1s')
  await walk.confirm('Add the check')
  await walk.soon(checks).toMatchObject([{ type: 'http', intervalMs: 1_000 }])
  await walk.shows(walk.host('web/main/a'), /up/)
  host.answer = httpAnswer(503)
  await walk.shows(walk.host('web/main/a'), /down.*503/)
  host.answer = httpAnswer(200)
  await walk.shows(walk.host('web/main/a'), /up/)

  await walk.press('Read again', walk.dialog)
  await walk.dialog
    .getByRole('img', { name: /looks?, \d+ bad/ })
    .first()
    .waitFor()
  await walk.press('Settings', walk.dialog)
  await walk.field('Every', walk.dialog).fill('2s')
  await walk.press('Set', walk.dialog)
  await walk.soon(checks).toMatchObject([{ intervalMs: 2_000 }])
  await walk.press('Close', walk.dialog)
  await walk.shows(walk.dialog, /every 2s/)
  await walk.press('Remove', walk.dialog)
  await walk.confirm('Remove the check')
  await walk.soon(checks).toEqual([])
  await walk.shows(walk.dialog, 'No check looks at the hosts of main.')
  await walk.press('Close', walk.dialog)
})

test('a host stands at another place of its group', async () => {
  const order = async () =>
    (await walk.sluice.show<{ name: string }>('hosts web/main')).map(({ name }) => name)
  expect(await order()).toEqual(['a', 'b'])
  await walk.host('web/main/b').locator('.name-button').click()
  await walk.press('Move', walk.dialog)
  await walk.field('In front of', walk.dialog).selectOption('a')
  await walk.confirm('Move the host')
  await walk.soon(order).toEqual(['b', 'a'])
  await walk.press('Close', walk.dialog)
  await walk.shows(walk.section('Hosts of web/main').locator('tbody tr').first(), /^b/)
})

test('a group and a service are called otherwise, and their sessions go on', async () => {
  const stays = await steadyClients(walk.sluice.addressOf('mail'), 1)
  await walk.go('/services/mail', 'mail')
  await walk.press('Settings', walk.section('Groups of mail'))
  await walk.press('Rename', walk.dialog)
  await walk.field('New name', walk.dialog).fill('day')
  await walk.confirm('Rename the group')
  await walk.runs('groups', 'mail/day', { enabled: true })
  await walk.row('day', walk.section('Groups of mail')).waitFor()
  await walk.press('Rename', walk.page.locator('.page-head'))
  await walk.field('New name', walk.dialog).fill('post')
  await walk.confirm('Rename the service')
  await walk.heading('post').waitFor()
  await walk.runs('services', 'post', { open: 3 })
  await stays.expectUncut()
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED['service-checks'], /status of (?:409|422)/)
})
