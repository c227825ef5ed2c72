// Commands that change groups: come and go, change a field, and which one of a service serves.
import { GROUP_FIELDS, type GroupValues } from '../../model/fields.ts'
import { command } from '../command.ts'
import { added, DONE_JSON, type Done, finishing, removed, textOfDone } from '../answer/done.ts'
import { fieldFlags, valuesOfFlags } from '../line/kinds.ts'
import { groupPath, newGroupPath } from '../line/paths.ts'
import { setCommand } from './set.ts'

export const addGroup = command({
  words: ['add', 'group'],
  arguments: {
    place: { kind: newGroupPath, summary: 'the service, and the name the group is to have in it' },
  },
  flags: fieldFlags(GROUP_FIELDS),
  edits: true,
  role: 'operate',
  summary: 'add an empty group to a service; the first one serves at once',
  examples: ['add group web/next', 'add group web/next --scheduler roundrobin'],
  json: DONE_JSON,
  run({ place, ...flags }) {
    const values = valuesOfFlags<GroupValues>(GROUP_FIELDS, flags)
    const group = place.service.addGroup(place.name, values)
    const state = group.enabled ? ', serving' : `; it serves after: enable group ${group.path}`
    return added(group, `${group.path}: added${state}`)
  },
  text: textOfDone,
})

export const removeGroup = command({
  words: ['remove', 'group'],
  arguments: {
    group: { kind: groupPath, summary: 'the group, which must not be the enabled one' },
  },
  flags: { force: { summary: 'even the enabled one, where it is the last of its service' } },
  edits: true,
  role: 'operate',
  summary: 'remove a group with its hosts; open sessions finish',
  examples: ['remove group web/spare'],
  json: DONE_JSON,
  run({ group, force }, { process }) {
    const before = group.describe()
    process.balancer.service(group.serviceName).removeGroup(group.name, { force })
    return removed(group.path, before, `${group.path}: removed${finishing(before.open)}`)
  },
  text: textOfDone,
})

export const enableGroup = command({
  words: ['enable', 'group'],
  arguments: { group: { kind: groupPath, summary: 'the group' } },
  edits: true,
  role: 'operate',
  summary: 'let a group serve instead of the one that does; open sessions stay where they are',
  examples: ['enable group web/spare'],
  json: DONE_JSON,
  run({ group }, { process }): Done {
    const service = process.balancer.service(group.serviceName)
    const [before, after] = [service.enabledGroup, group.name]
    service.enableGroup(group.name)
    const what = before === after ? `already ${after}` : `${before} -> ${after}`
    const message = `${service.path}: enabled group ${what}`
    return { done: 'set', path: service.path, field: 'enabledGroup', before, after, message }
  },
  text: textOfDone,
})

export const setGroup = setCommand({
  word: 'group',
  kind: groupPath,
  table: GROUP_FIELDS,
  summary: 'change one field of a group',
  examples: ['set group web/main scheduler roundrobin', 'set group web/main connectTimeout 2s'],
})
