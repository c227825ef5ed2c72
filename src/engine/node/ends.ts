// The two ends of a client's connection as the PROXY protocol names them. Each look is a system call.
import type { Socket } from 'node:net'
import { plainIp } from '../../base/address.ts'
import type { ProxyEnd } from '../../base/proxy-header.ts'

/** Where the client is; undefined on a Unix socket, and once the connection is gone. */
export function farEndOf({ remoteAddress, remotePort }: Socket): ProxyEnd | undefined {
  return endOf(remoteAddress, remotePort)
}

/** Where the client came to. */
export function nearEndOf({ localAddress, localPort }: Socket): ProxyEnd | undefined {
  return endOf(localAddress, localPort)
}

function endOf(ip: string | undefined, port: number | undefined): ProxyEnd | undefined {
  return ip === undefined || port === undefined ? undefined : { ip: plainIp(ip), port }
}
