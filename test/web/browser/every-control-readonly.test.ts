// Every control that an operator who may only look finds on the page, in a real browser as narrow as a phone: each is used,
// does something, and asks the server for nothing but looks.
import { beforeAll, expect, test } from 'vitest'
import type { Crawl } from '../../helpers/page-crawl.ts'
import type { Walk } from '../../helpers/page-walk.ts'
import { steadyClients } from '../../helpers/steady-clients.ts'
import { FRAME, PASSWORD, startPressing } from './pressed.ts'

const PLACES = [
  ['/', 'Overview'],
  ['/services/web', 'web'],
  ['/sessions', 'Sessions'],
  ['/config', 'Configuration'],
  ['/config/history/1', 'Revision 1'],
  ['/audit', 'Audit'],
  ['/log', 'Log'],
  ['/jobs', 'Jobs'],
  ['/operators', 'Operators'],
] as const

const ENOUGH_MS = 60_000

let walk: Walk
let crawl: Crawl

beforeAll(async () => {
  const pressed = await startPressing(/^header > button Log out/, { width: 390, height: 800 })
  walk = pressed.walk
  crawl = pressed.crawl
  await steadyClients(walk.sluice.addressOf('web'), 5)
  await walk.sluice.command('set host web/prime/north weight 2')
  await walk.sluice.command('save')
  await walk.sluice.command('set host web/prime/north weight 3')
  await walk.logInWith('rita', PASSWORD)
})

test('all that can be pressed is pressed, on every view', { timeout: ENOUGH_MS }, async () => {
  for (const [place, title] of PLACES) await crawl.at(place, title)
  expect(
    crawl.report([...FRAME, 'header', 'service', ...PLACES.map(([, title]) => title), 'Revision']),
  ).toEqual([])
})

test('the server was asked for nothing but looks, and refused none', () => {
  const looks = /^(?:show-|explain-|diff$|history$|audit-verify$)/
  const others = [...walk.pressed].filter((name) => !looks.test(name) && name !== 'POST /login')
  expect(others).toEqual([])
  walk.browser.expectNoFaults(/status of 401/)
  walk.sluice.assertNoSurprises()
})
