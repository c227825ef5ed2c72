// Who may only look: every view in a real browser, nothing on any of them that could change something, and nothing asked of
// the server but looks. And who has the role between: what is his to press, and what is not.
import type { Locator } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { hashPassword } from '../../../src/base/password-hash.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients } from '../../helpers/steady-clients.ts'

const PASSWORD = 'only looking'

let walk: Walk

beforeAll(async () => {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  walk = await startWalk({
    services: serviceOf('web', [a ?? '', b ?? '']),
    users: `
    <user name="rita" access="readonly" password="${await hashPassword(PASSWORD)}" />
    <user name="bob" access="operate" />`,
  })
  await steadyClients(walk.sluice.addressOf('web'), 2)
  // So that there is a revision to look at.
  await walk.sluice.command('set host web/main/a weight 2')
  await walk.sluice.command('save')
  await walk.logInWith('rita', PASSWORD)
})

/** What can be pressed or typed by anybody: it looks, filters, sorts or closes. */
const HARMLESS: readonly RegExp[] = [
  /^(?:Dark|Light) colours$/,
  /^Log out$/,
  /^Close(?: the notice)?$/,
  /^(?:Checks of|Details|Settings|Session \d+)/,
  /^[ab] ?127\.0\.0\.1:\d+$/,
  /^\d+$/,
  /^127\.0\.0\.1:\d+$/,
  /^web\/main\/[ab]$/,
  /^(?:Live|Look again now|Find|Next|Back|Copy all|Read again|Is it whole\?|Pause|Go on|Clear)$/,
  /^All of /,
  /^(?:Service, group, host or listener|Client|With this text|At least as severe as)$/,
]

/** What the tabs of the configuration show when they have been read. */
const TABS = {
  Difference: 'No differences',
  Running: '<service name="web">',
  Stored: '<service name="web">',
  'My candidate': 'You have no candidate.',
  Conflicts: 'No conflicts.',
  History: 'ssh:op',
} as const

/** Titles of columns sort. */
const CONTROLS = 'button, input, select, textarea, [contenteditable]'

async function pressable(within: Locator): Promise<string[]> {
  const controls = await within.locator(CONTROLS).all()
  const named = controls.map(async (control): Promise<string> => {
    if (!(await control.isVisible()) || !(await control.isEnabled())) return ''
    return control.evaluate((element) => {
      if (element.closest('th') !== null || element.getAttribute('role') === 'tab') return ''
      const label =
        element.id === '' ? null : element.ownerDocument.querySelector(`label[for="${element.id}"]`)
      const name = element.getAttribute('aria-label') ?? (label ?? element).textContent
      return (name ?? '').replaceAll(/\s+/g, ' ').trim() || element.outerHTML
    })
  })
  return (await Promise.all(named)).filter((name) => name !== '')
}

async function expectHarmless(where: string, within = walk.page.locator('body')): Promise<void> {
  await within.waitFor()
  const names = await pressable(within)
  const others = names.filter((name) => !HARMLESS.some((known) => known.test(name)))
  expect({ where, others }).toEqual({ where, others: [] })
}

test('the views show everything, and nothing on them changes anything', async () => {
  await walk.shows(walk.page.locator('.operator'), /rita.*readonly/)
  await walk.shows(walk.page.locator('article'), '2/2 hosts ready')
  await expectHarmless('overview')
  await walk.go('/services/web', 'web')
  await walk.shows(walk.host('web/main/a'), /2.*enabled/)
  await walk.shows(walk.section('Groups of web'), 'roundrobin')
  await expectHarmless('service')
  await walk.go('/sessions', 'Sessions')
  await walk.shows(walk.page.locator('main'), '2 sessions are open')
  await expectHarmless('sessions')
  await walk.go('/audit', 'Audit')
  await walk.shows(walk.page.locator('main'), 'The audit log is for role full.')
  await expectHarmless('audit')
  await walk.go('/log', 'Log')
  await walk.shows(walk.page.locator('.line'), 'web listens')
  await expectHarmless('log')
  await walk.go('/jobs', 'Jobs')
  await expectHarmless('jobs')
  await walk.go('/operators', 'Operators')
  await walk.shows(walk.page.locator('main'), 'rita')
  await expectHarmless('operators')
})

test('details, settings and all tabs of the configuration are looked at only', async () => {
  await walk.go('/services/web', 'web')
  await walk.host('web/main/a').locator('.name-button').click()
  await walk.shows(walk.dialog, 'yes, it is ready')
  await expectHarmless('details of a host', walk.dialog)
  await walk.dialog.getByRole('tab', { name: 'Settings' }).click()
  expect(await walk.field('Weight', walk.dialog).isDisabled()).toBe(true)
  await expectHarmless('settings of a host', walk.dialog)
  await walk.page.keyboard.press('Escape')
  await walk.dialog.waitFor({ state: 'hidden' })
  for (const section of ['Groups of web', 'Listeners of web']) {
    await walk.press('Settings', walk.section(section))
    await expectHarmless(section, walk.dialog)
    await walk.page.keyboard.press('Escape')
    await walk.dialog.waitFor({ state: 'hidden' })
  }
  await walk.go('/sessions', 'Sessions')
  await walk.page.locator('button[title="Details of this session"]').first().click()
  await walk.shows(walk.dialog, 'web/main')
  await expectHarmless('details of a session', walk.dialog)
  await walk.press('Close', walk.dialog.locator('footer'))
  await walk.go('/config', 'Configuration')
  for (const [name, text] of Object.entries(TABS)) {
    await walk.page.getByRole('tab', { name }).click()
    await walk.shows(walk.page.getByRole('tabpanel'), text)
    await expectHarmless(name)
  }
  await walk.page.getByRole('link', { name: '1', exact: true }).click()
  await walk.heading('Revision 1').waitFor()
  await expectHarmless('revision')
})

test('nothing was asked of the server but looks, and none was refused', async () => {
  const looks = /^(?:show-|explain-|diff$|history$|audit-verify$)/
  const others = [...walk.pressed].filter((name) => !looks.test(name) && name !== 'POST /login')
  expect(others).toEqual([])
  expect(walk.asked.filter(({ path, status }) => path !== '/me' && status >= 400)).toEqual([])
  walk.browser.expectNoFaults(/status of 401/)
})

test('who operates presses what is his, and finds no operators, keys or tokens', async () => {
  await walk.press('Log out')
  await walk.heading('Log in').waitFor()
  await walk.logIn('bob')
  await walk.go('/services/web', 'web')
  await walk.press('Disable', walk.host('web/main/a'))
  await walk.confirm('Disable the host')
  await walk.runs('hosts', 'web/main/a', { intent: 'disabled' })
  await walk.press('Undo', walk.notice('disabled').last())
  await walk.runs('hosts', 'web/main/a', { intent: 'enabled' })
  await walk.go('/operators', 'Operators')
  await walk.shows(
    walk.page.locator('main'),
    'Who may log in, keys and tokens are shown to role full.',
  )
  await walk.go('/config', 'Configuration')
  await walk.page.getByRole('tab', { name: 'My candidate' }).click()
  await walk.press('Begin')
  await walk.button('Commit …').waitFor()
  // Without the hashes in it, a whole document of his would take them away.
  expect(await walk.button('Edit the document').count()).toBe(0)
  await walk.press('Discard …')
  await walk.confirm('Discard it')
  await walk.expectWalked(['disable-host', 'undo', 'begin', 'discard'])
})
