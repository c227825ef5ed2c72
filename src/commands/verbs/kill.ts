// Commands that end open sessions at once: one, all of a host, or all of a client.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isIP } from 'node:net'
import { formatAddress, parseAddress, plainIp } from '../../base/address.ts'
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { NETWORK_FORM, Networks, parseNetwork } from '../../base/networks.ts'
import type { SessionView } from '../../model/session-view.ts'
import { command, type Kind } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { DONE_JSON, type Done, textOfDone } from '../answer/done.ts'
import { counted } from '../answer/figures.ts'
import { hostPath } from '../line/paths.ts'
import { sessionPages } from '../answer/session-pages.ts'

/** Sessions that the completer offers. */
const OFFERED = 50

export const sessionId: Kind<number> = {
  placeholder: 'ID',
  accepts: 'the number of a session, as it stands in: show sessions',
  read(word) {
    if (/^\d{1,15}$/.test(word)) return Number(word)
    const got = `got ${JSON.stringify(word)}`
    throw new BalancerError('VALUE_BAD', `a session is named by its number, ${got}`)
  },
  candidates: ({ process }) => {
    return process.sessions({ after: 0, limit: OFFERED }).map(({ id }) => String(id))
  },
}

/** Some clients by their address. */
interface Clients {
  readonly text: string
  /** @param client `ip:port`, as sessions show it */
  includes(client: string): boolean
}

const clients: Kind<Clients> = {
  placeholder: 'ADDRESS',
  accepts: `${NETWORK_FORM}, or ip:port for one connection`,
  read(word) {
    const found = connectionOf(word) ?? networkOf(word)
    if (found !== undefined) return found
    const accepted = `named by ${NETWORK_FORM} or ip:port`
    throw new BalancerError('VALUE_BAD', `clients are ${accepted}, got ${JSON.stringify(word)}`)
  },
  candidates: ({ process }) => {
    const open = process.sessions({ after: 0, limit: OFFERED })
    return open.map(({ client }) => client).filter((client) => client !== '')
  },
}

export const killSession = command({
  words: ['kill', 'session'],
  arguments: { id: { kind: sessionId, summary: 'the session' } },
  role: 'operate',
  summary: 'end one session at once',
  examples: ['kill session 42'],
  json: DONE_JSON,
  run({ id }, { process }): Done {
    if (process.killSessions([id]) === 1) return ended(`session ${id}`, 1)
    throw new BalancerError('NOT_FOUND', `no session ${id} is open; list them with: show sessions`)
  },
  text: textOfDone,
})

export const killHost = command({
  words: ['kill', 'host'],
  arguments: { host: { kind: hostPath, summary: 'the host' } },
  role: 'operate',
  summary:
    'end all open sessions of a host at once; new ones come unless it is drained or disabled',
  examples: ['kill host web/main/a'],
  json: DONE_JSON,
  async run({ host: { path } }, context): Promise<Done> {
    return ended(path, await endSessionsOf(path, context))
  },
  text: textOfDone,
})

export const killClient = command({
  words: ['kill', 'client'],
  arguments: { clients: { kind: clients, summary: 'the clients' } },
  role: 'operate',
  summary:
    'end all open sessions of a client or a network at once; nothing keeps it from coming back',
  examples: ['kill client 192.0.2.7', 'kill client 192.0.2.7:51514', 'kill client 10.0.0.0/8'],
  json: DONE_JSON,
  async run({ clients: some }, context): Promise<Done> {
    return ended(
      `client ${some.text}`,
      await endAll(({ client }) => some.includes(client), context),
    )
  },
  text: textOfDone,
})

/** End all open sessions of the host at this path. @returns how many were ended */
export function endSessionsOf(path: string, context: CommandContext): Promise<number> {
  const isOnHost = ({ service, group, host }: SessionView) => `${service}/${group}/${host}` === path
  return endAll(isOnHost, context)
}

/** End the open sessions that are meant, a portion in each turn of the loop. @returns how many were ended */
async function endAll(
  isMeant: (session: SessionView) => boolean,
  { process, signal }: CommandContext,
): Promise<number> {
  let count = 0
  for await (const page of sessionPages(process, signal)) {
    const meant = page.filter(isMeant).map(({ id }) => id)
    for (let from = 0; from < meant.length; from += LIMITS.endedAtOnce) {
      if (from > 0) await nextTurn()
      count += process.killSessions(meant.slice(from, from + LIMITS.endedAtOnce))
    }
  }
  return count
}

function ended(path: string, count: number): Done {
  const message = `${path}: ${count === 0 ? 'no session was open' : `${counted(count, 'session')} ended`}`
  return { done: 'kill', path, field: null, before: null, after: { ended: count }, message }
}

function connectionOf(word: string): Clients | undefined {
  const address = parseAddress(word)
  if (address?.kind !== 'tcp' || isIP(address.host) === 0 || address.port === 0) return undefined
  const text = formatAddress({ ...address, host: plainIp(address.host) })
  return { text, includes: (client) => client === text }
}

function networkOf(word: string): Clients | undefined {
  const network = parseNetwork(plainIp(word))
  if (network === undefined) return undefined
  const networks = new Networks([network])
  const includes = (client: string) => {
    const address = parseAddress(client)
    return address?.kind === 'tcp' && networks.has(address.host)
  }
  return { text: network, includes }
}
