// The pictures of docs/web.md, taken of a running balancer with live traffic. Made where one is missing, and all of them anew
// with SLUICE_SCREENSHOTS=1: then the curves are given their time.
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { refusingAddress } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { echoHosts, passingClients, steadyClients } from '../../helpers/steady-clients.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/images', import.meta.url))
const isAsked = process.env['SLUICE_SCREENSHOTS'] === '1'
/** Seconds of traffic that the curves show; they have two minutes. */
const SECONDS = isAsked ? 75 : 3
const BYTES_MAX = 150_000

const NAMES = ['overview', 'service', 'configuration', 'phone'] as const
const missing = (name: string) => isAsked || !existsSync(join(FOLDER, `${name}.png`))

const isWanted = NAMES.some(missing)

let walk: Walk

beforeAll(async () => {
  if (!isWanted) return
  const at = (await echoHosts(7)).map(({ address }) => address)
  const dead = await refusingAddress()
  const hostsOf = (names: string, first: number) =>
    names
      .split(' ')
      .map((name, index) => `<host name="${name}" ip="${at[first + index] ?? dead}" />`)
      .join('\n      ')
  walk = await startWalk({
    services: `
  <service name="shop">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="leastconns" enable="true">
      ${hostsOf('amber birch cedar', 0)}
      <host name="doyle" ip="${dead}" />
      <check type="tcp" interval="1s" />
    </group>
    <group name="spare" scheduler="roundrobin"><host name="elder" ip="${at[3]}" /></group>
  </service>
  <service name="mail">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="roundrobin" enable="true">
      ${hostsOf('north south', 4)}
    </group>
  </service>
  <service name="reports">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="sticky" enable="true"><host name="one" ip="${at[6]}" /></group>
  </service>`,
    manager: '<configCheck interval="10" enable="false" />',
    browser: { width: 1_280, height: 800 },
  })
  const { sluice } = walk
  await walk.page.emulateMedia({ reducedMotion: 'reduce' })
  await sluice.command('set host shop/main/amber weight 3')
  await sluice.command('save --comment "amber takes more"')
  await steadyClients(sluice.addressOf('shop'), 14)
  await steadyClients(sluice.addressOf('mail'), 5)
  // As days go: busy and quiet, and now and then a burst.
  const wave = (slow: number) => () => slow / (1.4 + Math.sin(performance.now() / 4_000))
  for (let client = 0; client < 4; client++)
    passingClients(sluice.addressOf('shop'), { pauseMs: wave(60), bytes: 4_000 })
  passingClients(sluice.addressOf('mail'), { pauseMs: wave(90), bytes: 20_000 })
  const bursts = (served: number) => (served % 60 < 40 ? 20 : 600)
  passingClients(sluice.addressOf('reports'), { pauseMs: bursts, bytes: 200_000 })
  await walk.logIn()
})

/** @param name as docs/web.md has it */
async function picture(name: string): Promise<void> {
  await walk.page.mouse.move(0, 0)
  const bytes = await walk.page.screenshot({ animations: 'disabled', caret: 'hide' })
  expect(bytes.length, `${name} is small enough to be read over a slow line`).toBeLessThan(
    BYTES_MAX,
  )
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(join(FOLDER, `${name}.png`), bytes)
}

test.runIf(isWanted)(
  'the main views are in the documentation, as they are',
  async () => {
    const seconds = () => walk.page.evaluate(() => performance.now() / 1_000)
    await expect
      .poll(seconds, { timeout: (SECONDS + 30) * 1_000, interval: 500 })
      .toBeGreaterThan(SECONDS)
    if (missing('overview')) await picture('overview')
    await walk.page.getByRole('link', { name: 'shop', exact: true }).click()
    await walk.heading('shop').waitFor()
    await walk.sluice.command('drain host shop/main/cedar')
    await walk.shows(walk.host('shop/main/cedar'), /draining/)
    const rate = walk.host('shop/main/amber').locator('td[data-title="Sessions"]')
    await walk.shows(rate, /^[1-9]/)
    if (missing('service')) await picture('service')
    await walk.page.setViewportSize({ width: 390, height: 844 })
    await walk.page.getByRole('link', { name: 'Overview', exact: true }).click()
    await walk.heading('Overview').waitFor()
    if (missing('phone')) await picture('phone')
    await walk.page.setViewportSize({ width: 1_280, height: 800 })
    await walk.sluice.command('set group shop/main retries 4')
    await walk.page.getByRole('link', { name: 'Configuration', exact: true }).click()
    await walk.shows(walk.page.locator('.code-line'), 'retries="4"')
    if (missing('configuration')) await picture('configuration')
    walk.browser.expectNoFaults()
  },
  180_000,
)

test('each picture that the documentation shows is there', () => {
  const sizes = NAMES.map((name) => statSync(join(FOLDER, `${name}.png`)).size)
  expect(Math.min(...sizes)).toBeGreaterThan(5_000)
})
