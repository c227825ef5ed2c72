// The hosts of a service in a real browser: drained, disabled, enabled, weighed, looked at, added, renamed and removed, each
// with its effect in the running system, while clients of other hosts go on.
import { beforeAll, expect, test } from 'vitest'
import { eventually } from '../../helpers/eventually.ts'
import { refusingAddress, type TestHost } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import {
  echoHosts,
  passingClients,
  type PassingClients,
  steadyClients,
  type SteadyClients,
} from '../../helpers/steady-clients.ts'
import { until } from '../../helpers/until.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let hosts: TestHost[]
let passing: PassingClients
let steady: SteadyClients

beforeAll(async () => {
  hosts = await echoHosts(3)
  const [a, b, only] = hosts.map(({ address }) => address)
  walk = await startWalk({
    services: `
  <service name="web">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="roundrobin" enable="true">
      <host name="a" ip="${a}" />
      <host name="b" ip="${b}" />
      <check type="tcp" interval="1s" />
    </group>
  </service>
  <service name="lone">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="roundrobin" enable="true"><host name="only" ip="${only}" /></group>
  </service>`,
  })
  steady = await steadyClients(walk.sluice.addressOf('lone'), 2)
  passing = passingClients(walk.sluice.addressOf('web'))
  await walk.logIn()
  await walk.go('/services/web', 'web')
})

test('a host is drained after its open sessions were named, and enabled again', async () => {
  const stays = await steadyClients(walk.sluice.addressOf('web'), 2)
  await walk.press('Drain', walk.host('web/main/a'))
  await walk.shows(walk.dialog, /web\/main\/a gets no new sessions; \d+ open sessions? finish/)
  await walk.confirm('Drain the host')
  await walk.runs('hosts', 'web/main/a', { intent: 'draining' })
  await walk.shows(walk.host('web/main/a'), /draining.*1 session left/)
  await stays.expectUncut()
  await walk.press('Enable', walk.host('web/main/a'))
  await walk.runs('hosts', 'web/main/a', { intent: 'enabled', ready: true })
  await walk.shows(walk.host('web/main/a'), 'enabled')
  stays.clients.forEach(({ socket }) => socket.end())
})

test('a drain that waits counts down in the corner, is interrupted, and ends when the last session is gone', async () => {
  const stays = await steadyClients(walk.sluice.addressOf('web'), 2)
  const drain = async (then: string) => {
    await walk.press('Drain', walk.host('web/main/b'))
    await walk.field('When it is empty', walk.dialog).selectOption(then)
    await walk.field('Wait at most', walk.dialog).fill('2m')
    await walk.confirm('Drain the host')
  }
  const corner = walk.page.locator('.jobs-corner')
  await drain('remove')
  await walk.shows(corner, /drain host web\/main\/b.*1 session left, (?:2m|1m\d+s)/)
  await walk.go('/jobs', 'Jobs')
  await walk.press('Details', walk.row('drain host web/main/b'))
  await walk.shows(walk.dialog, '1 session left')
  await walk.press('Close', walk.dialog.locator('footer'))
  await walk.press('Interrupt', walk.row('drain host web/main/b'))
  await walk.shows(walk.row('drain host web/main/b'), 'failed')
  await walk.runs('hosts', 'web/main/b', { intent: 'draining' })
  await walk.go('/services/web', 'web')
  await walk.press('Put it away', corner)
  await walk.press('Enable', walk.host('web/main/b'))
  await walk.runs('hosts', 'web/main/b', { intent: 'enabled' })

  await drain('disable')
  await walk.shows(corner, /1 session left/)
  await stays.expectUncut()
  stays.clients.forEach(({ socket }) => socket.end())
  await walk.runs('hosts', 'web/main/b', { intent: 'disabled' })
  await walk.shows(walk.host('web/main/b'), 'disabled')
  await walk.sluice.command('enable host web/main/b')
  await walk.shows(walk.host('web/main/b'), 'enabled')
})

test('a host is disabled, and undo on the notice enables it again', async () => {
  await walk.press('Disable', walk.host('web/main/a'))
  await walk.confirm('Disable the host')
  await walk.runs('hosts', 'web/main/a', { intent: 'disabled' })
  await walk.press('Undo', walk.notice('disabled').last())
  await walk.notice('Undone').waitFor()
  await walk.runs('hosts', 'web/main/a', { intent: 'enabled' })
  await walk.shows(walk.host('web/main/a'), 'enabled')
})

test('the weight is set with the mouse and with the keyboard, and follows what is set elsewhere', async () => {
  const slider = walk.host('web/main/a').getByRole('slider')
  const box = await slider.boundingBox()
  if (box === null) throw new Error('the slider is not shown')
  await walk.page.mouse.move(box.x + box.width * 0.1, box.y + box.height / 2)
  await walk.page.mouse.down()
  await walk.page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 5 })
  await walk.page.mouse.up()
  await walk
    .notice(/weight/)
    .first()
    .waitFor()
  const weightOf = async () =>
    (await walk.sluice.show<{ weight: number }>('hosts web/main/a'))[0]?.weight ?? 0
  await until(async () => [4, 5, 6].includes(await weightOf()), 'the weight is about the middle')

  const before = await weightOf()
  await slider.focus()
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowRight']) await slider.press(key)
  await walk.runs('hosts', 'web/main/a', { weight: before + 2 })
  await walk.sluice.command('set host web/main/a weight 3')
  await walk.soon(() => slider.inputValue()).toBe('3')
  // One notice for each that was sent: the keys in between were not.
  const sent = walk.asked.filter(({ path }) => path === '/commands/set-host')
  expect(sent).toHaveLength(2)
})

test('a host is added, looked at, set up, renamed and removed in its details', async () => {
  const [c] = await echoHosts(1)
  if (c === undefined) throw new Error('there is no host')
  await walk.press('Add a host')
  await walk.field('Name', walk.dialog).fill('c')
  await walk.field('Address', walk.dialog).fill('nowhere')
  await walk.press('Add the host', walk.dialog)
  await walk.shows(walk.dialog, /nowhere/)
  await walk.field('Address', walk.dialog).fill(c.address)
  await walk.field('Weight', walk.dialog).fill('2')
  await walk.confirm('Add the host')
  await walk.runs('hosts', 'web/main/c', { address: c.address, weight: 2, intent: 'enabled' })
  await eventually(() => c.accepted > 0, 'it gets sessions')

  await walk.host('web/main/c').locator('.name-button').click()
  await walk.shows(walk.dialog, 'yes, it is ready')
  await walk.dialog.getByRole('img', { name: /looks?, 0 bad/ }).waitFor()
  await walk.press('Read again', walk.dialog)
  await walk.press('Look at it now', walk.dialog)
  await walk.shows(walk.dialog.getByRole('status'), /web\/main\/c/)
  await walk.dialog.getByRole('tab', { name: 'Settings' }).click()
  await walk.field('Sessions at most', walk.dialog).fill('7')
  await walk.field('Weight', walk.dialog).fill('300')
  await walk.press('Set 2 fields', walk.dialog)
  await walk.shows(walk.dialog, /0 to 256/)
  await walk.field('Weight', walk.dialog).fill('9')
  await walk.press(/^Set/, walk.dialog)
  await walk.runs('hosts', 'web/main/c', { weight: 9, maxSessions: 7 })

  await walk.press('Rename', walk.dialog)
  await walk.field('New name', walk.dialog).fill('third')
  await walk.confirm('Rename the host')
  await walk.runs('hosts', 'web/main/third', { address: c.address })
  await walk.host('web/main/third').locator('.name-button').click()
  await walk.press('Remove', walk.dialog)
  await walk.shows(walk.dialog, /web\/main\/third is taken out of its group/)
  await walk.confirm('Remove the host')
  await walk.runsNot('hosts', 'web/main/third')
  await walk.host('web/main/third').waitFor({ state: 'hidden' })
})

test('the sessions of a host are ended after they were counted', async () => {
  const stays = await steadyClients(walk.sluice.addressOf('web'), 4)
  await walk.host('web/main/a').locator('.name-button').click()
  await walk.press('End its sessions', walk.dialog)
  await walk.shows(walk.dialog, /open sessions? of web\/main\/a (?:is|are) ended at once/)
  await walk.confirm('End the sessions')
  await eventually(
    () => stays.clients.filter(({ socket }) => socket.readyState !== 'open').length >= 1,
    'clients of the host are gone',
  )
  await walk.press('Close', walk.dialog)
})

test('what is seen of a host comes by itself, with the reason in words', async () => {
  const [, b] = hosts
  await walk.sluice.command(`set host web/main/b ip ${await refusingAddress()}`)
  await walk.shows(walk.host('web/main/b'), /down.*refused/)
  await walk.sluice.command(`set host web/main/b ip ${b?.address}`)
  await walk.shows(walk.host('web/main/b'), /up/)
})

test('the last host of a group that serves is protected, and the page says so', async () => {
  await walk.go('/services/lone', 'lone')
  await walk.press('Details of lone/main/only', walk.host('lone/main/only').locator('.buttons'))
  await walk.press('Remove', walk.dialog)
  await walk.shows(walk.dialog, /It is the last host of main, which serves/)
  await walk.press('Remove the host', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), /last host/)
  await walk.press('Cancel', walk.dialog)
  await walk.press('Close', walk.dialog)
  await walk.runs('hosts', 'lone/main/only', { intent: 'enabled' })
})

test('nobody else was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await passing.stop()
  await walk.expectWalked(WALKED['service-hosts'], /status of (?:409|422)/)
})
