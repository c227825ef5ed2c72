// The control socket: a Unix socket that tells a host who is really behind a connection of ours to it. One JSON
// object asked on a line, one answered on a line, in order, as often as is wanted. It knows sessions only
// through the function it is given, changes nothing, and survives whatever is sent to it.
import { once } from 'node:events'
import { createServer, isIP, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { formatAddress, formatIpBytes, ipBytes, parseAddress } from '../base/address.ts'
import { BalancerError, messageOf } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Log } from '../base/log.ts'
import { removeStaleSocket } from '../engine/stale-socket.ts'
import type { Behind } from '../engine/contract.ts'

export interface ControlSocketOptions {
  /** Where the socket is made; its folder must be there. */
  readonly path: string
  /** Who is behind our connection from this address (`ip:port`) to a host, or to the host at `to`. */
  readonly behind: (address: string, to?: string) => Behind | 'ambiguous' | undefined
  readonly log: Log
  /** A connection on which nothing moved for this long is closed, in milliseconds. Default 60,000. */
  readonly idleMs?: number
}

export interface ControlSocket {
  readonly path: string
  /** Close all connections and remove the socket; resolves when both is done. */
  stop(): Promise<void>
}

/** What is neither owner nor group of the process may not ask. */
const UMASK = 0o117

/**
 * Open the socket with mode 0660. A socket that a crashed process left behind is replaced; one on which somebody
 * answers is not.
 *
 * @throws BalancerError PORT_TAKEN, PORT_DENIED
 */
export async function startControlSocket(options: ControlSocketOptions): Promise<ControlSocket> {
  const { path, log } = options
  const clients = new Set<Socket>()
  const server = createServer(
    { allowHalfOpen: true },
    (client) => void serve(client, clients, options),
  )
  server.maxConnections = LIMITS.controlClientsMax
  await listen(server, path)
  server.on('error', (error) => log.warn('control socket', { path, reason: messageOf(error) }))
  log.info('control socket open', { path })
  return { path, stop: () => stop(server, clients) }
}

async function listen(server: Server, path: string): Promise<void> {
  // A path that is too long would be cut off by the system without a word.
  if (parseAddress(`unix:${path}`) === undefined) throw denied(path, 'the path is too long')
  await removeStaleSocket(path)
  await bind(server, path).catch((error: unknown) => {
    throw denied(path, messageOf(error), error)
  })
}

function denied(path: string, why: string, cause?: unknown): BalancerError {
  const next = 'its folder must be there and writable, and its path at most 107 bytes long'
  return new BalancerError(
    'PORT_DENIED',
    `the control socket ${path} cannot be opened (${why}): ${next}`,
    { cause },
  )
}

async function bind(server: Server, path: string): Promise<void> {
  // The file is made within this call, so nobody else's file gets this mask, and there is no moment with a
  // wider mode.
  const before = process.umask(UMASK)
  try {
    server.listen(path)
  } finally {
    process.umask(before)
  }
  await once(server, 'listening')
}

async function serve(
  client: Socket,
  clients: Set<Socket>,
  { behind, log, idleMs = LIMITS.controlIdleMs }: ControlSocketOptions,
): Promise<void> {
  clients.add(client)
  client.once('close', () => clients.delete(client))
  client.setTimeout(idleMs, () => client.destroy())
  // The reader goes on while the last answer is written, hence not destroyed with the loop. A client that does
  // not read its answers is not read from either.
  const chunks = client.iterator({ destroyOnReturn: false })
  try {
    await pipeline(
      answers(chunks, (line) => answerTo(line, behind, log)),
      client,
    )
  } catch (error) {
    log.debug('control client lost', { reason: messageOf(error) })
  } finally {
    client.destroy()
  }
}

/** One answer for each line; after a line that is too long, one more and the end. */
async function* answers(
  chunks: AsyncIterable<Buffer>,
  answer: (line: string) => object,
): AsyncGenerator<string> {
  let kept = Buffer.alloc(0)
  for await (const chunk of chunks) {
    kept = Buffer.concat([kept, chunk])
    for (let end = kept.indexOf('\n'); end >= 0; end = kept.indexOf('\n')) {
      if (end > LIMITS.controlLineBytesMax) break
      yield jsonLine(answer(kept.toString('utf8', 0, end)))
      kept = kept.subarray(end + 1)
    }
    if (kept.length > LIMITS.controlLineBytesMax) {
      yield jsonLine({ error: `a question is at most ${LIMITS.controlLineBytesMax} bytes long` })
      return
    }
  }
  // A last question without its line end: `printf` in a script.
  if (kept.length > 0) yield jsonLine(answer(kept.toString()))
}

const UNKNOWN = { error: 'unknown' }
const AMBIGUOUS = {
  error: 'ambiguous: say your own address, too: {"address":"IP:PORT","to":"IP:PORT"}',
}
const NOT_UNDERSTOOD = { error: 'ask one JSON object on a line: {"address":"IP:PORT"}' }

function answerTo(line: string, behind: ControlSocketOptions['behind'], log: Log): object {
  const [address, to] = addressesIn(line)
  if (address === undefined) return NOT_UNDERSTOOD
  try {
    const found = behind(address, to)
    if (found === undefined) return UNKNOWN
    if (found === 'ambiguous') return AMBIGUOUS
    const { client, service, host, session } = found
    return { client, service, host, session }
  } catch (error) {
    log.error('control question failed', { address, reason: messageOf(error) })
    return UNKNOWN
  }
}

/** The address asked for and, where it was said, the one of the host, each in its one way of writing. */
function addressesIn(line: string): readonly (string | undefined)[] {
  const asked = parseJson(line)
  if (typeof asked !== 'object' || asked === null || !('address' in asked)) return []
  const address = oneWayOf(asked.address)
  if (!('to' in asked)) return [address]
  const to = oneWayOf(asked.to)
  return to === undefined ? [] : [address, to]
}

function oneWayOf(given: unknown): string | undefined {
  const address = typeof given === 'string' ? parseAddress(given) : undefined
  if (address?.kind !== 'tcp' || isIP(address.host) === 0 || address.port === 0) return undefined
  return formatAddress({ ...address, host: formatIpBytes(ipBytes(address.host)) })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`
}

// Closing the server also removes the file.
async function stop(server: Server, clients: ReadonlySet<Socket>): Promise<void> {
  const closed = server.listening ? once(server, 'close') : undefined
  server.close()
  for (const client of clients) client.destroy()
  await closed
}
