// A page whose line is lost: it says so, tries again by itself, and shows what happened meanwhile without a reload.
import { beforeAll, expect, test } from 'vitest'
import { cuttableLine, type CuttableLine } from '../../helpers/cuttable-line.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf, startAgain } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'

let walk: Walk
let line: CuttableLine
let steady: SteadyClients

beforeAll(async () => {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  walk = await startWalk({ services: serviceOf('web', [a ?? '', b ?? '']) })
  line = await cuttableLine(Number(new URL(walk.sluice.webUrl).port))
  walk.url = `http://127.0.0.1:${line.port}`
  steady = await steadyClients(walk.sluice.addressOf('web'), 2)
  await walk.logIn()
})

const LOST = 'The connection is lost'
const FAULTS = /ERR_(?:CONNECTION_|SOCKET_|EMPTY_RESPONSE|INCOMPLETE_CHUNKED)/
const banner = () => walk.page.locator('.banner', { hasText: LOST })
const live = () => walk.page.locator('.live')

test('a line that is cut is told, and what changed meanwhile is there when it is back', async () => {
  await walk.go('/services/web', 'web')
  const slider = walk.host('web/main/a').getByRole('slider')
  await slider.waitFor()
  line.cut()
  await banner().waitFor()
  await walk.shows(live(), 'not live')
  await walk.sluice.command('set host web/main/a weight 2')
  await walk.press('Disable', walk.host('web/main/b'))
  await walk.shows(walk.dialog, 'Sluice does not answer')
  await walk.press('Cancel', walk.dialog)
  line.mend()
  await walk.soon(() => slider.inputValue()).toBe('2')
  await banner().waitFor({ state: 'hidden' })
  await walk.shows(live(), /sessions/)
  // And it is live again.
  await walk.sluice.command('set host web/main/a weight 3')
  await walk.soon(() => slider.inputValue()).toBe('3')
  await steady.expectUncut()
  walk.browser.expectNoFaults(FAULTS)
})

test('a balancer that stops says so first; when it is back, the page leads to the log-in', async () => {
  await walk.go('/', 'Overview')
  steady.clients.forEach(({ socket }) => socket.destroy())
  await walk.sluice.stop()
  await walk.notice(/stop/).first().waitFor()
  await banner().waitFor()
  const again = await startAgain(walk.sluice.folder)
  line.mend(Number(new URL(again.webUrl).port))
  // Log-ins do not outlive the process.
  await walk.heading('Log in').waitFor()
  const [, code = ''] = /#(link=\S+)/.exec(await again.command('web link')) ?? []
  await walk.page.goto(`${walk.url}/#${code}`)
  await walk.heading('Overview').waitFor()
  await walk.shows(live(), /session/)
  expect(await banner().count()).toBe(0)
  walk.browser.expectNoFaults(FAULTS, /status of 401/)
  await again.stop()
})
