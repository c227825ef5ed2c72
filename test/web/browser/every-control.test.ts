// Every control of the lists in a real browser, and of the frame around all views: sessions, jobs, the log, the audit log, the
// operators, and the log-in. Each is used and does something.
import { beforeAll, expect, test } from 'vitest'
import type { Crawl } from '../../helpers/page-crawl.ts'
import type { Walk } from '../../helpers/page-walk.ts'
import { logInTo } from '../../helpers/web-client.ts'
import { drainForLong, FRAME, returningClients, startPressing } from './pressed.ts'

const ENOUGH_MS = 90_000

let walk: Walk
let crawl: Crawl

beforeAll(async () => {
  const pressed = await startPressing(/^header > button Log out/)
  walk = pressed.walk
  crawl = pressed.crawl
  await returningClients(walk.sluice.addressOf('web'), 105)
  await walk.sluice.command('token create deploy --role operate --expires 3d')
  await walk.logIn()
})

function expectAllUsed(...views: readonly string[]): void {
  expect(crawl.report([...FRAME, ...views])).toEqual([])
}

test('sessions and jobs', { timeout: ENOUGH_MS }, async () => {
  await crawl.at('/sessions', 'Sessions')
  await walk.field('Service, group, host or listener').fill('web/prime/north')
  await walk.field('Client').fill('127.0.0.1')
  await walk.press('Find')
  await crawl.goOn()
  // Its sessions have come back.
  await walk.press('Look again now')
  await crawl.goOn()
  await drainForLong(walk, ['north', 'south', 'east', 'west', 'centre'])
  await walk.page.getByRole('link', { name: '1 more' }).click()
  await walk.heading('Jobs').waitFor()
  await walk.press('Details', walk.row('running').first())
  await walk.press('Interrupt', walk.dialog)
  await walk.shows(walk.dialog, 'failed')
  await walk.press('Close', walk.dialog.locator('header'))
  await walk.press('Details', walk.row('failed').first())
  await walk.press('Close', walk.dialog.locator('footer'))
  await crawl.goOn()
  expectAllUsed('header', 'Sessions', 'Jobs')
})

test('the log, the audit log and the operators', { timeout: ENOUGH_MS }, async () => {
  await walk.go('/audit', 'Audit')
  for (const end of ['header', 'footer']) {
    await walk.page.locator('.line').last().getByRole('button').click()
    await walk.press('Close', walk.dialog.locator(end))
  }
  await crawl.goOn()
  await crawl.at('/log', 'Log')
  const [, link = ''] = /#link=(\S+)/.exec(await walk.command('bob', 'web link')) ?? []
  await logInTo(walk.sluice.webUrl, { link })
  await crawl.at('/operators', 'Operators')
  expectAllUsed('Audit', 'Log', 'Operators')
})

test('out and in again', async () => {
  await walk.press('Log out')
  await walk.heading('Log in').waitFor()
  await crawl.goOn()
  expectAllUsed('Log in')
})

test('the browser had nothing to say', () => {
  // It is shown until somebody says that they have it.
  expect(crawl.neverEnabled).toEqual(['Operators > The token, this once > head > button Close'])
  walk.browser.expectNoFaults(/status of (?:401|404|409|422)/)
  walk.sluice.assertNoSurprises()
})
