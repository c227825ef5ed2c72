// Why a connection to a host failed, in words and in the terms of the error table; once for the sessions of
// engines and for checks.
import { type ErrorCode, systemCodeOf } from './errors.ts'

export interface ConnectFault {
  readonly code: ErrorCode
  /** For people: `connection refused`. */
  readonly reason: string
}

const FAULTS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ECONNREFUSED: ['HOST_REFUSED', 'connection refused'],
  ECONNRESET: ['HOST_REFUSED', 'connection reset'],
  EPIPE: ['HOST_REFUSED', 'connection reset'],
  ENOENT: ['HOST_REFUSED', 'no such socket'],
  EACCES: ['HOST_REFUSED', 'not allowed to use the socket'],
  ETIMEDOUT: ['HOST_TIMEOUT', 'connection timed out'],
  EHOSTUNREACH: ['HOST_UNREACHABLE', 'host unreachable'],
  EHOSTDOWN: ['HOST_UNREACHABLE', 'host unreachable'],
  ENETUNREACH: ['HOST_UNREACHABLE', 'network unreachable'],
  // These say something about this machine and nothing about the host.
  EMFILE: ['LOCAL_LIMIT', 'no descriptor left'],
  ENFILE: ['LOCAL_LIMIT', 'no descriptor left in the system'],
  EADDRNOTAVAIL: ['LOCAL_LIMIT', 'no local port left'],
  ENOBUFS: ['LOCAL_LIMIT', 'no buffer left'],
  ENOMEM: ['LOCAL_LIMIT', 'no memory left'],
  // Only Unix sockets answer so: a burst filled the queue of a host that is well.
  EAGAIN: ['LOCAL_LIMIT', 'its queue of new connections is full'],
}

export function connectFaultOf(error: unknown): ConnectFault {
  const systemCode = systemCodeOf(error)
  const [code, reason] = FAULTS[systemCode] ?? ['HOST_UNREACHABLE', systemCode || 'cannot connect']
  return { code, reason }
}

/** The two ends of a connection, as a socket tells them. */
interface Ends {
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}

/**
 * Linux lets a connection to a free local port of the ephemeral range meet itself: it takes the same port as its
 * own, and a host that is down looks up. Such a connection counts as refused.
 */
export function reachedItself({
  localAddress,
  localPort,
  remoteAddress,
  remotePort,
}: Ends): boolean {
  return remotePort !== undefined && localPort === remotePort && localAddress === remoteAddress
}
