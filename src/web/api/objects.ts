// The objects that the API reads and edits, one row for each kind: where it is found, which commands list, add, set and
// remove it, and what of it can be edited. What all of them have in common is in object-routes.ts.
import { formatAddress, parseAddress } from '../../base/address.ts'
import { BalancerError } from '../../base/errors.ts'
import { faultOfName } from '../../base/names.ts'
import { didYouMean } from '../../base/nearest.ts'
import type { Fields } from '../../commands/line/kinds.ts'
import { SERVICE_SETTABLE } from '../../commands/line/settable.ts'
import type { LineParts, TypedFlags } from '../../commands/line/write-line.ts'
import type { Balancer } from '../../model/balancer.ts'
import { formatGiven } from '../../model/field.ts'
import { GROUP_FIELDS, HOST_FIELDS, LISTENER_FIELDS, SERVICE_FIELDS } from '../../model/fields.ts'
import type { Schema } from './schema.ts'
import { BODIES, type SchemaName } from './schemas.ts'
import type { Fault } from '../problem.ts'
import { faultsIn } from './values.ts'

/** The names in the address of a request. */
export type Names = Readonly<Record<string, string>>

/** What was sent, by property name; every value is of the type that its schema says. */
export type Body = Readonly<Record<string, unknown>>

export interface ObjectKind {
  readonly kind: 'service' | 'listener' | 'group' | 'host'
  readonly schema: SchemaName
  /** `/services/:service/groups`; what stands in it is told in `inside`. */
  readonly list: string
  /** Names in the address of the list, and of one object. */
  readonly inside: Readonly<Record<string, string>>
  readonly names: Readonly<Record<string, string>>
  /** Name of the object itself, in `names`. */
  readonly own: string
  readonly show: string
  readonly table: Fields
  readonly settable: Fields
  readonly bodies: { readonly put: Schema; readonly patch: Schema }
  /** May be removed by `?force=true` where it is the last one. */
  readonly force: boolean
  /** The path of the object, or of what the list is of. @throws BalancerError NAME_BAD */
  pathOf(names: Names): string
  /** Of what can be edited, children included. @throws BalancerError NOT_FOUND */
  stateIn(balancer: Balancer, names: Names): unknown
  /** The line that adds it with these values. */
  addLine(names: Names, flags: TypedFlags, body: Body): LineParts
  readonly remove: string
  /** What is wrong with members of a body that are no fields, and whose schema is not enough to say so. */
  moreFaults?(balancer: Balancer, names: Names, body: Body): readonly Fault[]
  /** What is to be done besides, for members of a body that are no fields. */
  moreLines?(path: string, body: Body, isNew: boolean): readonly LineParts[]
}

const SERVICE = { service: 'name of the service' }
const GROUP = { ...SERVICE, group: 'name of the group' }

const service: ObjectKind = {
  kind: 'service',
  schema: 'Service',
  list: '/services',
  inside: {},
  names: SERVICE,
  own: 'service',
  show: 'show services',
  table: SERVICE_FIELDS,
  settable: SERVICE_SETTABLE,
  bodies: BODIES.service,
  force: false,
  pathOf: (names) => nameIn(names, 'service'),
  stateIn: (balancer, names) => balancer.service(nameIn(names, 'service')).snapshot(),
  addLine: (names, flags) => ({ verb: 'add service', words: [nameIn(names, 'service')], flags }),
  remove: 'remove service',
}

const listener: ObjectKind = {
  kind: 'listener',
  schema: 'Listener',
  list: '/services/:service/listeners',
  inside: SERVICE,
  names: { ...SERVICE, address: 'address of the listener, URL-encoded: `127.0.0.1%3A8080`' },
  own: 'address',
  show: 'show listeners',
  table: LISTENER_FIELDS,
  settable: LISTENER_FIELDS,
  bodies: BODIES.listener,
  force: false,
  pathOf: (names) => {
    const owner = nameIn(names, 'service')
    return names['address'] === undefined ? owner : `${owner}/listen/${addressIn(names)}`
  },
  stateIn: (balancer, names) => {
    return balancer.service(nameIn(names, 'service')).listener(addressIn(names)).snapshot()
  },
  addLine: (names, flags) => {
    // As it was sent: one without a port is refused, while a path has a 0 there.
    return { verb: 'listen add', words: [nameIn(names, 'service'), names['address'] ?? ''], flags }
  },
  remove: 'listen remove',
}

const group: ObjectKind = {
  kind: 'group',
  schema: 'Group',
  list: '/services/:service/groups',
  inside: SERVICE,
  names: GROUP,
  own: 'group',
  show: 'show groups',
  table: GROUP_FIELDS,
  settable: GROUP_FIELDS,
  bodies: BODIES.group,
  force: true,
  pathOf: (names) => pathIn(names, ['service', 'group']),
  stateIn: (balancer, names) => {
    const found = balancer.service(nameIn(names, 'service')).group(nameIn(names, 'group'))
    return { ...found.snapshot(), enabled: found.enabled }
  },
  addLine: (names, flags) => ({ verb: 'add group', words: [group.pathOf(names)], flags }),
  remove: 'remove group',
  moreLines: (path, { enabled }) => {
    return enabled === true ? [{ verb: 'enable group', words: [path] }] : []
  },
}

const host: ObjectKind = {
  kind: 'host',
  schema: 'Host',
  list: '/services/:service/groups/:group/hosts',
  inside: GROUP,
  names: { ...GROUP, host: 'name of the host' },
  own: 'host',
  show: 'show hosts',
  table: HOST_FIELDS,
  settable: HOST_FIELDS,
  bodies: BODIES.host,
  force: true,
  pathOf: (names) => pathIn(names, ['service', 'group', 'host']),
  stateIn: (balancer, names) => {
    const owner = balancer.service(nameIn(names, 'service')).group(nameIn(names, 'group'))
    return owner.host(nameIn(names, 'host')).snapshot()
  },
  addLine(names, { ip = '', ...flags }, { before }) {
    const place = typeof before === 'string' ? { before } : {}
    const words = [host.pathOf(names), String(ip)]
    return { verb: 'add host', words, flags: { ...flags, ...place } }
  },
  remove: 'remove host',
  moreFaults(balancer, names, { before }) {
    const { service: of = '', group: at = '' } = names
    const hosts = balancer.services[of]?.groups[at]?.hosts
    if (hosts === undefined || typeof before !== 'string' || hosts[before] !== undefined) return []
    const near = didYouMean(before, Object.keys(hosts))
    return [
      { path: '/before', detail: `there is no host ${formatGiven(before)} in ${of}/${at}${near}` },
    ]
  },
  moreLines(path, { before }, isNew) {
    if (isNew || before === undefined) return []
    const flags: TypedFlags = typeof before === 'string' ? { before } : {}
    return [{ verb: 'move host', words: [path], flags }]
  },
}

export const OBJECT_KINDS: readonly ObjectKind[] = [service, listener, group, host]

/** Each member of a body that is not accepted, in what the caller edits. */
export function faultsOf(
  kind: ObjectKind,
  balancer: Balancer,
  names: Names,
  body: Body,
): readonly Fault[] {
  return [...faultsIn(kind.table, body), ...(kind.moreFaults?.(balancer, names, body) ?? [])]
}

/** What every field is where nothing is said. */
export function standardsOf({ settable }: ObjectKind): Body {
  return Object.fromEntries(Object.entries(settable).map(([name, field]) => [name, field.standard]))
}

/** `/services/:service/groups/:group` */
export function itemUrl({ list, own }: Pick<ObjectKind, 'list' | 'own'>): string {
  return `${list}/:${own}`
}

// As far as the address goes: that of a list has no name of its own.
function pathIn(names: Names, parts: readonly string[]): string {
  return parts
    .filter((part) => names[part] !== undefined)
    .map((part) => nameIn(names, part))
    .join('/')
}

/** What is no name must not read as a path. @throws BalancerError NAME_BAD */
function nameIn(names: Names, part: string): string {
  const name = names[part] ?? ''
  const fault = faultOfName(name)
  if (fault === undefined) return name
  throw new BalancerError('NAME_BAD', `${part}: ${fault}`)
}

/** In its one way of writing. @throws BalancerError NAME_BAD */
function addressIn({ address = '' }: Names): string {
  const parsed = parseAddress(address)
  const text = parsed === undefined ? '' : formatAddress(parsed)
  if (text !== '' && !/\p{Cc}/u.test(text)) return text
  throw new BalancerError(
    'NAME_BAD',
    `a listener is named by its address, got ${JSON.stringify(address)}`,
  )
}
