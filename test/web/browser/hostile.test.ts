// What strangers write: markup, letters that turn the direction of a line, and texts without an end, in names, reasons, clients
// and the log. On the page it is text, and the page stands.
import { beforeAll, expect, test } from 'vitest'
import { startHost } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { answeringHost, httpAnswer } from '../../helpers/answering-host.ts'
import { whenOver } from '../../helpers/when-over.ts'

const MARKUP = '<img src=x onerror=alert(1)>'
const RIGHT_TO_LEFT = '\u202e'
const ENDLESS = 'x'.repeat(10_000)

/** In the page, before anything of it runs. */
const WATCH = `
  window.called = []
  window.alert = (said) => called.push(said)
  document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
    called.push(violatedDirective)
  })`

const LOOK = `({
  called,
  images: document.querySelectorAll('img, iframe, script:not([src])').length,
  wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})`

let walk: Walk

beforeAll(async () => {
  const hostile = await answeringHost(
    `HTTP/1.1 500 ${MARKUP}${RIGHT_TO_LEFT}\r\n\r\n${MARKUP}${ENDLESS}`,
  )
  const good = await answeringHost(httpAnswer(200, 'fine'))
  const noisy = await startHost((socket) => socket.end(MARKUP + RIGHT_TO_LEFT + ENDLESS))
  for (const host of [hostile, good, noisy]) whenOver(() => host.close())
  walk = await startWalk({
    services: `
  <service name="web">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="roundrobin" enable="true">
      <host name="a" ip="${hostile.address}" /><host name="b" ip="${good.address}" />
      <check type="http" path="/" interval="1s" />
    </group>
  </service>`,
  })
  await walk.page.addInitScript({ content: WATCH })
  await walk.logIn()
})

/** Nothing of it ran, was drawn as an image, or made the page wider than the screen. */
async function expectHarmless(): Promise<void> {
  const seen = await walk.page.evaluate(LOOK)
  expect(seen).toEqual({ called: [], images: 0, wider: false })
  walk.browser.expectNoFaults(/status of (?:401|404|409|422)/)
}

test('what a host answers its check is a reason in words', async () => {
  await walk.go('/services/web', 'web')
  await walk.shows(walk.host('web/main/a'), /down.*500/)
  await walk.host('web/main/a').locator('.name-button').click()
  await walk.shows(walk.dialog, /500/)
  await walk.dialog.getByRole('img', { name: /bad/ }).first().waitFor()
  await expectHarmless()
  await walk.page.keyboard.press('Escape')
})

test('what is typed into a form and refused is told as text', async () => {
  await walk.press('Add a host')
  for (const name of [MARKUP, `a${RIGHT_TO_LEFT}b`, ENDLESS]) {
    await walk.field('Name', walk.dialog).fill(name)
    await walk.field('Address', walk.dialog).fill(MARKUP)
    await walk.press('Add the host', walk.dialog)
    await walk.dialog.getByRole('alert').waitFor()
    await expectHarmless()
  }
  await walk.press('Cancel', walk.dialog)
})

test('a comment, a log-in that is refused and a typed line are lines of the logs', async () => {
  await walk.page.evaluate(
    async ([user]) => {
      await fetch('/api/v1/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user, password: 'x' }),
      })
    },
    [`${MARKUP}${RIGHT_TO_LEFT}`],
  )
  await walk.sluice.ssh(`show hosts "${MARKUP}"`)
  await walk.go('/audit', 'Audit')
  await walk.shows(walk.page.locator('.line'), MARKUP)
  const lines = await walk.page.locator('main').innerText()
  expect(lines).not.toContain(RIGHT_TO_LEFT)
  await walk.page.locator('.line', { hasText: MARKUP }).first().getByRole('button').click()
  await walk.shows(walk.dialog, MARKUP)
  await expectHarmless()
  await walk.page.keyboard.press('Escape')
  await walk.dialog.waitFor({ state: 'hidden' })
  await walk.go('/log', 'Log')
  await walk.page.locator('.line').first().waitFor()
  expect(await walk.page.locator('main').innerText()).not.toContain(RIGHT_TO_LEFT)
  await expectHarmless()
})

test('an address that somebody sends leads nowhere, and a phone shows it as well', async () => {
  await walk.page.setViewportSize({ width: 375, height: 740 })
  for (const place of [
    `/services/${encodeURIComponent(MARKUP)}`,
    `/services/${encodeURIComponent(RIGHT_TO_LEFT + ENDLESS)}`,
    `/sessions/${encodeURIComponent(MARKUP)}`,
    '/%E0%A4%A',
    '/config/history/999999999',
    '/__proto__/constructor',
  ]) {
    await walk.page.goto(`${walk.url}/#${place}`)
    await walk.page.locator('h1').waitFor()
    await walk.page.locator('progress').waitFor({ state: 'hidden' })
    await expectHarmless()
  }
  await walk.go('/services/web', 'web')
  await walk.host('web/main/a').waitFor()
  await expectHarmless()
})
