// TypeScript's `readonly` ends where a prompt begins: there, assigning to a getter is ignored without a word.
import { BalancerError } from '../base/errors.ts'

/** What to do instead, by the name of the property. */
const INSTEAD: Readonly<Record<string, string>> = {
  name: 'renameService, renameGroup or renameHost of its owner does that',
  mode: 'add a service of that mode and remove this one',
  address: 'moveListener of its service opens another one',
  enabled: 'enableGroup of its service does that',
  ready: 'enable, drain and disable say what is wanted',
  health: 'checks and clients find it out',
  ...verbs('addService and removeService', 'services', 'serviceList'),
  ...verbs('addGroup and removeGroup', 'groups', 'groupList'),
  ...verbs('addHost and removeHost', 'hosts', 'hostList'),
  ...verbs('listen and closeListener', 'listeners', 'listenerList'),
  ...verbs('pause and resume', 'paused', 'pausedUntil'),
  ...verbs('configure', 'settings'),
  ...verbs('setUsers', 'users'),
  ...verbs('setTokens', 'tokens'),
  ...counted('open', 'total', 'failed', 'bytesFromClient', 'bytesFromHost', 'lastClose'),
}

/**
 * Every getter of `prototype` that has no setter gets one that refuses, with the path of the object. And nobody replaces
 * a verb or a getter of all objects at once.
 *
 * @param pathless what an object without a path is called
 */
export function refuseWrites(prototype: object, pathless = 'balancer'): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (property.get === undefined || property.set !== undefined) continue
    const instead = Object.hasOwn(INSTEAD, name) ? `; ${INSTEAD[name]}` : ''
    Object.defineProperty(prototype, name, {
      ...property,
      set(this: { readonly path?: string }) {
        const where = this.path ?? pathless
        throw new BalancerError('REFUSED', `${where}: ${name} cannot be changed${instead}`)
      },
    })
  }
  Object.freeze(prototype)
}

function counted(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'it is counted, not set']))
}

function verbs(who: string, ...names: readonly string[]): Record<string, string> {
  const does = who.includes(' and ') ? 'do' : 'does'
  return Object.fromEntries(names.map((name) => [name, `${who} ${does} that`]))
}
