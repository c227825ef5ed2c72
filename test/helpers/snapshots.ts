// Random snapshots for property tests, made from the model's tables of fields: a field that is added
// there is tried here without another line.
import fc from 'fast-check'
import { formatAddress } from '../../src/base/address.ts'
import type { Field } from '../../src/model/field.ts'
import {
  CHECK_FIELDS,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
  TOKEN_FIELDS,
  USER_FIELDS,
} from '../../src/model/fields.ts'
import { SETTING_FIELDS } from '../../src/model/setting-fields.ts'
import type {
  BalancerSnapshot,
  GroupSnapshot,
  HostSnapshot,
  ListenerSnapshot,
  ServiceSnapshot,
  TokenSnapshot,
  UserSnapshot,
} from '../../src/model/snapshot.ts'

/** Texts of every kind; each field takes those that it accepts. */
const WORDS = `
  true false 0 1 2 50 255 100ms 250ms 1.5s 5s 90s 1h 2d
  none require v1 v2 tcp http exec text json error debug
  random roundrobin leastc sticky draining disabled readonly operate full
  10.0.0.0/8 192.168.0.1 / /a?b=1&c="2" 200 200-299,304 ..xpoEyRReGzk run/x.log
  2030-01-02T03:04:05Z 2031-02-28T23:59:59Z
  sha256:${'1a'.repeat(32)} sha256:${'f0'.repeat(32)}
  10.0.0.1:80 [2001:db8::7]:8080 db.example:5432 unix:/tmp/a&b.sock localhost:2222
`
const SENTENCES = ['', 'a < b & c > "d"', "it's 'quoted'", ' blanks ', 'größer ✓', '10.0.0.0/8 ::1']
const TEXTS = [...WORDS.trim().split(/\s+/), ...SENTENCES]

const NAMES = [
  'web',
  'main',
  'a',
  'b',
  'c',
  'host.0',
  'host.1',
  'with blank',
  'ä&<>"\'',
  '7',
  '42',
  'constructor',
]

function fieldValue<Value>(field: Field<Value>): fc.Arbitrary<Value> {
  const accepted = TEXTS.map((text) => field.read(text)).filter((value) => value !== undefined)
  const often = fc.constant(field.standard)
  return accepted.length === 0 ? often : fc.oneof(often, fc.constantFrom(...accepted))
}

/** fast-check makes objects without a prototype otherwise. */
const PLAIN = { noNullPrototype: true } as const

/** Random values for a whole table. */
function values<Values>(table: object): fc.Arbitrary<Values> {
  const pairs = Object.entries(table).map(([name, field]) => [name, fieldValue(field)])
  return fc.record(Object.fromEntries(pairs), PLAIN) as unknown as fc.Arbitrary<Values>
}

const name = fc.constantFrom(...NAMES)

const address = fc.oneof(
  fc.record({
    host: fc.constantFrom('', '127.0.0.1', '::1', 'localhost'),
    port: fc.integer({ min: 1, max: 30 }),
  }),
  fc.constant({ host: '127.0.0.1', port: 0 }),
)

const host: fc.Arbitrary<HostSnapshot> = fc
  .tuple(
    name,
    values<Omit<HostSnapshot, 'name'>>(HOST_FIELDS),
    fc.constantFrom('10.0.0.1:80', 'unix:/a b', 'x:1'),
  )
  .map(([hostName, others, fallback]) => {
    return { ...others, name: hostName, address: others.address === '' ? fallback : others.address }
  })

const check = values<GroupSnapshot['checks'][number]>(CHECK_FIELDS).map((one) => {
  return one.type === 'exec' && one.command === '' ? { ...one, command: '/bin/true' } : one
})

const group = (hosts: number): fc.Arbitrary<GroupSnapshot> =>
  fc
    .tuple(
      name,
      values<GroupSnapshot>(GROUP_FIELDS),
      namedOnce(host, hosts),
      fc.array(check, { maxLength: 3 }),
    )
    .map(([groupName, others, of, checks]) => ({ ...others, name: groupName, hosts: of, checks }))

const listener: fc.Arbitrary<ListenerSnapshot> = fc
  .tuple(address, values<Omit<ListenerSnapshot, 'address'>>(LISTENER_FIELDS))
  .map(([at, others]) => ({ ...others, address: formatAddress({ kind: 'tcp', ...at }) }))

const service = ({ groups: most, hosts }: Size): fc.Arbitrary<ServiceSnapshot> =>
  fc
    .tuple(
      name,
      values<ServiceSnapshot>(SERVICE_FIELDS),
      fc.uniqueArray(listener, { maxLength: 3, selector: (one) => one.address }),
      namedOnce(group(hosts), most),
      fc.nat(),
    )
    .map(([serviceName, others, listeners, groups, pick]) => {
      const enabledGroup = groups[pick % Math.max(1, groups.length)]?.name ?? ''
      return { ...others, name: serviceName, listeners, groups, enabledGroup }
    })

const key = fc.constantFrom(
  'ssh-ed25519 AAAA a@b',
  'ssh-rsa BBBB c & d',
  'from="10.0.0.0/8" ssh-ed25519 CC x',
)

const user: fc.Arbitrary<UserSnapshot> = fc
  .tuple(name, values<UserSnapshot>(USER_FIELDS), fc.array(key, { maxLength: 3 }))
  .map(([userName, others, keys]) => ({ ...others, name: userName, keys }))

const token: fc.Arbitrary<TokenSnapshot> = fc
  .tuple(name, values<TokenSnapshot>(TOKEN_FIELDS))
  .map(([tokenName, others]) => {
    return { ...others, name: tokenName, hash: others.hash || `sha256:${'0'.repeat(64)}` }
  })

const settings = fc.record(
  Object.fromEntries(Object.entries(SETTING_FIELDS).map(([of, table]) => [of, values(table)])),
  PLAIN,
) as unknown as fc.Arbitrary<BalancerSnapshot['settings']>

/** The most of each that a random configuration has. */
interface Size {
  readonly services: number
  readonly groups: number
  readonly hosts: number
  /** And as many tokens. */
  readonly users: number
}

/** Random configurations that keep every rule of a document. */
function snapshotsOf(size: Size): fc.Arbitrary<BalancerSnapshot> {
  const { services, users } = size
  return fc
    .record(
      {
        services: namedOnce(service(size), services),
        users: namedOnce(user, users),
        tokens: namedOnce(token, users),
        settings,
      },
      PLAIN,
    )
    .map((snapshot) => ({
      ...snapshot,
      services: withAddressesOnce(snapshot.services),
      tokens: namedApart(snapshot),
    }))
}

/** A whole configuration that keeps every rule of a document. */
export const anySnapshot = snapshotsOf({ services: 4, groups: 3, hosts: 6, users: 3 })

/** The same, small enough for thousands of them. */
const smallSnapshot = snapshotsOf({ services: 2, groups: 2, hosts: 3, users: 2 })

/** `from` after a few random edits. */
export function editedFrom(
  from: BalancerSnapshot,
  other = anySnapshot,
): fc.Arbitrary<BalancerSnapshot> {
  return fc
    .tuple(other, fc.infiniteStream(fc.nat({ max: 9 })))
    .map(([another, dice]) => mix(from, another, () => dice.next().value ?? 0))
}

/** Two small configurations that have much in common. */
export const smallAndEdited = smallSnapshot.chain((from) =>
  fc.tuple(fc.constant(from), editedFrom(from, smallSnapshot)),
)

/** Two configurations that have much in common: the second is the first after a few edits. */
export const snapshotAndEdited: fc.Arbitrary<readonly [BalancerSnapshot, BalancerSnapshot]> =
  anySnapshot.chain((from) => fc.tuple(fc.constant(from), editedFrom(from)))

function namedOnce<Item extends { readonly name: string }>(
  item: fc.Arbitrary<Item>,
  maxLength: number,
): fc.Arbitrary<Item[]> {
  return fc.uniqueArray(item, { maxLength, selector: (one) => one.name })
}

/** Operators and tokens share one set of names. */
function namedApart({
  users,
  tokens,
}: Pick<BalancerSnapshot, 'users' | 'tokens'>): BalancerSnapshot['tokens'] {
  return tokens.filter(({ name }) => users.every((user) => user.name !== name))
}

function withAddressesOnce(services: readonly ServiceSnapshot[]): ServiceSnapshot[] {
  const seen = new Set<string>()
  return services.map((one) => ({
    ...one,
    listeners: one.listeners.filter(({ address: at }) => {
      const fresh = at.endsWith(':0') || !seen.has(at)
      seen.add(at)
      return fresh
    }),
  }))
}

// Walk both side by side and take most from the first.
function mix(
  from: BalancerSnapshot,
  other: BalancerSnapshot,
  dice: () => number,
): BalancerSnapshot {
  const services = mixLists(from.services, other.services, dice, (a, b) => mixServices(a, b, dice))
  const users = mixLists(from.users, other.users, dice, (a, b) => mixFields(a, b, dice))
  const tokens = mixLists(from.tokens, other.tokens, dice, (a, b) => mixFields(a, b, dice))
  const mixedSettings = Object.entries(from.settings).map(([of, one]) => {
    return [of, mixFields(one, (other.settings as Record<string, object>)[of] ?? one, dice)]
  })
  return {
    services: withAddressesOnce(services),
    users,
    tokens: namedApart({ users, tokens }),
    settings: Object.fromEntries(mixedSettings),
  }
}

function mixServices(a: ServiceSnapshot, b: ServiceSnapshot, dice: () => number): ServiceSnapshot {
  const groups = mixLists(a.groups, b.groups, dice, (one, two) => ({
    ...mixFields(one, two, dice),
    hosts: mixLists(one.hosts, two.hosts, dice, (x, y) => mixFields(x, y, dice)),
  }))
  const names = groups.map((one) => one.name)
  const kept = names.includes(a.enabledGroup) && dice() < 7 ? a.enabledGroup : names.at(-1)
  const listeners = dice() < 7 ? a.listeners : b.listeners
  return { ...mixFields(a, b, dice), listeners, groups, enabledGroup: kept ?? '' }
}

function mixFields<Item extends object>(a: Item, b: Item, dice: () => number): Item {
  const pairs = Object.entries(a).map(([field, value]) => {
    const taken = field !== 'name' && dice() < 2 ? (b as Record<string, unknown>)[field] : value
    return [field, taken]
  })
  const mixed = Object.fromEntries(pairs)
  // A check of another kind may bring no command, and so on: whole values are taken, never half of one.
  return mixed as Item
}

function mixLists<Item extends { readonly name: string }>(
  a: readonly Item[],
  b: readonly Item[],
  dice: () => number,
  both: (a: Item, b: Item) => Item,
): Item[] {
  const stays = a.filter(() => dice() > 0)
  const names = new Set(stays.map((one) => one.name))
  const comes = b.filter((one) => !names.has(one.name) && dice() < 4)
  const mixed = stays.map((one, index) => both(one, b[index] ?? one))
  for (const one of comes) mixed.splice(dice() % (mixed.length + 1), 0, one)
  if (dice() === 0) mixed.reverse()
  return mixed
}
