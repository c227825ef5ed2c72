// Reads the PROXY header off a fresh client connection, and gives back every byte that follows it.
import type { Socket } from 'node:net'
import { type ProxyHeader, parseProxyHeader } from '../../base/proxy-header.ts'

export type CompleteHeader = Extract<ProxyHeader, { state: 'complete' }>

/** Tell `done` once: the header, or undefined where the client sent something else or ended too soon. */
export function readProxyHeader(
  client: Socket,
  done: (header: CompleteHeader | undefined) => void,
): void {
  let bytes = Buffer.alloc(0)
  const onReadable = () => {
    const chunk: Buffer | null = client.read()
    if (chunk === null) return client.readableEnded ? finish(undefined) : undefined
    bytes = Buffer.concat([bytes, chunk])
    const header = parseProxyHeader(bytes)
    if (header.state === 'incomplete') return
    finish(header.state === 'complete' ? header : undefined)
  }
  const onEnd = () => finish(undefined)
  const finish = (header: CompleteHeader | undefined) => {
    client.off('readable', onReadable)
    client.off('end', onEnd)
    if (header !== undefined && bytes.length > header.length)
      client.unshift(bytes.subarray(header.length))
    done(header)
  }
  client.on('readable', onReadable)
  client.on('end', onEnd)
}
