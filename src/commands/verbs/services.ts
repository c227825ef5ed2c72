// Commands that change services; their listeners and groups have commands of their own.
import { command } from '../command.ts'
import { added, DONE_JSON, finishing, removed, textOfDone } from '../answer/done.ts'
import { SERVICE_FIELDS, type ServiceValues } from '../../model/fields.ts'
import { fieldFlags, newName, valuesOfFlags } from '../line/kinds.ts'
import { servicePath } from '../line/paths.ts'
import { setCommand } from './set.ts'
import { SERVICE_SETTABLE } from '../line/settable.ts'

export const addService = command({
  words: ['add', 'service'],
  arguments: { name: { kind: newName, summary: 'the name it is to have' } },
  flags: fieldFlags(SERVICE_FIELDS),
  edits: true,
  role: 'operate',
  summary: 'add a service, which takes clients once it has a listener and a group with hosts',
  examples: ['add service ftp', 'add service ftp --access-log true'],
  json: DONE_JSON,
  async run({ name, ...flags }, { process }) {
    const values = valuesOfFlags<ServiceValues>(SERVICE_FIELDS, flags)
    const { path } = await process.balancer.addService(name, values)
    const next = `listen add ${path} ADDRESS, add group ${path}/NAME`
    return added(process.balancer.service(name), `${path}: added; next: ${next}`)
  },
  text: textOfDone,
})

export const removeService = command({
  words: ['remove', 'service'],
  arguments: { service: { kind: servicePath, summary: 'the service' } },
  edits: true,
  role: 'operate',
  summary: 'close the listeners of a service and remove it; open sessions finish',
  examples: ['remove service mail'],
  json: DONE_JSON,
  async run({ service }, { process }) {
    const before = service.describe()
    // Who waits for a host, in a pause say, has nothing left to wait for.
    const waiting = service.servingGroup?.waiting ?? 0
    await process.balancer.removeService(service.name)
    const rest = `${finishing(before.open - waiting)}${waiting > 0 ? `, ${waiting} that waited are closed` : ''}`
    return removed(service.path, before, `${service.path}: removed${rest}`)
  },
  text: textOfDone,
})

export const setService = setCommand({
  word: 'service',
  kind: servicePath,
  table: SERVICE_SETTABLE,
  summary: 'change one field of a service',
  examples: ['set service web accessLog true'],
})
