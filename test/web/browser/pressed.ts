// Where every control of the page is pressed: a balancer that has some of everything, an operator at its page, and what is
// typed into which field.
import { hashPassword } from '../../../src/base/password-hash.ts'
import type { BrowserOptions } from '../../helpers/browser.ts'
import { connectTo } from '../../helpers/clients.ts'
import { Crawl } from '../../helpers/page-crawl.ts'
import { noteControls } from '../../helpers/page-controls.ts'
import { startWalk, type Walk } from '../../helpers/page-walk.ts'
import { makeClientKey } from '../../helpers/ssh-client.ts'
import { echoHosts } from '../../helpers/steady-clients.ts'
import { whenOver } from '../../helpers/when-over.ts'

export const PASSWORD = 'only looking'

/** The parts of the frame that come and go with what is done. */
export const FRAME = ['notices', 'jobs-corner', 'banners']

const HOSTS = ['north', 'south', 'east', 'west', 'centre'] as const

/** What could be called otherwise. */
const NAMES = [
  ...HOSTS,
  'web',
  'lone',
  'prime',
  'spare',
  'fresh',
  'renamed',
  'op',
  'bob',
  'rita',
  'deploy',
  'robot',
  // A group says so of itself beside its name.
  'serves',
  'PANIC',
]

export interface Pressed {
  readonly walk: Walk
  readonly crawl: Crawl
}

/** @param except those that are not pressed */
export async function startPressing(except: RegExp, browser?: BrowserOptions): Promise<Pressed> {
  const addresses = (await echoHosts(HOSTS.length + 2)).map(({ address }) => address)
  const [added = '', moved = ''] = addresses.slice(HOSTS.length)
  const hosts = HOSTS.map((name, index) => `<host name="${name}" ip="${addresses[index]}" />`)
  const walk = await startWalk({
    services: `
  <service name="web">
    <listen ip="127.0.0.1:0" />
    <group name="prime" scheduler="roundrobin" enable="true">
      ${hosts.join('\n      ')}
      <check type="tcp" interval="1s" />
    </group>
    <group name="spare" scheduler="roundrobin"><host name="west" ip="${added}" /></group>
  </service>
  <service name="lone">
    <listen ip="127.0.0.1:0" />
    <group name="prime" scheduler="roundrobin" enable="true"><host name="west" ip="${added}" /></group>
  </service>`,
    users: `
    <user name="bob" access="operate" />
    <user name="rita" access="readonly" password="${await hashPassword(PASSWORD)}" />`,
    // What differs stays so until it is settled.
    manager: '<configCheck interval="10" enable="false" />',
    ...(browser ? { browser } : {}),
  })
  await walk.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await walk.page.emulateMedia({ reducedMotion: 'reduce' })
  const controls = await noteControls(walk.page, NAMES)
  const { line } = makeClientKey(walk.sluice.folder, 'laptop')
  const samples = samplesWith({ added, moved, key: line })
  return {
    walk,
    crawl: new Crawl(walk, controls, { samples, except, spared: /^(?:Change|Remove) op$/ }),
  }
}

interface Given {
  /** Of a host that is added, and of one that is elsewhere from now on. */
  readonly added: string
  readonly moved: string
  /** A public key. */
  readonly key: string
}

function samplesWith({ added, moved, key }: Given): Readonly<Record<string, string>> {
  return {
    Name: 'fresh',
    'New name': 'renamed',
    'Make a token: Name': 'robot',
    Address: added,
    'Host *: Address': moved,
    'Open a port for *: Address': '127.0.0.2:0',
    'New address': '127.0.0.3:0',
    'Idle time-out': '2h',
    'Sessions at most': '5000',
    Retries: '3',
    Allow: '127.0.0.0/8',
    Deny: '192.0.2.1',
    Program: '/bin/true',
    'Good status': '200-299',
    Find: 'service',
    'Public keys': key,
    Password: PASSWORD,
    'New password': `${PASSWORD} too`,
    Expires: '30d',
    'Add a key: Operator': 'bob',
    'Audit: Operator': 'op',
    'Log in: Operator': 'rita',
    Client: '127.0.0.1',
    'Service, group, host or listener': 'web/prime/north',
    'With this text': 'web',
  }
}

/** Clients that come back whenever their session is ended. */
export async function returningClients(address: string, count: number): Promise<void> {
  let isOver = false
  whenOver(() => {
    isOver = true
  })
  const stay = async (): Promise<void> => {
    const { socket } = await connectTo(address)
    whenOver(() => socket.destroy())
    // Where it is refused, it stays away.
    socket.once('close', () => void (isOver ? undefined : stay().catch(() => {})))
  }
  await Promise.all(Array.from({ length: count }, stay))
}

/** Hosts of `web` that are drained until somebody interrupts it: their clients stay. */
export async function drainForLong(walk: Walk, hosts: readonly string[]): Promise<void> {
  await walk.go('/services/web', 'web')
  for (const host of hosts) {
    await walk.press('Drain', walk.host(`web/prime/${host}`))
    await walk.field('When it is empty', walk.dialog).selectOption('disable')
    await walk.confirm('Drain the host')
  }
}
