// Commands that change services; their listeners and groups have commands of their own.
import { SERVICE_FIELDS } from '../model/fields.ts'
import { command } from './command.ts'
import { added, DONE_JSON, finishing, removed, textOfDone } from './done.ts'
import { newName } from './kinds.ts'
import { servicePath } from './paths.ts'
import { setCommand } from './set.ts'

// The mode of a service is fixed when it is made; see SERVICE_FIELDS.
const { accessLog } = SERVICE_FIELDS

export const addService = command({
  words: ['add', 'service'],
  arguments: { name: { kind: newName, summary: 'the name it is to have' } },
  role: 'operate',
  summary: 'add a service, which takes clients once it has a listener and a group with hosts',
  examples: ['add service ftp'],
  json: DONE_JSON,
  async run({ name }, { process }) {
    const { path } = await process.balancer.addService(name)
    const next = `listen add ${path} ADDRESS, add group ${path}/NAME`
    return added(process.balancer.service(name), `${path}: added; next: ${next}`)
  },
  text: textOfDone,
})

export const removeService = command({
  words: ['remove', 'service'],
  arguments: { service: { kind: servicePath, summary: 'the service' } },
  role: 'operate',
  summary: 'close the listeners of a service and remove it; open sessions finish',
  examples: ['remove service mail'],
  json: DONE_JSON,
  async run({ service }, { process }) {
    const before = service.describe()
    await process.balancer.removeService(service.name)
    return removed(service.path, before, `${service.path}: removed${finishing(before.open)}`)
  },
  text: textOfDone,
})

export const setService = setCommand({
  word: 'service',
  kind: servicePath,
  table: { accessLog },
  summary: 'change one field of a service',
  examples: ['set service web accessLog true'],
})
