// What a document that loads is warned of: things that are allowed and seldom meant. Pure: looks at the document
// and at the few facts about its surroundings that it is given, and reads nothing itself.
import type { Field } from '../../model/field.ts'
import { SETTING_FIELDS } from '../../model/setting-fields.ts'
import type { ServiceSnapshot, UserSnapshot } from '../../model/snapshot.ts'
import { adviseOnTokens, adviseOnWeb } from './advice-access.ts'
import { adviseOnGroups } from './advice-groups.ts'
import { adviseOnOpenings } from './advice-openings.ts'
import { type Fault, FaultList } from './fault.ts'
import { LISTEN_ADDRESS } from './grammar.ts'
import { type Element, childOf } from './parse.ts'
import { type Placed, placeOf, placed } from './placed.ts'
import { webElementIn } from './read-settings.ts'
import type { Document } from './read.ts'

/** What only somebody outside of the document knows; a rule that needs what is missing is left out. */
export interface Surroundings {
  /** The lowest port that may be opened: 0 for root, mostly 1024 for others. */
  readonly portsFrom?: number
  /** Does a key, in the document or in a file, let this operator in? */
  readonly hasKey?: (user: UserSnapshot) => boolean
  /** Milliseconds since 1970. */
  readonly now?: number
}

export function adviceOn(document: Document, around: Surroundings = {}): readonly Fault[] {
  const faults = new FaultList(document.file, document.text)
  const services = servicesOf(document)
  for (const service of services) adviseOnGroups(service, faults)
  adviseOnOpenings([...listenersOf(services), ...ownOpeningsOf(document)], around.portsFrom, faults)
  adviseOnRecovery(document, faults)
  adviseOnWeb(document, faults)
  if (around.now !== undefined) adviseOnTokens(document, around.now, faults)
  if (around.hasKey !== undefined) adviseOnLogins(document, around.hasKey, faults)
  return faults.list
}

function servicesOf({ root, snapshot }: Document): readonly Placed<ServiceSnapshot>[] {
  return placed(root, 'service', snapshot.services)
}

function listenersOf(services: readonly Placed<ServiceSnapshot>[]) {
  return services.flatMap(({ element, item }) =>
    placed(element, 'listen', item.listeners).map((listener) => ({
      address: listener.item.address,
      what: `a listener of service ${item.name}`,
      offset: placeOf(listener.element, LISTEN_ADDRESS),
    })),
  )
}

// What the process opens for itself: ssh, the page, the control socket.
function ownOpeningsOf({ root, snapshot }: Document) {
  const { ssh, web, control } = snapshot.settings
  const admin = childOf(root, 'admin')
  const opening = (element: Element | undefined, field: Field<string>, address: string) => ({
    address,
    offset: element === undefined ? root.start : placeOf(element, field),
  })
  const { socket } = SETTING_FIELDS.control
  return [
    ...(ssh.enable
      ? [{ what: 'ssh', ...opening(childOf(admin, 'ssh'), SETTING_FIELDS.ssh.listen, ssh.listen) }]
      : []),
    ...(web.enable
      ? [
          {
            what: 'the web page',
            ...opening(webElementIn(root), SETTING_FIELDS.web.listen, web.listen),
          },
        ]
      : []),
    ...(control.socket === ''
      ? []
      : [
          {
            what: 'the control socket',
            ...opening(childOf(root, 'control'), socket, `unix:${control.socket}`),
          },
        ]),
  ]
}

function adviseOnRecovery({ root, snapshot }: Document, faults: FaultList): void {
  const { hostCheck, heartbeat } = snapshot.settings
  if (hostCheck.enable || heartbeat.enable) return
  const [left] = snapshot.services.flatMap((service) =>
    service.groups
      .filter(({ name, maxFails, checks }) => {
        return name === service.enabledGroup && maxFails > 0 && checks.length === 0
      })
      .map(({ name }) => `${service.name}/${name}`),
  )
  if (left === undefined) return
  const element = childOf(childOf(root, 'manager'), 'hostCheck')
  const offset =
    element === undefined ? root.start : placeOf(element, SETTING_FIELDS.hostCheck.enable)
  faults.warn(
    offset,
    `hostCheck is off: a failed host of ${left}, which has no <check>, stays out until an operator brings it back`,
  )
}

function adviseOnLogins(
  { root, snapshot }: Document,
  hasKey: (user: UserSnapshot) => boolean,
  faults: FaultList,
): void {
  const { users, settings } = snapshot
  if (!settings.ssh.enable || users.some((user) => mayLogIn(user, hasKey))) return
  const why =
    users.length === 0 ? 'there is no <user>' : 'no <user> has a key or password that fits'
  faults.warn(
    childOf(childOf(root, 'admin'), 'ssh')?.start ?? root.start,
    `ssh is enabled and nobody can log in: ${why}; sluice keygen NAME makes a key`,
  )
}

function mayLogIn(user: UserSnapshot, hasKey: (user: UserSnapshot) => boolean): boolean {
  const password = user.password !== ''
  switch (user.auth) {
    case 'any':
      return password || hasKey(user)
    case 'publickey':
      return hasKey(user)
    case 'password':
      return password
    case 'publickey+password':
      return password && hasKey(user)
    default:
      return user.auth satisfies never
  }
}
