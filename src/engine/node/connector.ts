// Connections to hosts: begin one, and say in the words of the error table why one failed.
import { type Socket, connect } from 'node:net'
import { type ErrorCode, systemCodeOf } from '../../base/errors.ts'
import type { Target } from '../table.ts'

/** Begin to connect. Half-open is allowed, so that either side may end first; deadlines are the caller's. */
export function connectTo(target: Target): Socket {
  if ('path' in target) return connect({ path: target.path, allowHalfOpen: true })
  const { host, port, family } = target
  return connect({
    host,
    port,
    family,
    allowHalfOpen: true,
    noDelay: true,
    autoSelectFamily: false,
  })
}

const FAILURES: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ECONNREFUSED: ['HOST_REFUSED', 'connection refused'],
  ECONNRESET: ['HOST_REFUSED', 'connection reset'],
  ENOENT: ['HOST_REFUSED', 'no such socket'],
  ETIMEDOUT: ['HOST_TIMEOUT', 'timed out'],
  EHOSTUNREACH: ['HOST_UNREACHABLE', 'no route to the host'],
  ENETUNREACH: ['HOST_UNREACHABLE', 'no route to the network'],
  EHOSTDOWN: ['HOST_UNREACHABLE', 'the host is down'],
  // These say something about this machine and nothing about the host.
  EMFILE: ['LOCAL_LIMIT', 'no descriptor left'],
  ENFILE: ['LOCAL_LIMIT', 'no descriptor left in the system'],
  EADDRNOTAVAIL: ['LOCAL_LIMIT', 'no local port left'],
  ENOBUFS: ['LOCAL_LIMIT', 'no buffer left'],
  ENOMEM: ['LOCAL_LIMIT', 'no memory left'],
}

/** Why a connection failed: the row of the error table, and words for people. */
export function failureOf(error: unknown): { readonly code: ErrorCode; readonly reason: string } {
  const systemCode = systemCodeOf(error)
  const [code, reason] = FAILURES[systemCode] ?? [
    'HOST_UNREACHABLE',
    systemCode || 'cannot connect',
  ]
  return { code, reason }
}
