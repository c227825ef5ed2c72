// Commands that change hosts: come and go, change a field, and two intents as verbs of their own; draining is in drain.ts.
import { HOST_FIELDS, type HostIntent } from '../../model/fields.ts'
import { command, type Kind } from '../command.ts'
import { added, DONE_JSON, finishing, removed, textOfDone } from '../answer/done.ts'
import { address, fieldFlag, withoutGaps } from '../line/kinds.ts'
import { hostPath, newHostPath } from '../line/paths.ts'
import { setCommand, setOne } from './set.ts'

/** A host of the group that the first argument names. */
const neighbour: Kind<string> = {
  placeholder: 'NAME',
  accepts: 'the name of a host of the same group',
  read: (name) => name,
  candidates({ balancer, before: [path = ''] }) {
    const group = balancer.groupList.find((each) => path.startsWith(`${each.path}/`))
    return group?.hostList.map(({ name }) => name) ?? []
  },
}

export const addHost = command({
  words: ['add', 'host'],
  arguments: {
    place: { kind: newHostPath, summary: 'the group, and the name the host is to have in it' },
    address: { kind: address, summary: 'where the host listens' },
  },
  flags: {
    weight: fieldFlag('N', HOST_FIELDS.weight),
    state: fieldFlag('STATE', HOST_FIELDS.intent),
    maxSessions: fieldFlag('N', HOST_FIELDS.maxSessions),
    before: { kind: neighbour, summary: 'host to stand in front of; left out, it comes last' },
  },
  edits: true,
  role: 'operate',
  summary: 'add a host to a group; it gets sessions at once',
  examples: [
    'add host web/main/d 127.0.0.1:9004',
    'add host web/main/e [2001:db8::7]:80 --weight 2 --state disabled --before a',
  ],
  json: DONE_JSON,
  run({ place, address: at, weight, state: intent, maxSessions, before }) {
    const values = withoutGaps({ weight, intent, maxSessions, before })
    const host = place.group.addHost(place.name, at, values)
    return added(host, `${host.path}: added at ${host.address}`)
  },
  text: textOfDone,
})

export const removeHost = command({
  words: ['remove', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  flags: { force: { summary: 'even the last host of the enabled group' } },
  edits: true,
  role: 'operate',
  summary: 'take a host out of its group; open sessions finish',
  examples: ['remove host web/main/c', 'remove host web/main/a --force'],
  json: DONE_JSON,
  run({ host, force }, { process }) {
    const before = host.describe()
    process.balancer.service(before.service).group(before.group).removeHost(host.name, { force })
    return removed(host.path, before, `${host.path}: removed${finishing(before.open)}`)
  },
  text: textOfDone,
})

export const moveHost = command({
  words: ['move', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  flags: {
    before: { kind: neighbour, summary: 'host to stand in front of; left out, it goes to the end' },
  },
  edits: true,
  role: 'operate',
  summary:
    'put a host at another place in the order of its group; sessions, counters and health go on',
  examples: ['move host web/main/c --before a', 'move host web/main/a'],
  json: DONE_JSON,
  run({ host, before: next }, { process }) {
    const { service, group, name } = host.describe()
    const owner = process.balancer.service(service).group(group)
    const placeOf = () => owner.hostList[owner.hostList.indexOf(host) + 1]?.name ?? ''
    const before = placeOf()
    owner.moveHost(name, withoutGaps({ before: next }))
    const after = placeOf()
    const where = after === '' ? 'at the end' : `in front of ${after}`
    const message = `${host.path}: ${before === after ? 'stands' : 'stands now'} ${where}`
    return { done: 'move' as const, path: host.path, field: 'before', before, after, message }
  },
  text: textOfDone,
})

export const setHost = setCommand({
  word: 'host',
  kind: hostPath,
  table: HOST_FIELDS,
  summary: 'change one field of a host',
  examples: [
    'set host web/main/a weight 5',
    'set host web/main/a state draining',
    'set host web/main/a maxSessions 500',
    'set host web/main/a ip 10.0.0.9:80',
  ],
})

export const enableHost = intentCommand('enable', 'enabled', 'give a host new sessions')
export const disableHost = intentCommand(
  'disable',
  'disabled',
  'give a host no new sessions until it is enabled again; open ones finish',
)

function intentCommand(verb: string, wanted: HostIntent, summary: string) {
  return command({
    words: [verb, 'host'],
    arguments: { host: { kind: hostPath, summary: 'the host' } },
    edits: true,
    role: 'operate',
    summary,
    examples: [`${verb} host web/main/a`],
    json: DONE_JSON,
    run({ host }) {
      const done = setOne(host, HOST_FIELDS, 'intent', wanted)
      const rest = wanted === 'enabled' ? '' : finishing(host.counters.open)
      return { ...done, message: done.message + rest }
    },
    text: textOfDone,
  })
}
