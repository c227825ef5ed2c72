// The only touches of ssh2 that its documentation does not promise, each checked where it is used.
// Written against ssh2 1.17; a version that moved one of them fails here with a sentence.
import { Socket } from 'node:net'
import type { Connection, ParsedKey, ServerChannel, ServerConfig, Session } from 'ssh2'
import { BalancerError } from '../base/errors.ts'

/** Packets smaller than this are of no use to anybody; OpenSSH offers 32 KiB. */
const PACKET_BYTES_MIN = 256

/** The socket below a connection, which is the one that was handed to `injectSocket`. */
export function socketOf(connection: Connection): Socket {
  const { _sock: socket } = connection as unknown as { readonly _sock: unknown }
  if (socket instanceof Socket) return socket
  throw moved('the socket of a connection')
}

/**
 * Does the client take packets of a usable size? With a size of 0 the writing loop of ssh2 never ends,
 * which would let any operator stop the process.
 */
export function takesPackets(session: Session): boolean {
  const { _chanInfo: facts } = session as unknown as { readonly _chanInfo?: ChannelEnds }
  return isUsable(facts)
}

/** The same for the channel of a tunnel, which is known once it is open. */
export function channelTakesPackets(channel: ServerChannel): boolean {
  return isUsable(channel as unknown as ChannelEnds)
}

interface ChannelEnds {
  readonly outgoing?: { readonly packetSize?: unknown }
}

function isUsable(facts: ChannelEnds | undefined): boolean {
  const size = facts?.outgoing?.packetSize
  if (typeof size !== 'number') throw moved('the packet size of a channel')
  return size >= PACKET_BYTES_MIN
}

/** Bytes on their way to the client that it has not taken: in the channel and in the socket below. */
export function bytesWaiting(channel: ServerChannel, socket: Socket): number {
  return channel.writableLength + socket.writableLength
}

/** Did the client say that it sends no more? A channel that only broke off ends in the same way. */
export function saidEnd(channel: ServerChannel): boolean {
  const { incoming } = channel as unknown as { readonly incoming?: { readonly state?: unknown } }
  if (typeof incoming?.state !== 'string') throw moved('the state of a channel')
  return incoming.state === 'eof'
}

/**
 * Call when everything written to the channel was sent. ssh2 keeps the last piece that had to wait for the
 * window and sends it a second time when standard error has to wait later.
 */
export function forgetSent(channel: ServerChannel): void {
  const parts = channel as unknown as Record<'_chunk' | '_chunkcb', unknown>
  if (!('_chunk' in parts && '_chunkcb' in parts)) throw moved('what waits for the window')
  parts._chunk = undefined
  parts._chunkcb = undefined
}

/**
 * What to hand over as host keys in place of this one. ssh2 offers an RSA key with SHA-1 as well, whatever list
 * of algorithms it is given; under the names of its better signatures it does not know it for one.
 */
export function withoutSha1(key: ParsedKey): NonNullable<ServerConfig['hostKeys']> {
  const names = key.type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [key.type]
  return names.map((type) => {
    const named: ParsedKey = Object.create(key, { type: { value: type, enumerable: true } })
    // A key that was parsed before is taken in this place only, which its types do not say.
    return { key: named as unknown as Buffer }
  })
}

function moved(what: string): BalancerError {
  return new BalancerError(
    'INTERNAL',
    `this version of ssh2 keeps ${what} somewhere else; use 1.17`,
  )
}
