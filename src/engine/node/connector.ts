// Connections to hosts: begin one, and see whether it really is one.
import { type Socket, connect } from 'node:net'
import { reachedItself } from '../../base/connect-fault.ts'
import type { Target } from '../../model/target.ts'

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

/** First port from which Linux takes the local ends of connections, by default. */
const EPHEMERAL_PORT_MIN = 32_768

/** Did the connection meet itself instead of the host? Asked only where that can be: it costs a system call. */
export function metItself(socket: Socket, target: Target): boolean {
  if ('path' in target || target.port < EPHEMERAL_PORT_MIN) return false
  return socket.localPort === target.port && reachedItself(socket)
}
