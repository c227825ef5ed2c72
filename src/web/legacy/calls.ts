// The ancestors' calls that change something, and the lines of the command table that each of them stands for. Some were
// only planned there. What may be done, and by whom, is for the lines to say.
import { BalancerError } from '../../base/errors.ts'
import type { LineParts } from '../../commands/line/write-line.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import type { Accepted, Arguments } from './arguments.ts'

export interface LegacyCall extends Accepted {
  /** What it does, for the documentation. */
  readonly summary: string
  /** In order, all or none of them. @throws BalancerError NOT_FOUND */
  lines(given: Given, balancer: Balancer): readonly LineParts[]
}

/** The value of an argument; '' where it was not given. */
export type Given = (name: string) => string

const HOST = { required: ['service', 'group'], oneOf: ['ip', 'name'] } as const

export const LEGACY_CALLS = {
  addHost: {
    summary: 'add a host to a group; it gets sessions at once',
    required: ['service', 'group', 'name', 'ip'],
    lines: (given) => [
      { verb: 'add host', words: [pathOf(given, 'service', 'group', 'name'), given('ip')] },
    ],
  },
  delHost: {
    summary: 'take a host out of a group; the last one of the enabled group stays',
    ...HOST,
    lines: hostLines('remove host'),
  },
  delAllHosts: {
    summary: 'take all hosts out of a group, all or none; refused for the enabled one',
    required: ['service', 'group'],
    lines: (given, balancer) => {
      const hosts = groupOf(given, balancer).hostList
      return hosts.map(({ path }) => ({ verb: 'remove host', words: [path] }))
    },
  },
  enableGroup: {
    summary: 'let a group serve; open sessions stay where they are',
    required: ['service', 'group'],
    lines: groupLines('enable group'),
  },
  changeScheduler: {
    summary: 'choose hosts of a group by another rule',
    required: ['service', 'group', 'scheduler'],
    lines: (given) => [
      {
        verb: 'set group',
        words: [pathOf(given, 'service', 'group'), 'scheduler', given('scheduler')],
      },
    ],
  },
  addUser: {
    summary: 'add a user; password is a hash (crypt, or what sluice passwd prints)',
    required: ['name', 'password', 'access'],
    lines: (given) => [
      {
        verb: 'user add',
        words: [given('name')],
        flags: { role: given('access'), passwordHash: given('password') },
      },
    ],
  },
  delUser: {
    summary: 'remove a user; not the last one who may add users, nor oneself',
    required: ['name'],
    lines: (given) => [{ verb: 'user remove', words: [given('name')] }],
  },
  newService: {
    summary: 'add a service, with ip also a port',
    required: ['service'],
    optional: ['ip'],
    lines: (given) => {
      const service = pathOf(given, 'service')
      const port = { verb: 'listen add', words: [service, given('ip')] }
      return [{ verb: 'add service', words: [service] }, ...(given('ip') === '' ? [] : [port])]
    },
  },
  newGroup: {
    summary: 'add a group without hosts',
    required: ['service', 'group'],
    optional: ['scheduler'],
    lines: (given) => {
      const scheduler = given('scheduler')
      const flags = scheduler === '' ? {} : { scheduler }
      return [{ verb: 'add group', words: [pathOf(given, 'service', 'group')], flags }]
    },
  },
  delGroup: {
    summary: 'remove a group with its hosts; not the enabled one',
    required: ['service', 'group'],
    lines: groupLines('remove group'),
  },
  retryHost: {
    summary: 'look at a host now; this one look decides whether it is up',
    ...HOST,
    lines: hostLines('retry host'),
  },
  hostAdminDown: {
    summary: 'give a host no new sessions; open ones finish',
    ...HOST,
    lines: hostLines('disable host'),
  },
  hostAdminUp: {
    summary: 'give a host sessions again',
    ...HOST,
    lines: hostLines('enable host'),
  },
  save: {
    summary: 'write what runs to the file now',
    required: [],
    lines: () => [{ verb: 'save', words: [] }],
  },
  closeLog: {
    summary: 'open the log file anew, and take edits of the configuration file over',
    required: [],
    lines: () => [{ verb: 'reload', words: [] }],
  },
} as const satisfies Readonly<Record<string, LegacyCall>>

export function givenIn(given: Arguments): Given {
  return (name) => given.get(name.toLowerCase()) ?? ''
}

function groupLines(verb: string): LegacyCall['lines'] {
  return (given) => [{ verb, words: [pathOf(given, 'service', 'group')] }]
}

function hostLines(verb: string): LegacyCall['lines'] {
  return (given, balancer) => [{ verb, words: [hostPathOf(given, balancer)] }]
}

// Scripts know a host by its address; the documentation of the ancestor said its name.
function hostPathOf(given: Given, balancer: Balancer): string {
  if (given('name') !== '') return pathOf(given, 'service', 'group', 'name')
  const { path, hostList } = groupOf(given, balancer)
  const ip = given('ip')
  const [host, ...more] = hostList.filter(({ address }) => address === ip)
  if (host === undefined) throw new BalancerError('NOT_FOUND', `${path} has no host at ${ip}`)
  if (more.length === 0) return host.path
  const names = [host, ...more].map(({ name }) => name).join(', ')
  throw new BalancerError(
    'REFUSED',
    `${path} has several hosts at ${ip}; say name=, one of ${names}`,
  )
}

function groupOf(given: Given, balancer: Balancer): Group {
  pathOf(given, 'service', 'group')
  return balancer.service(given('service')).group(given('group'))
}

/** @throws BalancerError NAME_BAD: a name with a slash would be another object's path */
function pathOf(given: Given, ...names: readonly string[]): string {
  const values = names.map(given)
  const bad = values.find((value) => value.includes('/'))
  if (bad !== undefined) throw new BalancerError('NAME_BAD', `${bad}: a name has no /`)
  return values.join('/')
}
