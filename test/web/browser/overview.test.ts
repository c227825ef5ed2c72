// The overview in a real browser: what passes each service moves, what is wrong is said in words, and what is added or
// removed here, over ssh or in the file stands there without a reload.
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { refusingAddress } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import {
  echoHosts,
  passingClients,
  type PassingClients,
  steadyClients,
  type SteadyClients,
} from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let passing: PassingClients
let steady: SteadyClients

beforeAll(async () => {
  const [host] = await echoHosts(1)
  const services =
    serviceOf('web', [host?.address ?? '']) + serviceOf('mail', [await refusingAddress()])
  const manager = '<configCheck interval="1" />'
  walk = await startWalk({ services, manager })
  steady = await steadyClients(walk.sluice.addressOf('web'), 3)
  passing = passingClients(walk.sluice.addressOf('web'))
  await walk.logIn()
})

const card = (name: string) =>
  walk.page.locator('article', { has: walk.page.getByRole('link', { name, exact: true }) })

test('each service has its figures and curves, and they move', async () => {
  const figure = (title: string) =>
    card('web').locator('.figure', { hasText: title }).locator('.figure-value')
  await walk.shows(figure('Sessions'), /^[1-9][\d.]*k?\/s$/)
  await walk.shows(figure('Traffic'), /^[1-9][\d.]* k?B\/s$/)
  await walk.shows(figure('Open'), /^[3-9]/)
  await walk.shows(walk.page.locator('.live'), /\d+ sessions/)
  // A curve is drawn on a canvas, so what counts is that something is on it and that it changes.
  const drawn = () =>
    card('web')
      .locator('canvas')
      .first()
      .evaluate((canvas: unknown) => (canvas as { toDataURL(): string }).toDataURL())
  const first = await drawn()
  await walk.soon(drawn).not.toBe(first)
})

test('what is wrong with a service is said in words', async () => {
  await walk.shows(card('web'), '1/1 hosts ready in main')
  await walk.shows(card('web'), 'all ready')
  // Whoever comes finds nobody: the first one takes the host out.
  const mail = passingClients(walk.sluice.addressOf('mail'))
  await walk.shows(card('mail'), /PANIC/)
  await mail.stop()
  const failures = card('mail').locator('.figure', { hasText: 'Failures' })
  await walk.shows(failures, /\/s$/)
})

test('a service that is added here, over ssh or in the file stands there by itself', async () => {
  await walk.press('Add a service')
  await walk.field('Name', walk.dialog).fill('not/a name')
  await walk.press('Add the service', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), /name/)
  await walk.field('Name', walk.dialog).fill('shop')
  await walk.press('Add the service', walk.dialog)
  await walk.heading('shop').waitFor()
  await walk.notice('shop').first().waitFor()
  await walk.runs('services', 'shop', { hosts: 0, listeners: [] })

  await walk.page.getByRole('link', { name: 'Overview' }).click()
  await walk.shows(card('shop'), 'no listener')
  await walk.sluice.command('add service typed')
  await card('typed').waitFor()
  // The file has all of it by then, or the edit below would be one of something older.
  await walk.sluice.command('save')
  const edited = readFileSync(walk.sluice.file, 'utf8').replace(
    '</config>',
    '<service name="edited"/></config>',
  )
  writeFileSync(walk.sluice.file, edited)
  await card('edited').waitFor()
})

test('a service is removed after a question that names what ends, and undo brings it back', async () => {
  await walk.go('/services/web', 'web')
  await walk.press('Remove', walk.page.locator('.page-head'))
  await walk.shows(
    walk.dialog,
    /The service web is removed with everything in it: its address is closed to new clients, [34] open sessions finish\./,
  )
  await walk.page.keyboard.press('Escape')
  await walk.dialog.waitFor({ state: 'hidden' })

  await walk.go('/services/shop', 'shop')
  await walk.press('Remove', walk.page.locator('.page-head'))
  await walk.confirm('Remove the service')
  await walk.heading('Overview').waitFor()
  await walk.runsNot('services', 'shop')
  await card('shop').waitFor({ state: 'hidden' })
  await walk.press('Undo', walk.notice('shop').last())
  await card('shop').waitFor()
  await walk.runs('services', 'shop', { hosts: 0 })
})

test('nobody was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await passing.stop()
  expect(passing.failed).toEqual([])
  expect(passing.served).toBeGreaterThan(10)
  await walk.expectWalked(WALKED.overview, /status of 422/)
})
