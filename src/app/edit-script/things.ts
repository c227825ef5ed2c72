// One difference of a service, or of something in it, as commands.
import {
  type Added,
  type Changed,
  type Difference,
  isListed,
  type Removed,
} from '../../config/compare/difference.ts'
import { servingFirst } from '../../config/compare/diff-services.ts'
import {
  type CheckValues,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
} from '../../model/fields.ts'
import type { GroupSnapshot, ServiceSnapshot } from '../../model/snapshot.ts'
import { checkEdits } from './checks.ts'
import { beforeFlag, edit, type Edit, flagsOf, setEdit } from './edit.ts'

const TABLES = {
  service: SERVICE_FIELDS,
  listener: LISTENER_FIELDS,
  group: GROUP_FIELDS,
  host: HOST_FIELDS,
} as const

const { address: _address, ...HOST_FLAGS } = HOST_FIELDS

/**
 * None where it is a difference of an operator, a token or a setting.
 *
 * @param emptying paths of what goes by force, because nobody is left
 */
export function thingEdits(difference: Difference, emptying: ReadonlySet<string>): readonly Edit[] {
  switch (difference.action) {
    case 'add':
      return addEdits(difference)
    case 'remove':
      return removeEdits(difference, emptying)
    case 'set':
      return changeEdits(difference)
    default:
      return difference satisfies never
  }
}

function addEdits({ path, before, ...thing }: Added): readonly Edit[] {
  switch (thing.kind) {
    case 'service':
      return addService(thing.to)
    case 'listener': {
      const [service = ''] = path.split('/')
      const flags = flagsOf(thing.to, LISTENER_FIELDS)
      return [edit({ verb: 'listen add', words: [service, thing.to.address], flags })]
    }
    case 'group':
      return addGroup(path, thing.to)
    case 'host': {
      const flags = { ...flagsOf(thing.to, HOST_FLAGS), ...beforeFlag(before) }
      return [edit({ verb: 'add host', words: [path, thing.to.address], flags })]
    }
    case 'user':
    case 'token':
      return []
    default:
      return thing satisfies never
  }
}

/** Without its listeners. */
function addService(service: ServiceSnapshot): readonly Edit[] {
  const { name, groups } = service
  return [
    edit({ verb: 'add service', words: [name], flags: flagsOf(service, SERVICE_FIELDS) }),
    ...servingFirst(groups, service).flatMap((group) => addGroup(`${name}/${group.name}`, group)),
  ]
}

function addGroup(path: string, group: GroupSnapshot): readonly Edit[] {
  return [
    edit({ verb: 'add group', words: [path], flags: flagsOf(group, GROUP_FIELDS) }),
    ...group.hosts.map((host) => {
      const words = [`${path}/${host.name}`, host.address]
      return edit({ verb: 'add host', words, flags: flagsOf(host, HOST_FLAGS) })
    }),
    ...checkEdits(path, [], group.checks),
  ]
}

function removeEdits({ kind, path }: Removed, emptying: ReadonlySet<string>): readonly Edit[] {
  if (isListed(kind)) return []
  const verb = kind === 'listener' ? 'listen remove' : `remove ${kind}`
  if (!emptying.has(path)) return [edit({ verb, words: [path] })]
  const whose = kind === 'host' ? 'this group' : path.slice(0, path.indexOf('/'))
  const notes = [`from here on nobody is served by ${whose}`]
  return [edit({ verb, words: [path], flags: { force: true }, notes })]
}

function changeEdits({ kind, path, field, from, to }: Changed): readonly Edit[] {
  if (kind === 'setting' || isListed(kind)) return []
  switch (`${kind} ${field}`) {
    case 'service name':
    case 'group name':
    case 'host name':
      return [edit({ verb: `rename ${kind}`, words: [path, String(to)] })]
    case 'service enabledGroup':
      return [edit({ verb: 'enable group', words: [`${path}/${String(to)}`] })]
    case 'listener address':
      return [edit({ verb: 'listen move', words: [path, String(to)] })]
    case 'group checks':
      return checkEdits(path, from as readonly CheckValues[], to as readonly CheckValues[])
    case 'host before':
      return [edit({ verb: 'move host', words: [path], flags: beforeFlag(String(to)) })]
    default: {
      const table = TABLES[kind]
      return [setEdit({ verb: `set ${kind}`, words: [path], table, property: field, value: to })]
    }
  }
}
