// Getting in and out in a real browser: by password and by link, refused without a reason, ended here, over ssh and by the
// removal of a user; and a whole way from the log-in to a drained host by nothing but keys.
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { until } from '../../helpers/until.ts'
import { WALKED } from './walked.ts'

const PASSWORD = 'correct horse'

/** What the focus is on, by the name that is read out. */
const FOCUSED = `(() => {
  const { activeElement: at } = document
  const named = document.querySelector('label[for="' + at.id + '"]') ?? at
  return named.getAttribute('aria-label') ?? named.textContent
})()`

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  walk = await startWalk({
    services: serviceOf('web', [a ?? '', b ?? '']),
    users: `
    <user name="alice" access="full" password="${await hashPassword(PASSWORD)}" />`,
  })
  steady = await steadyClients(walk.sluice.addressOf('web'), 2)
})

beforeEach(() => walk.page.context().clearCookies())

const loginView = () => walk.heading('Log in').waitFor()

/** Numbers of the log-ins at the page. */
async function atThePage(): Promise<number[]> {
  const rows = JSON.parse(await walk.sluice.command('show operators --json')) as {
    id: number
    channels: string[]
  }[]
  return rows.filter(({ channels }) => channels.includes('page')).map(({ id }) => id)
}

test('a wrong password is refused and forgotten, the right one lets in, and a press lets out', async () => {
  await walk.page.goto(walk.sluice.webUrl)
  await walk.field('Operator').fill('alice')
  await walk.field('Password').fill('wrong')
  await walk.press('Log in')
  await walk.shows(walk.page.getByRole('alert'), /./)
  expect(await walk.field('Password').inputValue()).toBe('')
  // An address that failed waits, and is told how long.
  await walk.field('Password').fill(PASSWORD)
  await until(async () => {
    await walk.press('Log in')
    const refused = walk.page.getByRole('alert')
    await refused.or(walk.heading('Overview')).first().waitFor()
    return walk.heading('Overview').isVisible()
  }, 'the right password lets in')
  await walk.shows(walk.page.locator('.operator'), /alice.*full/)
  await walk.press('Log out')
  await loginView()
  expect(await atThePage()).toEqual([])
  await walk.notice('You are logged out.').first().waitFor()
  // Nothing is left of what was shown.
  expect(await walk.page.locator('body').innerText()).not.toContain('Overview')
})

test('a link lets in once, leaves the address at once, and says what to do when it is used up', async () => {
  const [link = ''] = (await walk.sluice.command('web link')).split('\n')
  await walk.page.goto(link)
  await walk.heading('Overview').waitFor()
  expect(walk.page.url()).not.toContain('link=')
  await walk.page.context().clearCookies()
  await walk.page.goto('about:blank')
  await walk.page.goto(link)
  await loginView()
  await walk.shows(walk.page.getByRole('alert'), /./)
  await walk.shows(walk.page.locator('main'), 'A link is good once and for a short time.')
  await walk.shows(walk.page.locator('pre'), /^ssh -p \d+ \S+ web link$/)
})

test('a log-in that is ended over ssh, or whose user is removed, leads back to the log-in', async () => {
  await walk.logIn()
  await walk.sluice.command(`logout ${(await atThePage()).at(-1)}`)
  await loginView()
  await walk
    .notice(/log-in|logged out/)
    .first()
    .waitFor()

  await walk.logInWith('alice', PASSWORD)
  await walk.sluice.command('user remove alice')
  await loginView()
  await walk.sluice.command('undo')
})

test('from the log-in to a drained host by nothing but keys, and the focus comes back', async () => {
  const { keyboard } = walk.page
  const focused = () => walk.page.evaluate<string>(FOCUSED)
  const tabTo = async (wanted: string) => {
    for (let pressed = 0; pressed < 80; pressed++) {
      if ((await focused()).startsWith(wanted)) return
      await keyboard.press('Tab')
    }
    throw new Error(`no Tab leads to ${wanted}`)
  }
  await walk.page.goto(walk.sluice.webUrl)
  await loginView()
  await tabTo('Operator')
  await keyboard.type('alice')
  await keyboard.press('Tab')
  await keyboard.type(PASSWORD)
  await keyboard.press('Enter')
  await walk.heading('Overview').waitFor()
  await tabTo('web')
  await keyboard.press('Enter')
  await walk.heading('web').waitFor()
  await walk.host('web/main/a').waitFor()
  await tabTo('Drain')
  await keyboard.press('Space')
  await walk.shows(walk.dialog, 'gets no new sessions')
  await keyboard.press('Escape')
  await walk.dialog.waitFor({ state: 'hidden' })
  expect(await focused()).toBe('Drain')
  await keyboard.press('Enter')
  await walk.shows(walk.dialog, 'gets no new sessions')
  await tabTo('When it is empty')
  await keyboard.press('ArrowDown')
  await keyboard.press('ArrowUp')
  await tabTo('Drain the host')
  await keyboard.press('Enter')
  await walk.dialog.waitFor({ state: 'hidden' })
  await walk.runs('hosts', 'web/main/a', { intent: 'draining' })
  // What was pressed is gone with the intent; the focus is not lost at the top of the page for that.
  await tabTo('Enable')
  await keyboard.press('Enter')
  await walk.runs('hosts', 'web/main/a', { intent: 'enabled' })
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED.login, /status of (?:401|429)/)
})
