// Commands that change listeners. The verb is `listen`, as in the XML and at the prompt.
import { LISTENER_FIELDS, type ListenerValues } from '../../model/fields.ts'
import type { Listener } from '../../model/listener.ts'
import { command } from '../command.ts'
import { added, DONE_JSON, type Done, finishing, removed, textOfDone } from '../answer/done.ts'
import { fieldFlags, listenAddress, valuesOfFlags } from '../line/kinds.ts'
import { listenerPath, servicePath } from '../line/paths.ts'
import { setCommand } from './set.ts'

const where = {
  kind: listenAddress,
  summary: 'where to take clients; port 0 lets the system choose',
}

export const listenAdd = command({
  words: ['listen', 'add'],
  arguments: { service: { kind: servicePath, summary: 'the service' }, address: where },
  flags: fieldFlags(LISTENER_FIELDS),
  edits: true,
  role: 'operate',
  summary: 'take clients of a service at one more address',
  examples: [
    'listen add web 127.0.0.1:8181',
    "listen add web [::1]:8181 --max-sessions 100 --allow '::1 fd00::/8'",
  ],
  json: DONE_JSON,
  async run({ service, address: at, ...flags }) {
    const values = valuesOfFlags<ListenerValues>(LISTENER_FIELDS, flags)
    const listener = await service.listen(at, values)
    return added(listener, `${listener.path}: open${boundNote(listener)}`)
  },
  text: textOfDone,
})

export const listenMove = moveCommand('listen', 'move')
/** A listener is called by its address. */
export const renameListener = moveCommand('rename', 'listener')

export const listenRemove = command({
  words: ['listen', 'remove'],
  arguments: { listener: { kind: listenerPath, summary: 'the listener' } },
  edits: true,
  role: 'operate',
  summary: 'take no more clients at an address; open sessions finish',
  examples: ['listen remove web/listen/127.0.0.1:8080'],
  json: DONE_JSON,
  async run({ listener }, { process }) {
    const before = listener.describe()
    await process.balancer.service(listener.serviceName).closeListener(listener.address)
    return removed(listener.path, before, `${listener.path}: closed${finishing(before.open)}`)
  },
  text: textOfDone,
})

export const setListener = setCommand({
  word: 'listener',
  kind: listenerPath,
  table: LISTENER_FIELDS,
  summary: 'change one field of a listener',
  examples: [
    'set listener web/listen/127.0.0.1:8080 maxSessions 1000',
    "set listener web/listen/127.0.0.1:8080 allow '10.0.0.0/8 ::1'",
  ],
})

function moveCommand(...words: readonly string[]) {
  return command({
    words,
    arguments: { listener: { kind: listenerPath, summary: 'the listener' }, address: where },
    edits: true,
    role: 'operate',
    summary: 'open the new address with the same settings, then close the old one',
    examples: [`${words.join(' ')} web/listen/127.0.0.1:8080 127.0.0.1:10080`],
    json: DONE_JSON,
    async run({ listener, address: at }, { process }): Promise<Done> {
      const before = listener.describe()
      const service = process.balancer.service(listener.serviceName)
      const moved = await service.moveListener(listener.address, at)
      const note = `${boundNote(moved)}${finishing(before.open)}`
      const message = `${listener.path}: moved to ${moved.address}${note}`
      const after = moved.describe()
      return { done: 'move', path: moved.path, field: null, before, after, message }
    },
    text: textOfDone,
  })
}

function boundNote({ address: wanted, bound }: Listener): string {
  return bound === wanted || bound === '' ? '' : ` at ${bound}`
}
