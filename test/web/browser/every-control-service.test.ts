// Every control of the services in a real browser: each is used and does something, questions are left before they are
// answered, and what removes something comes last.
import { beforeAll, expect, test } from 'vitest'
import type { Crawl } from '../../helpers/page-crawl.ts'
import type { Walk } from '../../helpers/page-walk.ts'
import { drainForLong, FRAME, returningClients, startPressing } from './pressed.ts'

const ENOUGH_MS = 120_000

let walk: Walk
let crawl: Crawl

beforeAll(async () => {
  const pressed = await startPressing(/^(?:header|Log in)/)
  walk = pressed.walk
  crawl = pressed.crawl
  await returningClients(walk.sluice.addressOf('web'), 10)
  await walk.logIn()
})

test('what is there to do with a service, its groups, hosts and listeners', {
  timeout: ENOUGH_MS,
}, async () => {
  await drainForLong(walk, ['south'])
  await walk.button('Interrupt').waitFor()
  await crawl.goOn()
})

test('what is the last of its kind is removed when that is meant', async () => {
  await walk.go('/services/lone', 'lone')
  await walk.press('Details of lone/prime/west')
  await walk.press('Remove', walk.dialog)
  await walk.page.getByLabel('Even though it is the last one').check()
  await walk.confirm('Remove the host')
  await walk.runsNot('hosts', 'lone/prime/west')
  await walk.press('Remove', walk.section('Groups of lone'))
  await walk.page.getByLabel('Even though it serves, where it is the last group').check()
  await walk.confirm('Remove the group')
  await walk.runsNot('groups', 'lone/prime')
})

test('the overview, and addresses that lead nowhere', async () => {
  await crawl.at('/', 'Overview')
  await crawl.at('/nowhere', 'Not here')
  await crawl.at('/services/none', 'none')
  expect(crawl.report([...FRAME, 'service', 'Overview', 'Not here'])).toEqual([])
})

test('the browser had nothing to say', () => {
  expect(crawl.neverEnabled).toEqual([])
  walk.browser.expectNoFaults(/status of (?:401|404|409|422)/)
  walk.sluice.assertNoSurprises()
})
