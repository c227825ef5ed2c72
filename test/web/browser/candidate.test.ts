// A candidate in a real browser: begun, edited by the other views and as a whole document, refused with line and column,
// compared, committed with and without a time to confirm, in the way of others, and discarded.
import { beforeAll, expect, test } from 'vitest'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const [a, b] = (await echoHosts(2)).map(({ address }) => address)
  const services = serviceOf('web', [a ?? '', b ?? ''])
  walk = await startWalk({ services, users: '<user name="bob" access="operate" />' })
  steady = await steadyClients(walk.sluice.addressOf('web'), 3)
  await walk.logIn()
})

const main = () => walk.page.locator('main')
const banners = () => walk.page.locator('.banners')
const document = () => walk.page.getByLabel('The whole document as XML')
const weightRuns = (weight: number) => walk.runs('hosts', 'web/main/a', { weight })

async function showCandidate(): Promise<void> {
  await walk.go('/config', 'Configuration')
  await walk.page.getByRole('tab', { name: /^My candidate/ }).click()
}

async function begin(): Promise<void> {
  await showCandidate()
  await walk.press('Begin')
  await walk.button('Commit …').waitFor()
}

test('while a candidate is open, edits go there and say so, and are in effect when it is committed', async () => {
  await begin()
  await walk.shows(banners(), 'You have a candidate')
  await walk.go('/services/web', 'web')
  const slider = walk.host('web/main/a').getByRole('slider')
  await slider.press('ArrowRight')
  await walk.notice('in your candidate, not in effect yet').first().waitFor()
  // What is shown is what runs.
  await walk.soon(() => slider.inputValue()).toBe('1')
  await weightRuns(1)
  await showCandidate()
  await walk.shows(main(), /What a commit would change: 1 difference/)
  await walk.press('Commit …')
  await walk.shows(walk.dialog, 'Nothing is removed: open sessions go on.')
  await walk.field('Comment', walk.dialog).fill('a takes more')
  await walk.confirm('Commit')
  await weightRuns(2)
  await walk.button('Begin').waitFor()
  await banners().filter({ hasText: 'You have a candidate' }).waitFor({ state: 'hidden' })
  const [newest] = JSON.parse(await walk.sluice.command('history --json'))
  expect(newest).toMatchObject({ comment: 'a takes more' })
})

test('a document is edited as a whole; where it does not load, that is said by line and column', async () => {
  await begin()
  await walk.press('Edit the document')
  const text = await document().inputValue()
  expect(text).toContain('<service name="web">')
  const line = text.split('\n').findIndex((each) => each.includes('name="b"')) + 1
  await document().fill(text.replace('name="b"', 'name="b" weight="many"'))
  await walk.press('Check it and keep it in my candidate')
  const fault = walk.page.locator('.document-faults button')
  await walk.shows(fault, new RegExp(`^${line}:\\d+$`))
  await fault.click()
  await walk.shows(main(), `line ${line}, column`)
  await walk.press('Take back what was typed')
  expect(await document().inputValue()).toBe(text)

  // What was typed outlives a look at another view.
  await document().fill(text.replace('name="b"', 'name="b" weight="4"'))
  await walk.page.getByRole('link', { name: 'Overview', exact: true }).click()
  await walk.heading('Overview').waitFor()
  await walk.page.getByRole('link', { name: 'Configuration', exact: true }).click()
  await walk.press('Check it and keep it in my candidate')
  await walk.notice('The document is your candidate now').first().waitFor()
  await walk.shows(main(), /weight/)
  await walk.runs('hosts', 'web/main/b', { weight: 1 })
})

test('somebody who edits the same candidate elsewhere is not overwritten without being asked', async () => {
  const text = await document().inputValue()
  await document().fill(text.replace('weight="4"', 'weight="5"'))
  // It is mine over ssh as well.
  await walk.sluice.command('set host web/main/b maxSessions 9')
  await walk.press('Check it and keep it in my candidate')
  await walk.shows(main().getByRole('alert'), /changed/)
  await walk.press('Replace the candidate all the same')
  await walk.notice('The document is your candidate now').first().waitFor()
})

test('a commit that is to be confirmed counts down, is undone by a press, and kept by another', async () => {
  await walk.press('Commit …')
  await walk.field('To be confirmed', walk.dialog).selectOption('5m')
  await walk.page.getByLabel('Undo it at once when traffic gets clearly worse').check()
  await walk.confirm('Commit')
  await walk.runs('hosts', 'web/main/b', { weight: 5 })
  await walk.shows(
    banners(),
    /A commit waits to be confirmed, else it takes itself back in (?:5m|4m\d+s)/,
  )
  await walk.shows(walk.page.locator('.count-down'), /undone by itself in/)
  await walk.press('Undo it now …')
  await walk.confirm('Undo the commit')
  await walk.runs('hosts', 'web/main/b', { weight: 1 })
  await walk.page.locator('.pending').waitFor({ state: 'hidden' })

  await walk.sluice.command('set host web/main/b weight 3')
  await walk.press('Begin')
  await walk.go('/services/web', 'web')
  await walk.host('web/main/b').getByRole('slider').press('ArrowRight')
  await walk.notice('in your candidate').first().waitFor()
  await showCandidate()
  await walk.press('Commit …')
  await walk.field('To be confirmed', walk.dialog).selectOption('1m')
  await walk.confirm('Commit')
  await walk.press('Confirm: keep it')
  await walk.page.locator('.pending').waitFor({ state: 'hidden' })
  await walk.runs('hosts', 'web/main/b', { weight: 4 })
})

test('what somebody else changed meanwhile is in the way until it is settled', async () => {
  await begin()
  await walk.go('/services/web', 'web')
  await walk.host('web/main/a').getByRole('slider').press('ArrowRight')
  await walk.notice('in your candidate').first().waitFor()
  await walk.command('bob', 'set host web/main/a weight 8')
  await showCandidate()
  await walk.shows(main(), 'In the way of a commit')
  await walk.soon(() => walk.button('Commit …').isDisabled()).toBe(true)
  await walk.press('Keep mine')
  await walk.soon(() => walk.button('Commit …').isEnabled()).toBe(true)
  await walk.press('Discard …')
  await walk.shows(walk.dialog, 'None of it was in effect: no session notices.')
  await walk.confirm('Discard it')
  await walk.button('Begin').waitFor()
  await weightRuns(8)
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED.candidate, /status of (?:409|412|422)/)
})
