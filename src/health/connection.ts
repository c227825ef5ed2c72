// Opens a connection to a host for a check: connected, and the PROXY header said where the group sends one.
// What a refused connection means is put into words here.
import { connect, type Socket } from 'node:net'
import { connectFaultOf, reachedItself } from '../base/connect-fault.ts'
import { BalancerError } from '../base/errors.ts'
import { formatLocalProxyHeader, formatProxyHeader, type ProxyEnd } from '../base/proxy-header.ts'
import type { Target } from '../model/target.ts'
import { type CheckSettings, failed } from './check.ts'

/**
 * @param signal destroys the connection, also after it was opened
 * @throws BalancerError CHECK_FAILED; LOCAL_LIMIT where the fault is on our side
 */
export async function openConnection(
  target: Target,
  proxy: CheckSettings['proxy'],
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect(target)
  // Destroying without an error: the reason is the signal's, and an error would need a listener for ever.
  const abort = () => socket.destroy()
  signal.addEventListener('abort', abort)
  socket.once('close', () => signal.removeEventListener('abort', abort))
  if (signal.aborted) abort()
  await connected(socket, signal)
  if (reachedItself(socket)) {
    await closeConnection(socket)
    throw failed('connection refused')
  }
  if (proxy !== 'none') socket.write(headerFor(socket, proxy))
  return socket
}

/** Resolves when nothing of the connection is left. */
export async function closeConnection(socket: Socket): Promise<void> {
  if (socket.closed) return
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.destroy()
  await closed
}

/** Why a host could not be reached, in words; LOCAL_LIMIT where that says nothing about the host. */
function connectFault(error: unknown): BalancerError {
  const { code, reason } = connectFaultOf(error)
  if (code === 'LOCAL_LIMIT') return new BalancerError('LOCAL_LIMIT', reason, { cause: error })
  return failed(reason, error)
}

function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let fault: unknown
    socket.once('connect', resolve)
    // Stays for the life of the socket: a reset that comes later must not end the process.
    socket.on('error', (error) => {
      fault = error
    })
    socket.once('close', () => reject(signal.aborted ? signal.reason : connectFault(fault)))
  })
}

// Version 1 names our own two ends, because some hosts reject UNKNOWN; version 2 has LOCAL for this
// (proxy-protocol.txt, sections 2.1 and 2.2).
function headerFor(socket: Socket, proxy: 'v1' | 'v2'): Buffer {
  if (proxy === 'v2') return formatLocalProxyHeader()
  const { localAddress, localPort, remoteAddress, remotePort } = socket
  return formatProxyHeader('v1', endOf(localAddress, localPort), endOf(remoteAddress, remotePort))
}

function endOf(ip: string | undefined, port: number | undefined): ProxyEnd | undefined {
  return ip === undefined || port === undefined ? undefined : { ip, port }
}
