// The configuration in a real browser: what runs against the file, saved and reloaded, conflicts settled, and the way back to
// a revision that is tried before it is gone.
import { writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  // Nothing is written or read by itself, so that differences stay until somebody settles them.
  const manager = '<configCheck interval="10" enable="false" />'
  walk = await startWalk({ services: serviceOf('web', [a ?? '', b ?? '']), manager })
  steady = await steadyClients(walk.sluice.addressOf('web'), 3)
  await walk.logIn()
  await walk.go('/config', 'Configuration')
})

const tab = (name: string | RegExp) => walk.page.getByRole('tab', { name })
const main = () => walk.page.locator('main')
const head = () => walk.page.locator('.page-head')

function edit(from: string | RegExp, to: string): void {
  const text = walk.sluice.config
  const edited = text.replace(from, to)
  expect(edited).not.toBe(text)
  writeFileSync(walk.sluice.file, edited)
}

test('what runs and is not in the file is shown by itself, as a list and as lines, and saved', async () => {
  await walk.shows(main(), /No differences/)
  await walk.sluice.command('set host web/main/a weight 5')
  await walk.shows(main(), /weight.*5/)
  await walk.shows(walk.page.locator('.code-line.added'), /weight="5"/)
  await tab('Running').click()
  await walk.field('Find').fill('weight="5"')
  await walk.press('Next')
  await walk.shows(walk.page.locator('.code-line.found'), 'weight="5"')
  await tab('Stored').click()
  await walk.field('Find').fill('weight="5"')
  await walk.shows(main(), 'in 0 lines')
  await walk.press('Save now')
  await walk.soon(() => walk.sluice.config).toContain('weight="5"')
  await walk.shows(walk.page.locator('.code-line.found'), 'weight="5"')
})

test('what is saved by itself is no difference any more, without a press', async () => {
  await tab('Difference').click()
  await walk.shows(main(), /No differences/)
  await walk.sluice.command('set host web/main/a maxSessions 40')
  await walk.shows(main(), /maxSessions.*40/)
  await walk.sluice.command('set setting configCheck interval 1s')
  await walk.sluice.command('set setting configCheck enable true')
  await walk.shows(main(), /No differences/)
  await walk.sluice.command('set setting configCheck enable false')
  await walk.sluice.command('save')
})

test('what was edited in the file is taken over by a reload, and what does not load is refused', async () => {
  await tab('Difference').click()
  const good = walk.sluice.config
  edit('weight="5"', 'weight="7"')
  await walk.press('Reload')
  await walk.runs('hosts', 'web/main/a', { weight: 7 })
  edit('weight="7"', 'weight="-1"')
  await walk.press('Reload')
  await walk.shows(head().getByRole('alert'), /weight/)
  await walk.runs('hosts', 'web/main/a', { weight: 7 })
  writeFileSync(walk.sluice.file, good.replace('weight="5"', 'weight="7"'))
  await walk.press('Reload')
  await head().getByRole('alert').waitFor({ state: 'hidden' })
})

test('conflicts are counted above every view, and settled one by one or all together', async () => {
  await walk.sluice.command('set host web/main/a weight 8')
  await walk.sluice.command('set group web/main retries 4')
  await walk.sluice.command('set host web/main/b weight 6')
  edit('weight="7"', 'weight="9"')
  edit('scheduler="roundrobin"', 'scheduler="roundrobin" retries="2"')
  edit(/<host name="b" ip="([^"]+)" *\/>/, '<host name="b" ip="$1" weight="3" />')
  await walk.press('Reload')
  const banners = walk.page.locator('.banners')
  await walk.shows(banners, '3 conflicts between the file and what runs')
  await walk.shows(banners, 'What runs is not in the file')
  await walk.shows(head(), 'unsaved')
  await tab('Conflicts (3)').click()
  const row = walk.row('web/main/a')
  await walk.shows(row, /9.*8/)
  await row.getByRole('button', { name: 'Take this …' }).first().click()
  await walk.shows(walk.dialog, /web\/main\/a/)
  await walk.confirm('Settle')
  await walk.runs('hosts', 'web/main/a', { weight: 9 })
  await tab('Conflicts (2)').waitFor()
  await walk.press('All as it runs …')
  await walk.shows(walk.dialog, '2 conflicts are settled: each as it runs.')
  await walk.confirm('Settle')
  await walk.shows(main(), 'No conflicts.')
  await walk.soon(() => walk.sluice.config).toMatch(/retries="4"[^]*weight="6"/)
  await walk.runs('hosts', 'web/main/b', { weight: 6 })
  await banners.filter({ hasText: 'conflict' }).waitFor({ state: 'hidden' })
  await head().getByText('unsaved').waitFor({ state: 'hidden' })
})

test('a revision is looked at, compared with what runs, and gone back to after a trial', async () => {
  await tab('History').click()
  const first = walk.page.getByRole('link', { name: '2', exact: true })
  await walk.shows(main(), /ssh:op/)
  await first.click()
  await walk.heading('Revision 2').waitFor()
  await walk.shows(main(), /weight/)
  await tab('Against what runs').click()
  await walk.shows(main(), /weight/)
  await tab('Text').click()
  await walk.shows(walk.page.locator('.code-line'), '<service name="web">')
  await walk.press('Roll back to it …')
  await walk.shows(walk.dialog, /What runs changes, all or nothing, and is saved as a new revision/)
  await walk.shows(walk.dialog, 'Nothing is removed: open sessions go on.')
  const tried = walk.asked.filter(({ path }) => path === '/commands/rollback')
  expect(tried).toMatchObject([{ body: { revision: 2, dryRun: true } }])
  await walk.runs('hosts', 'web/main/b', { weight: 6 })
  await walk.field('Comment', walk.dialog).fill('it was better before')
  await walk.confirm('Roll back')
  await walk.runs('hosts', 'web/main/b', { weight: 1 })
  await walk.go('/config', 'Configuration')
  await tab('History').click()
  await walk.shows(walk.row('it was better before'), /web:op/)
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED.configuration, /status of (?:409|422)/)
})
