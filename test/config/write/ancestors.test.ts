// Documents of the two ancestors, edited live and saved: would the ancestor still read them, and as what is meant? The
// two readers here are written after the facts known of the old programs; they share nothing with Sluice but the tree,
// and refuse what those programs did not know.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Element, attributeOf } from '../../../src/config/read/parse.ts'
import { requireDocument } from '../../../src/config/read/read.ts'
import { writeDocument } from '../../../src/config/write/write.ts'
import type {
  BalancerSnapshot,
  GroupSnapshot,
  HostSnapshot,
  ServiceSnapshot,
} from '../../../src/model/snapshot.ts'

type Draft<Value> = Value extends readonly (infer Item)[]
  ? Draft<Item>[]
  : Value extends object
    ? { -readonly [Name in keyof Value]: Draft<Value[Name]> }
    : Value
type Edit = (draft: Draft<BalancerSnapshot>) => void

/** Per element: the attributes that are needed, those that may be there, and the children. */
type OldGrammar = Readonly<
  Record<string, { needs?: string; may?: string; children?: string; least?: string }>
>

const TX_GRAMMAR: OldGrammar = {
  config: { children: 'service admin manager control logging' },
  service: { needs: 'name', children: 'listen group', least: 'listen group' },
  listen: { needs: 'ip' },
  group: { needs: 'name scheduler', may: 'enable', children: 'host', least: 'host' },
  host: { needs: 'ip', may: 'name weight' },
  admin: { children: 'web ssh user' },
  web: { may: 'listen enable secure refresh' },
  ssh: { may: 'listen enable' },
  user: { needs: 'name password access' },
  manager: { children: 'hostCheck configCheck heartbeat' },
  hostCheck: { may: 'interval enable' },
  configCheck: { may: 'interval enable' },
  heartbeat: { may: 'interval enable' },
  control: { needs: 'socket' },
  logging: { needs: 'file' },
}

const DIRECTOR_GRAMMAR: OldGrammar = {
  pdconfig: { children: 'service admin logging checktime' },
  service: { needs: 'name', children: 'listen group enable', least: 'listen group enable' },
  listen: { needs: 'ip' },
  group: { needs: 'name scheduler', children: 'host', least: 'host' },
  host: { needs: 'ip', may: 'name' },
  enable: { needs: 'group' },
  admin: { needs: 'listen', may: 'secure', children: 'user' },
  user: { needs: 'name password access' },
  logging: { needs: 'file' },
  checktime: { needs: 'time' },
}

const TX_SCHEDULERS: Readonly<Record<string, string>> = {
  rand: 'random',
  roundr: 'roundrobin',
  leastc: 'leastconnsrr',
  weightr: 'weightedrandom',
  weightlc: 'weightedleastconns',
  sticky: 'sticky',
}
const DIRECTOR_SCHEDULERS = ['random', 'roundrobin', 'leastconns', 'leastconnsrr']

/** What an old program would have made of a document: enough to see that it means the same. */
interface OldReading {
  readonly services: Readonly<Record<string, unknown>>
  readonly users: Readonly<Record<string, string>>
}

const words = (text = '') => text.split(' ').filter((word) => word !== '')

function requireGrammar(element: Element, grammar: OldGrammar, ignored: readonly string[]): void {
  const { needs, may, children, least } = grammar[element.name] ?? {}
  const names = element.tag.attributes.map(({ name }) => name)
  for (const name of words(needs)) expect(names, `<${element.name}> needs ${name}`).toContain(name)
  const known = [...words(needs), ...words(may)]
  for (const name of names) expect(known, `${name} in <${element.name}> is new`).toContain(name)
  const inside = element.children.filter(({ name }) => !ignored.includes(name))
  for (const name of words(least))
    expect(
      inside.map((child) => child.name),
      `<${element.name}> needs <${name}>`,
    ).toContain(name)
  for (const child of inside) {
    expect(words(children), `<${child.name}> in <${element.name}> is new`).toContain(child.name)
    requireGrammar(child, grammar, ignored)
  }
}

const all = (element: Element | undefined, name: string) =>
  element?.children.filter((child) => child.name === name) ?? []
const said = (element: Element | undefined, name: string) =>
  (element && attributeOf(element, name)?.value) ?? ''

function requireAddress(text: string, form: RegExp): string {
  expect(text).toMatch(form)
  return text
}

function hostsOf(group: Element, form: RegExp): string[] {
  return all(group, 'host').map((host, index) => {
    return `${said(host, 'name') || `host.${index}`} ${requireAddress(said(host, 'ip'), form)} ${said(host, 'weight') || 1}`
  })
}

function usersOf(root: Element): Record<string, string> {
  const users = all(all(root, 'admin')[0], 'user')
  for (const user of users) expect(['full', 'readonly']).toContain(said(user, 'access'))
  return Object.fromEntries(users.map((user) => [said(user, 'name'), said(user, 'access')]))
}

function readAsTxLoadBalancer(root: Element): OldReading {
  expect(root.name).toBe('config')
  requireGrammar(root, TX_GRAMMAR, ['note'])
  const truth = (text: string) => ['yes', '1', 'on', 'enable', 'true'].includes(text.toLowerCase())
  const address = /^[^:\s]*(:\d+)?$/
  for (const timer of all(all(root, 'manager')[0], 'hostCheck').concat(
    all(all(root, 'manager')[0], 'configCheck'),
  ))
    expect(Number(said(timer, 'interval') || 0), 'float(interval)').not.toBeNaN()
  const services = all(root, 'service').map((service) => {
    const enabled = all(service, 'group').filter((group) => truth(said(group, 'enable')))
    expect(enabled, 'one enabled group').toHaveLength(1)
    const groups = all(service, 'group').map((group) => {
      const scheduler = TX_SCHEDULERS[said(group, 'scheduler')]
      expect(scheduler, `scheduler ${said(group, 'scheduler')} is new`).toBeDefined()
      return [said(group, 'name'), [scheduler, ...hostsOf(group, address)]]
    })
    for (const listen of all(service, 'listen')) requireAddress(said(listen, 'ip'), address)
    return [said(service, 'name'), [said(enabled[0], 'name'), Object.fromEntries(groups)]]
  })
  return { services: Object.fromEntries(services), users: usersOf(root) }
}

function readAsPythonDirector(root: Element): OldReading {
  expect(root.name).toBe('pdconfig')
  requireGrammar(root, DIRECTOR_GRAMMAR, [])
  const address = /^[^:\s]+:\d+$/
  expect(all(root, 'admin').length, 'one admin').toBeLessThan(2)
  for (const { name } of all(root, 'checktime').flatMap((one) => one.tag.attributes))
    expect(name).toBe('time')
  for (const one of all(root, 'checktime')) expect(said(one, 'time')).toMatch(/^\d+$/)
  const services = all(root, 'service').map((service) => {
    const enabled = said(all(service, 'enable').at(-1), 'group')
    const groups = all(service, 'group').map((group) => {
      expect(DIRECTOR_SCHEDULERS).toContain(said(group, 'scheduler'))
      return [said(group, 'name'), [said(group, 'scheduler'), ...hostsOf(group, address)]]
    })
    expect(groups.map(([name]) => name)).toContain(enabled)
    for (const listen of all(service, 'listen')) requireAddress(said(listen, 'ip'), address)
    return [said(service, 'name'), [enabled, Object.fromEntries(groups)]]
  })
  return { services: Object.fromEntries(services), users: usersOf(root) }
}

/** What is meant, in the form of an old reading. */
function meant({ services, users }: BalancerSnapshot): OldReading {
  const hosts = (group: GroupSnapshot) =>
    group.hosts.map(({ name, address, weight }) => `${name} ${address} ${weight}`)
  const groups = ({ groups: of }: ServiceSnapshot) =>
    Object.fromEntries(of.map((group) => [group.name, [group.scheduler, ...hosts(group)]]))
  return {
    services: Object.fromEntries(
      services.map((service) => [service.name, [service.enabledGroup, groups(service)]]),
    ),
    users: Object.fromEntries(users.map(({ name, access }) => [name, access])),
  }
}

const host = (name: string, address: string): Draft<HostSnapshot> => ({
  name,
  address,
  weight: 1,
  intent: 'enabled',
  maxSessions: 0,
})

const COMMON: Readonly<Record<string, Edit>> = {
  nothing: () => {},
  'a host comes': ({ services }) => services[0]!.groups[0]!.hosts.push(host('new', '10.9.9.9:80')),
  'a host comes first': ({ services }) =>
    services[0]!.groups[1]!.hosts.unshift(host('new', '10.9.9.9:80')),
  'a host goes': ({ services }) => services[0]!.groups[0]!.hosts.shift(),
  'hosts change their order': ({ services }) => services[0]!.groups[0]!.hosts.reverse(),
  'a host moves': ({ services }) => (services[0]!.groups[0]!.hosts[1]!.address = '10.9.9.9:81'),
  'another group is enabled': ({ services }) =>
    (services[0]!.enabledGroup = services[0]!.groups[1]!.name),
  'another scheduler': ({ services }) => (services[0]!.groups[0]!.scheduler = 'roundrobin'),
  'a listener comes': ({ services }) =>
    services[0]!.listeners.push({ ...services[0]!.listeners[0]!, address: '127.0.0.1:9999' }),
  'a group comes': ({ services }) =>
    services[0]!.groups.push({
      ...structuredClone(services[0]!.groups[0]!),
      name: 'blue',
      scheduler: 'random',
    }),
  'a group goes': ({ services }) => services[0]!.groups.pop(),
  'a service comes': ({ services }) =>
    services.push({
      ...structuredClone(services[0]!),
      name: 'www',
      listeners: [{ ...services[0]!.listeners[0]!, address: '127.0.0.1:9998' }],
    }),
  'a service goes': ({ services }) => services.pop(),
  'everything has another name': ({ services }) => {
    for (const service of services) {
      service.name += '2'
      for (const group of service.groups) {
        group.name += '2'
        for (const one of group.hosts) one.name += '2'
      }
      service.enabledGroup += '2'
    }
  },
  'a user comes': ({ users }) =>
    users.push({
      name: 'carol',
      access: 'readonly',
      password: '..xpoEyRReGzk',
      auth: 'any',
      keys: [],
    }),
  'a user gets another role': ({ users }) => (users[1]!.access = 'full'),
  'a user goes': ({ users }) => users.pop(),
  'the interval of the checks': ({ settings }) => (settings.hostCheck.intervalMs = 90_000),
  'the page moves': ({ settings }) =>
    Object.assign(settings.web, { listen: '127.0.0.1:7009', secure: true }),
  'another log file': ({ settings }) => (settings.logging.file = '/var/log/other.log'),
}

const TX_ONLY: Readonly<Record<string, Edit>> = {
  ...COMMON,
  'a weight': ({ services }) => (services[0]!.groups[0]!.hosts[1]!.weight = 7),
  'weighted schedulers': ({ services }) => {
    services[0]!.groups[0]!.scheduler = 'weightedrandom'
    services[0]!.groups[1]!.scheduler = 'weightedleastconns'
  },
  timers: ({ settings }) => {
    settings.configCheck.intervalMs = 1_500
    settings.heartbeat.enable = true
  },
  'ssh moves': ({ settings }) => (settings.ssh.listen = 'localhost:2223'),
}

const ANCESTORS = [
  ['txLoadBalancer', 'etc/examples/txloadbalancer-style.xml', readAsTxLoadBalancer, TX_ONLY],
  ['PythonDirector', 'etc/examples/pythondirector-style.xml', readAsPythonDirector, COMMON],
] as const

describeEach()

function describeEach(): void {
  for (const [ancestor, file, readOld, edits] of ANCESTORS) {
    const text = readFileSync(file, 'utf8')
    test.each(Object.entries(edits))(
      `${ancestor} still reads its document after: %s`,
      (_, edit) => {
        const document = requireDocument(text, file)
        const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
        edit(draft)
        const saved = writeDocument(document, draft as BalancerSnapshot)
        expect(readOld(saved.root)).toEqual(meant(draft as BalancerSnapshot))
      },
    )

    test(`${ancestor} still reads its document after all of it, one save after the other`, () => {
      let document = requireDocument(text, file)
      for (const edit of Object.values(edits)) {
        const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
        edit(draft)
        document = writeDocument(document, draft as BalancerSnapshot)
        expect(readOld(document.root)).toEqual(meant(document.snapshot))
      }
    })
  }
}

test('what an ancestor did not know is noticed', () => {
  const [, [, file]] = ANCESTORS
  const document = requireDocument(readFileSync(file, 'utf8'), file)
  const draft = structuredClone(document.snapshot) as Draft<BalancerSnapshot>
  draft.services[0]!.groups[0]!.hosts[0]!.weight = 2
  const { root } = writeDocument(document, draft as BalancerSnapshot)
  expect(() => readAsPythonDirector(root)).toThrow('weight in <host> is new')
})
