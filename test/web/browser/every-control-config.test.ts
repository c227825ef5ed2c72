// Every control of the configuration in a real browser: what differs, conflicts, revisions, a candidate that others change, and
// commits that wait to be confirmed. Each is used and does something.
import { writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { Crawl } from '../../helpers/page-crawl.ts'
import type { Walk } from '../../helpers/page-walk.ts'
import { FRAME, startPressing } from './pressed.ts'

const ENOUGH_MS = 90_000

let walk: Walk
let crawl: Crawl

beforeAll(async () => {
  const pressed = await startPressing(/^(?:header|Log in)/)
  walk = pressed.walk
  crawl = pressed.crawl
  await walk.sluice.command('set host web/prime/north weight 2')
  await walk.sluice.command('save')
  await walk.logIn()
})

async function showTab(name: RegExp): Promise<void> {
  await walk.go('/config', 'Configuration')
  await walk.page.getByRole('tab', { name }).click()
}

test('the configuration, its conflicts and its revisions', { timeout: ENOUGH_MS }, async () => {
  await walk.sluice.command('set host web/prime/north weight 3')
  await crawl.at('/config', 'Configuration')
  for (const weight of [9, 19]) {
    await conflict(weight)
    await crawl.at('/', 'Overview')
    await showTab(/^Conflicts/)
    await crawl.goOn()
  }
  await crawl.at('/config/history/1', 'Revision 1')
})

test('a candidate that others change', { timeout: ENOUGH_MS }, async () => {
  await showTab(/^My candidate/)
  await walk.press('Begin')
  await crawl.at('/', 'Overview')
  await showTab(/^My candidate/)
  await walk.press('Edit the document')
  const document = walk.page.getByLabel('The whole document as XML')
  const text = await document.inputValue()
  await document.fill(text.replace('<service name="lone"', '<service name="lone" accessLog="true"'))
  await walk.sluice.command('set host web/prime/south weight 5')
  await walk.press('Check it and keep it in my candidate')
  await crawl.goOn()
  await walk.sluice.command('begin')
  await walk.sluice.command('set host web/prime/south weight 6')
  await walk.command('bob', 'set host web/prime/south weight 7')
  await walk.shows(walk.page.locator('main'), 'In the way of a commit')
  await crawl.goOn()
})

test('a commit that is confirmed, and one that is undone', { timeout: ENOUGH_MS }, async () => {
  for (const weight of [8, 9]) {
    await walk.sluice.ssh('begin')
    await walk.sluice.command(`set host web/prime/south weight ${weight}`)
    await walk.sluice.command('commit --confirmed 5m')
    await crawl.at('/', 'Overview')
    await walk.go('/config', 'Configuration')
    await walk.shows(walk.page.locator('.pending'), 'op committed')
    await crawl.goOn()
    await walk.page.locator('.pending').waitFor({ state: 'hidden' })
  }
  expect(crawl.report([...FRAME, 'Configuration', 'Revision'])).toEqual([])
})

test('the browser had nothing to say', () => {
  expect(crawl.neverEnabled).toEqual([])
  walk.browser.expectNoFaults(/status of (?:401|404|409|412|422)/)
  walk.sluice.assertNoSurprises()
})

/** Three values that were changed to something else in the file and here. */
async function conflict(weight: number): Promise<void> {
  await walk.sluice.command('save')
  const hosts = ['south', 'east', 'west']
  const edited = hosts.reduce(
    (text, host) =>
      text.replace(
        new RegExp(`(name="${host}" ip="[^"]+")(?: weight="\\d+")?`),
        `$1 weight="${weight}"`,
      ),
    walk.sluice.config,
  )
  for (const host of hosts)
    await walk.sluice.command(`set host web/prime/${host} weight ${weight + 1}`)
  writeFileSync(walk.sluice.file, edited)
  await walk.sluice.ssh('reload')
}
