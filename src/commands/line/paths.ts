// Paths typed by an operator: `web`, `web/main`, `web/main/a`, `web/listen/127.0.0.1:8080`. Each kind
// reads one into the live object, so that a command never looks anything up.
import { BalancerError } from '../../base/errors.ts'
import { requireName } from '../../base/names.ts'
import type { Named } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import type { Host } from '../../model/host.ts'
import type { Listener } from '../../model/listener.ts'
import { isAtOrBelow } from '../../model/place.ts'
import type { Service } from '../../model/service.ts'
import type { Kind } from '../command.ts'

const SERVICE = 'SERVICE'
const GROUP = 'SERVICE/GROUP'
const HOST = 'SERVICE/GROUP/HOST'
const LISTENER = 'SERVICE/listen/ADDRESS'

export const servicePath: Kind<Service> = {
  placeholder: SERVICE,
  accepts: 'the name of a service',
  read(path, { balancer }) {
    const [name] = partsOf(path, SERVICE, 'a service')
    return balancer.service(name)
  },
  candidates: ({ balancer }) => pathsOf(balancer.serviceList),
}

export const groupPath: Kind<Group> = {
  placeholder: 'PATH',
  accepts: `a group: ${GROUP}`,
  read(path, { balancer }) {
    const [service, group] = partsOf(path, GROUP, 'a group')
    return balancer.service(service).group(group)
  },
  candidates: ({ balancer }) => pathsOf(balancer.groupList),
}

export const hostPath: Kind<Host> = {
  placeholder: 'PATH',
  accepts: `a host: ${HOST}`,
  read(path, { balancer }) {
    const [service, group, host] = partsOf(path, HOST, 'a host')
    return balancer.service(service).group(group).host(host)
  },
  candidates: ({ balancer }) => pathsOf(balancer.hostList),
}

export const listenerPath: Kind<Listener> = {
  placeholder: 'PATH',
  accepts: `a listener: ${LISTENER}`,
  read(path, { balancer }) {
    const [, service = '', address = ''] = /^([^/]+)\/listen\/(.+)$/.exec(path) ?? []
    if (address === '') throw wrongForm(path, LISTENER, 'a listener')
    return balancer.service(service).listener(address)
  },
  candidates: ({ balancer }) => pathsOf(balancer.listenerList),
}

/** Where a group is to be. */
export const newGroupPath: Kind<{ readonly service: Service; readonly name: string }> = {
  placeholder: 'PATH',
  accepts: `a new group: ${GROUP}`,
  read(path, { balancer }) {
    const [service, name] = partsOf(path, GROUP, 'a group')
    return { service: balancer.service(service), name: requireName(name) }
  },
  candidates: ({ balancer }) => balancer.serviceList.map(({ path }) => `${path}/`),
}

/** Where a host is to be. */
export const newHostPath: Kind<{ readonly group: Group; readonly name: string }> = {
  placeholder: 'PATH',
  accepts: `a new host: ${HOST}`,
  read(path, { balancer }) {
    const [service, group, name] = partsOf(path, HOST, 'a host')
    return { group: balancer.service(service).group(group), name: requireName(name) }
  },
  candidates: ({ balancer }) => balancer.groupList.map(({ path }) => `${path}/`),
}

/** What a list is narrowed to: an object, and with it everything below its path. */
export const scope: Kind<Named> = {
  placeholder: 'PATH',
  accepts: 'the path of an object: it and everything below',
  read: (path, { balancer }) => balancer.find(path.endsWith('/') ? path.slice(0, -1) : path),
  candidates({ balancer }) {
    const lists = [
      balancer.serviceList,
      balancer.groupList,
      balancer.hostList,
      balancer.listenerList,
    ]
    return lists.flatMap(pathsOf)
  },
}

/** Is `path` the object of the scope, or below it? Everything is, where there is no scope. */
export function inScope(path: string, within: Pick<Named, 'path'> | undefined): boolean {
  return within === undefined || isAtOrBelow(path, within.path)
}

function pathsOf(objects: readonly { readonly path: string }[]): readonly string[] {
  return objects.map(({ path }) => path)
}

// The parts of a path that has as many as its form; the third is '' where the form has two.
function partsOf(path: string, form: string, what: string): readonly [string, string, string] {
  const parts = path.split('/')
  if (parts.length !== form.split('/').length) throw wrongForm(path, form, what)
  const [first = '', second = '', third = ''] = parts
  return [first, second, third]
}

function wrongForm(path: string, form: string, what: string): BalancerError {
  return new BalancerError('VALUE_BAD', `${what} is named by ${form}, got ${JSON.stringify(path)}`)
}
