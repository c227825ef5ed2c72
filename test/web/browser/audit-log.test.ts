// The audit log and the log in a real browser: what was, what comes, filtered, paused, opened, and whether it is whole.
import { beforeAll, expect, test } from 'vitest'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const [host] = await echoHosts(1)
  walk = await startWalk({ services: serviceOf('web', [host?.address ?? '']) })
  steady = await steadyClients(walk.sluice.addressOf('web'), 2)
  await walk.sluice.command('set host web/main/a weight 5')
  await walk.logIn()
})

const lines = () => walk.page.locator('.line')
const main = () => walk.page.locator('main')

test('the audit log shows what was and what comes, by operator and by event', async () => {
  await walk.go('/audit', 'Audit')
  await walk.shows(lines(), 'set host web/main/a weight 5')
  await walk.shows(lines(), /web:op|link/)
  await walk.sluice.command('set host web/main/a weight 6')
  await walk.shows(lines(), 'set host web/main/a weight 6')
  await walk.field('Event').selectOption('change')
  await walk.shows(lines(), /weight of web\/main\/a: 5 (?:→|->) 6/)
  await walk.soon(() => lines().count()).toBe(2)
  await walk.field('Operator').fill('nobody')
  await walk.shows(main(), 'Nothing like that is in the last lines.')
  await walk.field('Operator').fill('op')
  await walk.soon(() => lines().count()).toBe(2)
})

test('it is paused and goes on, and a line is opened with all of it', async () => {
  await walk.press('Pause')
  await walk.sluice.command('set host web/main/a weight 7')
  await walk.shows(main(), /paused, [1-9]\d* more came/)
  await walk.soon(() => lines().count()).toBe(2)
  await walk.press('Go on')
  await walk.soon(() => lines().count()).toBe(3)
  await lines().last().getByRole('button').click()
  await walk.shows(walk.dialog, /origin\s*ssh:op/)
  await walk.press('Close', walk.dialog.locator('footer'))
  await walk.press('Clear')
  await walk.soon(() => lines().count()).toBe(0)
})

test('whether it is whole is asked, and answered', async () => {
  await walk.press('Is it whole?')
  await walk.shows(main(), /whole: \d+ lines in 1 file/)
})

test('the log shows what is written as it is, by severity and by text', async () => {
  await walk.go('/log', 'Log')
  await walk.shows(lines(), 'web listens')
  await walk.sluice.command('set host web/main/a ip 127.0.0.1:1')
  await walk.shows(lines(), /change|host/)
  await walk.field('With this text').fill('web login')
  await walk.shows(lines(), 'web login')
  await lines().first().getByRole('button').click()
  await walk.shows(walk.dialog, /operator\s*op/)
  await walk.press('Close', walk.dialog.locator('footer'))
  await walk.field('With this text').fill('nothing has this text')
  await walk.shows(main(), 'No line is like that.')
  await walk.field('With this text').fill('')
  await walk.field('At least as severe as').selectOption('error')
  await walk.shows(main(), /No line is like that\.|0 of \d+ lines/)
  await walk.field('At least as severe as').selectOption('debug')
  await walk.press('Pause')
  await walk.press('Go on')
  await walk.press('Clear')
})

test('of hundreds of lines the newest are in sight, also for those who want nothing to move', async () => {
  await walk.page.emulateMedia({ reducedMotion: 'reduce' })
  const some = Array.from(
    { length: 150 },
    (_, at) => `set host web/main/a weight ${(at % 9) + 1}\n`,
  )
  expect(await walk.sluice.ssh('batch', some.join(''))).toMatchObject({ status: 0 })
  await walk.go('/audit', 'Audit')
  await walk.shows(main(), /[3-9]\d\d lines/)
  await walk.sluice.command('set host web/main/a weight 77')
  await walk.shows(lines(), 'set host web/main/a weight 77')
  expect(await lines().count()).toBeLessThan(60)
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED['audit-log'])
})
