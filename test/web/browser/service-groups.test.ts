// Groups, listeners and the service as a whole in a real browser: switched, scheduled, set up, rebalanced, opened, moved,
// closed and paused, each with its effect in the running system.
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { connecting, exchange } from '../../helpers/clients.ts'
import { eventually } from '../../helpers/eventually.ts'
import type { TestHost } from '../../helpers/hosts.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let hosts: TestHost[]
let steady: SteadyClients

beforeAll(async () => {
  hosts = await echoHosts(3)
  const [a, b, s] = hosts.map(({ address }) => address)
  walk = await startWalk({
    manager: '<configCheck interval="1" />',
    services: `
  <service name="web">
    <listen ip="127.0.0.1:0" />
    <group name="main" scheduler="roundrobin" enable="true">
      <host name="a" ip="${a}" />
      <host name="b" ip="${b}" />
    </group>
    <group name="spare" scheduler="leastconns"><host name="s" ip="${s}" /></group>
  </service>`,
  })
  steady = await steadyClients(walk.sluice.addressOf('web'), 4)
  await walk.logIn()
  await walk.go('/services/web', 'web')
})

const group = (name: string) => walk.row(name, walk.section('Groups of web'))
const listener = (text: string | RegExp) => walk.row(text, walk.section('Listeners of web'))

test('another group serves after a question, new clients go there, and the open ones stay', async () => {
  await walk.press('Let it serve', group('spare'))
  await walk.shows(
    walk.dialog,
    'New clients of web go to spare, which has 1 host ready, and no more to main. 4 open sessions of main stay where they are.',
  )
  await walk.confirm('Switch to spare')
  await walk.runs('groups', 'web/spare', { enabled: true })
  await walk.shows(group('spare'), 'serves')
  const before = hosts[2]?.accepted ?? 0
  await exchange(walk.sluice.addressOf('web'), 'hello')
  expect(hosts[2]?.accepted).toBe(before + 1)
  await walk.sluice.command('enable group web/main')
  await walk.shows(group('main'), 'serves')
})

test('the scheduler is another one at once, here and from the file', async () => {
  const scheduler = group('main').getByRole('combobox')
  await scheduler.selectOption('leastconns')
  await walk.runs('groups', 'web/main', { scheduler: 'leastconns' })
  await walk.soon(() => scheduler.inputValue()).toBe('leastconns')
  await walk.sluice.command('save')
  const edited = walk.sluice.config.replace(
    /(<group name="main" scheduler=")leastconns/,
    '$1random',
  )
  expect(edited).not.toBe(walk.sluice.config)
  writeFileSync(walk.sluice.file, edited)
  await walk.soon(() => scheduler.inputValue()).toBe('random')
})

test('settings of a group are set, and what is refused says what is accepted', async () => {
  await walk.press('Settings', group('main'))
  await walk.field('Connect time-out', walk.dialog).fill('soon')
  await walk.press('Set', walk.dialog)
  await walk.shows(walk.dialog.locator('.fault'), /soon/)
  await walk.field('Connect time-out', walk.dialog).fill('2s')
  await walk.field('Queue', walk.dialog).fill('10')
  await walk.field('PROXY header', walk.dialog).selectOption('v1')
  await walk.press('Set 3 fields', walk.dialog)
  await walk.runs('groups', 'web/main', { connectTimeoutMs: 2_000, queue: 10, proxy: 'v1' })
  await walk.page.keyboard.press('Escape')
  await walk.dialog.waitFor({ state: 'hidden' })
  await walk.sluice.command('set group web/main proxy none')
})

test('a group is added, and removed with what is in it', async () => {
  await walk.press('Add a group')
  await walk.field('Name', walk.dialog).fill('night')
  await walk.confirm('Add the group')
  await walk.runs('groups', 'web/night', { enabled: false })
  await walk.press('Remove', group('night'))
  await walk.shows(
    walk.dialog,
    'The group web/night is removed with its 0 hosts; no session is open.',
  )
  await walk.confirm('Remove the group')
  await walk.runsNot('groups', 'web/night')
  await group('night').waitFor({ state: 'hidden' })
})

test('a group is rebalanced over a time, says so, and that is stopped', async () => {
  await walk.sluice.command('disable host web/main/b')
  await steadyClients(walk.sluice.addressOf('web'), 6)
  await walk.sluice.command('enable host web/main/b')
  await walk.press('Rebalance', group('main'))
  await walk.shows(walk.dialog, /Ends up to 2 sessions of 10 that are open/)
  await walk.field('Share of its open sessions', walk.dialog).selectOption('50%')
  await walk.shows(walk.dialog, /Ends up to 5 sessions of 10/)
  await walk.field('Spread over', walk.dialog).fill('1h')
  await walk.confirm('End the idlest sessions')
  await walk.shows(group('main'), /rebalance, done in (?:1h|59m)/)
  await walk.press('Rebalance', group('main'))
  await walk.press('Stop it', walk.dialog)
  await walk.runs('groups', 'web/main', { rebalance: null })
  await walk.press('Cancel', walk.dialog)
  await group('main').locator('.badge', { hasText: 'rebalance' }).waitFor({ state: 'hidden' })
  await steady.expectUncut()
})

test('a port is opened, set up, moved and closed, and open sessions go on', async () => {
  const bound = async () =>
    (await walk.sluice.show<{ bound: string }>('listeners')).map((row) => row.bound)
  const [first = ''] = await bound()
  await walk.press('Open a port')
  await walk.field('Address', walk.dialog).fill(first)
  await walk.press('Open the port', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), first)
  await walk.field('Address', walk.dialog).fill('[::1]:0')
  await walk.confirm('Open the port')
  await walk.shows(listener('[::1]:0'), /at \[::1\]:\d+.*open/)
  const second = (await bound()).find((address) => address.startsWith('[::1]')) ?? ''
  expect(await exchange(second, 'hello')).toBe('hello')

  await walk.press('Settings', listener('[::1]:0'))
  await walk.field('Deny', walk.dialog).fill('::1')
  await walk.press('Set', walk.dialog)
  await walk.shows(listener('[::1]:0'), 'everybody but not ::1')
  expect(await exchange(second, 'hello')).toBe('')
  await walk.page.keyboard.press('Escape')

  const moving = await steadyClients(walk.sluice.addressOf('web'), 1)
  await walk.press('Move', listener('127.0.0.1:0'))
  await walk.shows(
    walk.dialog,
    /then 127\.0\.0\.1:0 is closed to new clients; 5 open sessions finish/,
  )
  await walk.field('New address', walk.dialog).fill('127.0.0.2:0')
  await walk.confirm('Move the port')
  await walk.shows(listener('127.0.0.2:0'), 'open')
  await moving.expectUncut()
  const gone = connecting(first)
  await gone.closed()
  expect(gone.errors).toEqual(['ECONNREFUSED'])

  await walk.press('Close', listener('[::1]:0'))
  await walk.shows(walk.dialog, 'No more clients come in at [::1]:0; no session is open.')
  await walk.confirm('Close the port')
  await walk.runsNot('listeners', 'web/listen/[::1]:0')
  await listener('[::1]:0').waitFor({ state: 'hidden' })
})

test('a service is paused: new clients wait and are counted, and go on when it is resumed', async () => {
  await walk.press('Pause')
  await walk.field('At most', walk.dialog).fill('2m')
  await walk.confirm('Let new clients wait')
  const [row] = await walk.sluice.show<{ bound: string }>('listeners')
  let answer = ''
  const waiting = exchange(row?.bound ?? '', 'patience').then((text) => (answer = text))
  await walk.shows(walk.page.locator('.page-head'), /paused, ends in (?:2m|1m\d+s), 1 client waits/)
  await steady.expectUncut()
  expect(answer).toBe('')
  await walk.press('Resume')
  await waiting
  expect(answer).toBe('patience')
  await walk.button('Pause').waitFor()
})

test('the access log is switched on and off, and each session is then a line of the log', async () => {
  // It is drawn as what runs, so it is not what a press makes it at once.
  await walk.page.getByLabel('Access log').click()
  await walk.runs('services', 'web', { accessLog: true })
  const [row] = await walk.sluice.show<{ bound: string }>('listeners')
  await exchange(row?.bound ?? '', 'hello')
  await eventually(() => walk.sluice.logged('session').length > 0, 'the session is logged')
  await walk.soon(() => walk.page.getByLabel('Access log').isChecked()).toBe(true)
  await walk.page.getByLabel('Access log').click()
  await walk.runs('services', 'web', { accessLog: false })
})

test('what was changed is in the file, nobody was cut, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.sluice.command('save')
  const file = readFileSync(walk.sluice.file, 'utf8')
  expect(file).toContain('connectTimeout="2s"')
  expect(file).toContain('127.0.0.2:0')
  await walk.expectWalked(WALKED['service-groups'], /status of (?:409|422)/)
})
