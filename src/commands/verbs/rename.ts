// Commands that call an object otherwise while it goes on as it is. A listener is called by its address, so that to
// rename it is to move it: `listen move`. A check has no name.
import { command } from '../command.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import { newName } from '../line/kinds.ts'
import { groupPath, hostPath, servicePath } from '../line/paths.ts'

const to = { kind: newName, summary: 'the name it is to have, without a path' }

export const renameService = command({
  words: ['rename', 'service'],
  arguments: { service: { kind: servicePath, summary: 'the service' }, name: to },
  edits: true,
  role: 'operate',
  summary: 'call a service otherwise; listeners, sessions and counters go on',
  examples: ['rename service mail smtp'],
  json: DONE_JSON,
  run({ service, name }, { process: { balancer } }) {
    const { name: before, path } = service
    balancer.renameService(before, name)
    return renamed(path, before, service)
  },
  text: textOfDone,
})

export const renameGroup = command({
  words: ['rename', 'group'],
  arguments: { group: { kind: groupPath, summary: 'the group' }, name: to },
  edits: true,
  role: 'operate',
  summary: 'call a group otherwise; it serves on if it does',
  examples: ['rename group web/spare standby'],
  json: DONE_JSON,
  run({ group, name }, { process: { balancer } }) {
    const { name: before, path } = group
    balancer.service(group.serviceName).renameGroup(before, name)
    return renamed(path, before, group)
  },
  text: textOfDone,
})

export const renameHost = command({
  words: ['rename', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' }, name: to },
  edits: true,
  role: 'operate',
  summary: 'call a host otherwise; sessions, counters and health go on',
  examples: ['rename host web/main/a host1'],
  json: DONE_JSON,
  run({ host, name }, { process: { balancer } }) {
    const { name: before, path } = host
    const { service, group } = host.describe()
    balancer.service(service).group(group).renameHost(before, name)
    return renamed(path, before, host)
  },
  text: textOfDone,
})

function renamed(
  from: string,
  before: string,
  { name: after, path }: { readonly name: string; readonly path: string },
): Done {
  const message = before === after ? `${path}: is already called so` : `${from}: is ${path} now`
  return { done: 'rename', path, field: 'name', before, after, message }
}
