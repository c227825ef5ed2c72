// Every view of the page, with its questions open, looked at by axe; and nothing may be wider than the screen.
import { expect } from 'vitest'
import { axeFaults } from '../../helpers/axe.ts'
import type { BrowserOptions } from '../../helpers/browser.ts'
import { refusingAddress } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients } from '../../helpers/steady-clients.ts'

/** A page with some of everything on it: hosts that are up, down and draining, a pause, a token that ends soon. */
export async function startLooks(browser: BrowserOptions): Promise<Walk> {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  const dead = await refusingAddress()
  const walk = await startWalk({
    services:
      serviceOf('web', [a ?? '', b ?? '', dead], { group: 'maxFails="1"' }) +
      serviceOf('mail', [dead]),
    users: '<user name="bob" access="operate" />',
    browser,
  })
  const { sluice } = walk
  await steadyClients(sluice.addressOf('web'), 6)
  await sluice.command('drain host web/main/b')
  await sluice.command('add group web/spare')
  await sluice.command('pause service mail --max-hold 10m')
  await sluice.command('token create deploy --role operate --expires 3d')
  await sluice.command('save')
  await walk.page.emulateMedia({ reducedMotion: 'reduce' })
  await walk.page.goto(walk.url)
  return walk
}

/** Where to look, a test each: together they take their time. */
export const ROUNDS = [
  { round: 'services', look: lookAtServices },
  { round: 'lists', look: lookAtLists },
  { round: 'documents', look: lookAtDocuments },
] as const

/** Whatever axe finds there. */
export async function lookAround(walk: Walk, { look }: (typeof ROUNDS)[number]): Promise<void> {
  const looks = new Looks(walk)
  await look(walk, looks)
  expect(looks.faults).toEqual([])
  walk.browser.expectNoFaults(/status of 401/)
}

const WIDTHS = `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`

/** Collects what is wrong where, so that one look tells all of it. */
class Looks {
  readonly faults: string[] = []
  readonly #walk: Walk

  constructor(walk: Walk) {
    this.#walk = walk
  }

  async at(where: string): Promise<void> {
    this.faults.push(...(await axeFaults(this.#walk.page)).map((fault) => `${where}: ${fault}`))
    const [wide, screen] = await this.#walk.page.evaluate<[number, number]>(WIDTHS)
    if (wide > screen) this.faults.push(`${where}: ${wide} wide on ${screen}`)
  }

  /** With a question open, which is closed again. */
  async dialog(where: string, open: () => Promise<void>): Promise<void> {
    await open()
    await this.#walk.dialog.waitFor()
    await this.#walk.dialog.locator('progress').waitFor({ state: 'hidden' })
    await this.at(where)
    await this.#walk.press('Close', this.#walk.dialog.locator('header'))
    await this.#walk.dialog.waitFor({ state: 'hidden' })
  }
}

async function lookAtServices(walk: Walk, looks: Looks): Promise<void> {
  await walk.heading('Log in').waitFor()
  await looks.at('log in')
  await walk.logIn()
  await walk.shows(walk.page.locator('article'), 'mail')
  await walk.shows(walk.page.locator('.figure-value'), /^6$/)
  await looks.at('overview')
  await looks.dialog('add a service', () => walk.press('Add a service'))
  await walk.go('/services/web', 'web')
  await walk.host('web/main/a').waitFor()
  await looks.at('service')
  await looks.dialog('drain', () => walk.press('Drain', walk.host('web/main/a')))
  await looks.dialog('details', () => walk.host('web/main/c').locator('.name-button').click())
  await looks.dialog('add a host', () => walk.press('Add a host'))
  const groups = walk.row('main', walk.section('Groups of web'))
  await looks.dialog('settings', () => walk.press('Settings', groups))
  await looks.dialog('rebalance', () => walk.press('Rebalance', groups))
  await looks.dialog('open a port', () => walk.press('Open a port'))
  await walk.go('/services/mail', 'mail')
  await walk.shows(walk.page.locator('.page-head'), 'paused')
  await looks.at('a paused service')
}

async function lookAtLists(walk: Walk, looks: Looks): Promise<void> {
  await walk.go('/sessions', 'Sessions')
  await walk.row('127.0.0.1').first().waitFor()
  await looks.at('sessions')
  await looks.dialog('a session', () =>
    walk.page.locator('button[title="Details of this session"]').first().click(),
  )
  await walk.go('/audit', 'Audit')
  await walk.page.locator('.line').first().waitFor()
  await looks.at('audit')
  await walk.go('/log', 'Log')
  await walk.page.locator('.line').first().waitFor()
  await looks.at('log')
  await walk.go('/jobs', 'Jobs')
  await looks.at('jobs')
  await walk.go('/operators', 'Operators')
  await walk.row('deploy').waitFor()
  await looks.at('operators')
  await looks.dialog('add an operator', () => walk.press('Add an operator …'))
}

async function lookAtDocuments(walk: Walk, looks: Looks): Promise<void> {
  await walk.go('/config', 'Configuration')
  for (const name of ['Running', 'My candidate', 'Conflicts', 'History', 'Difference']) {
    await walk.page.getByRole('tab', { name }).click()
    await walk.page.getByRole('tabpanel').locator('progress').waitFor({ state: 'hidden' })
    await looks.at(name)
  }
  await walk.go('/config/history/1', 'Revision 1')
  await walk.shows(walk.page.locator('main'), 'first one')
  await looks.at('revision')
  await looks.dialog('roll back', () => walk.press('Roll back to it …'))
  await walk.page.goto(`${walk.url}/#/nowhere`)
  await walk.heading('Not here').waitFor()
  await looks.at('nowhere')
}
