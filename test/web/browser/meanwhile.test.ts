// What others do while somebody is in the middle of something on the page: nothing vanishes under the hands, nothing goes
// to another thing than was meant, and the keys stay where they were.
import { beforeAll, expect, test } from 'vitest'
import { deferred } from '../../helpers/deferred.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients } from '../../helpers/steady-clients.ts'

let walk: Walk

beforeAll(async () => {
  const hosts = (await echoHosts(4)).map(({ address }) => address)
  walk = await startWalk({ services: serviceOf('web', hosts) })
  await steadyClients(walk.sluice.addressOf('web'), 3)
  await walk.logIn()
  await walk.go('/services/web', 'web')
})

const focused = () =>
  walk.page.evaluate<string>(
    `[document.activeElement.tagName, document.activeElement.textContent].join(' ')`,
  )

test('a question about a host that somebody else removes stays, and is answered with why', async () => {
  await walk.press('Drain', walk.host('web/main/b'))
  await walk.shows(walk.dialog, 'web/main/b gets no new sessions')
  await walk.sluice.command('remove host web/main/b')
  await walk.host('web/main/b').waitFor({ state: 'detached' })
  await walk.press('Drain the host', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), 'no host b in web/main')
  await walk.press('Cancel', walk.dialog)
  // What was pressed is gone, so the keys begin at the title.
  await walk.soon(focused).toBe('H1 web')
})

test('the details of a host that has another name by now say so', async () => {
  await walk.host('web/main/c').locator('.name-button').click()
  await walk.sluice.command('rename host web/main/c third')
  await walk.shows(walk.dialog, 'web/main/c is not there any more')
  await walk.press('Close', walk.dialog)
  await walk.host('web/main/third').waitFor()
})

test('a host goes to the group that was looked at, whichever serves by then', async () => {
  await walk.sluice.command('add group web/spare')
  await walk.press('Add a host')
  await walk.sluice.command('enable group web/spare')
  await walk.shows(walk.row('spare', walk.section('Groups of web')), 'serves')
  await walk.shows(walk.dialog, 'Add a host to web/main')
  await walk.press('Cancel', walk.dialog)
  await walk.sluice.command('enable group web/main')
})

test('a question that is under way is not left by Esc, however often it is pressed', async () => {
  const held = deferred<void>()
  await walk.page.route('**/commands/disable-host', async (route) => {
    await held.promise
    await route.continue()
  })
  await walk.press('Disable', walk.host('web/main/a'))
  await walk.shows(walk.dialog, 'web/main/a gets no new sessions')
  await walk.press('Disable the host', walk.dialog)
  for (let press = 0; press < 3; press++) await walk.page.keyboard.press('Escape')
  await walk.soon(() => walk.dialog.count()).toBe(1)
  expect(await walk.button('Disable the host', walk.dialog).getAttribute('aria-busy')).toBe('true')
  held.resolve()
  await walk.dialog.waitFor({ state: 'detached' })
  await walk.runs('hosts', 'web/main/a', { intent: 'disabled' })
})

test('who searches for sessions stays in the field', async () => {
  await walk.go('/sessions', 'Sessions')
  const client = walk.field('Client')
  await client.fill('127.0.0.1')
  await client.press('Enter')
  await walk.shows(walk.page.locator('.list-bar'), 'from 127.0.0.1')
  expect(await walk.page.locator(':focus').getAttribute('placeholder')).toMatch('192.0.2.7')
  walk.browser.expectNoFaults(/status of 404/)
})

test('a view that fails says so, and leaves the rest of the page as it is', async () => {
  await walk.page.route('**/api/v1/jobs', (route) => route.fulfill({ json: [null] }))
  await walk.page.getByRole('link', { name: 'Jobs' }).click()
  await walk.heading('This view failed').waitFor()
  await walk.page.unroute('**/api/v1/jobs')
  await walk.press('Show it again')
  await walk.heading('Jobs').waitFor()
  walk.browser.expectNoFaults(/^(?:thrown|console): .*(?:null|undefined)/)
})
