// The sessions in a real browser: found by object and by client, explained, and ended one by one, those of a client and those
// of a host, while everybody else goes on.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { beforeAll, onTestFinished, test } from 'vitest'
import { eventually } from '../../helpers/eventually.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { serviceOf } from '../../helpers/sluice-process.ts'
import { echoHosts, steadyClients, type SteadyClients } from '../../helpers/steady-clients.ts'
import { WALKED } from './walked.ts'

let walk: Walk
let steady: SteadyClients

beforeAll(async () => {
  const hosts = await echoHosts(2)
  const [a, b] = hosts.map(({ address }) => address)
  const services = serviceOf('web', [a ?? '']) + serviceOf('mail', [b ?? ''])
  walk = await startWalk({ services })
  steady = await steadyClients(walk.sluice.addressOf('web'), 2)
  await walk.logIn()
  await walk.go('/sessions', 'Sessions')
})

/** A client with an address of its own. */
async function clientFrom(localAddress: string, service: string): Promise<Socket> {
  const [host = '', port = ''] = walk.sluice.addressOf(service).split(':')
  const socket = connect({ host, port: Number(port), localAddress })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.write('hello')
  await once(socket, 'data')
  return socket
}

const table = () => walk.page.getByRole('region', { name: 'Open sessions' })
const rows = () => table().locator('tbody tr')
const gone = (socket: Socket) => eventually(() => socket.readyState === 'closed', 'it is ended')

async function find(scope: string, client: string): Promise<void> {
  await walk.field('Service, group, host or listener').fill(scope)
  await walk.field('Client').fill(client)
  await walk.press('Find')
}

test('sessions stand there as they come and go, and are found by host and by client', async () => {
  await walk.soon(() => rows().count()).toBe(2)
  const mail = await clientFrom('127.0.0.9', 'mail')
  await walk.press('Look again now')
  await walk.shows(rows(), /127\.0\.0\.9.*mail\/main\/a/)
  await walk.shows(walk.page.locator('.list-bar'), '3 sessions are open')
  await find('mail', '')
  await walk.soon(() => rows().count()).toBe(1)
  await find('', '127.0.0.1')
  await walk.soon(() => rows().count()).toBe(2)
  await walk.press('Show all')
  await walk.soon(() => rows().count()).toBe(3)
  // A cell is a filter, too.
  await rows().locator('button[title="Only of mail/main/a"]').click()
  await walk.soon(() => rows().count()).toBe(1)
  mail.destroy()
  await walk.shows(walk.page.locator('main'), 'No session of mail/main/a is open.')
  await find('nobody', '')
  await walk.shows(walk.page.getByRole('alert'), /nobody/)
  await walk.press('Show all')
  await walk.soon(() => rows().count()).toBe(2)
})

test('one is explained, and ended from there', async () => {
  const one = await clientFrom('127.0.0.10', 'mail')
  await walk.press('Look again now')
  await walk.row('127.0.0.10').locator('button[title="Details of this session"]').click()
  await walk.shows(walk.dialog, /mail\/main\/a/)
  await walk.press('End it …', walk.dialog)
  await walk.shows(walk.dialog, /Session \d+ ends at once: its client and its host are cut off\./)
  await walk.confirm('End the session')
  await gone(one)
  await walk.notice('1 session ended.').first().waitFor()
  await walk.row('127.0.0.10').waitFor({ state: 'hidden' })
})

test('one is ended in its row; when it left by itself that is said', async () => {
  const [first, second] = [
    await clientFrom('127.0.0.11', 'mail'),
    await clientFrom('127.0.0.12', 'mail'),
  ]
  await walk.press('Live')
  await walk.press('Look again now')
  await walk
    .row('127.0.0.11')
    .getByRole('button', { name: /^End session/ })
    .click()
  await walk.confirm('End the session')
  await gone(first)
  await walk
    .row('127.0.0.12')
    .getByRole('button', { name: /^End session/ })
    .click()
  second.destroy()
  const left = async () => (await walk.sluice.show('sessions mail')).length
  await walk.soon(left).toBe(0)
  await walk.press('End the session', walk.dialog)
  await walk.shows(walk.dialog.getByRole('alert'), /session/)
  await walk.press('Cancel', walk.dialog)
  await walk.press('Live')
})

test('all of a client, all of a host and all that are shown are ended after they were counted', async () => {
  const [one, two] = [await clientFrom('127.0.0.13', 'mail'), await clientFrom('127.0.0.13', 'web')]
  await find('', '127.0.0.13')
  await walk.press('End all from 127.0.0.13 …')
  await walk.shows(walk.dialog, '2 open sessions from 127.0.0.13 end at once.')
  await walk.confirm('End them')
  await Promise.all([gone(one), gone(two)])

  const three = await clientFrom('127.0.0.14', 'mail')
  await find('mail/main/a', '')
  await walk.press('End all of mail/main/a …')
  await walk.shows(walk.dialog, '1 open session of mail/main/a ends at once.')
  await walk.confirm('End them')
  await gone(three)

  const more = await Promise.all([
    clientFrom('127.0.0.15', 'mail'),
    clientFrom('127.0.0.15', 'mail'),
  ])
  await find('mail', '')
  await walk.press('End the 2 shown …')
  await walk.shows(walk.dialog, '2 open sessions of this page end at once')
  await walk.confirm('End them')
  await Promise.all(more.map(gone))
  await walk.notice('2 sessions ended.').first().waitFor()
})

test('many are shown a page at a time', async () => {
  const many = await steadyClients(walk.sluice.addressOf('web'), 103)
  await walk.press('Show all')
  await walk.shows(
    walk.page.locator('.list-bar'),
    '105 sessions are open, 1 to 100 here, oldest first',
  )
  await walk.press('Next')
  await walk.soon(() => rows().count()).toBe(5)
  await walk.press('Back')
  await walk.soon(() => rows().count()).toBe(100)
  many.clients.forEach(({ socket }) => socket.end())
})

test('nobody else was cut, everything is audited, and the browser had nothing to say', async () => {
  await steady.expectUncut()
  await walk.expectWalked(WALKED.sessions, /status of 404/)
})
