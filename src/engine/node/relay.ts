// Bytes both ways between two connected sockets. A side that reads slowly stops the other one; the end of one
// direction is passed on while the other goes on. Nothing here runs per byte that could run per chunk, and no
// closure is made per session: a socket knows its other side.
import type { Socket } from 'node:net'

interface RelaySocket extends Socket {
  otherSide?: Socket | undefined
  /** Node's own mark: `destroy` sends a reset. Present from Node 18.3 on; the engine contract would notice. */
  resetAndClosing?: boolean
}

/** Join the two until each has ended. Errors and closing belong to the session. */
export function relay(client: Socket, host: Socket): void {
  join(client, host)
  join(host, client)
}

/** Take what still comes from `socket` and drop it: there is nobody to give it to. */
export function discard(socket: RelaySocket): void {
  socket.otherSide = undefined
  socket.resume()
}

/**
 * End a connection at once, so that the other side cannot mistake it for a proper end: with a reset, where the
 * kind of socket has one. The public `resetAndDestroy` will not do: it first sends an ordinary end, and waits
 * for what is unsent, which with a reader that stopped is for ever.
 */
function reset(socket: RelaySocket): void {
  const isTcp = socket.remoteFamily !== undefined
  // While an end is on its way the kernel refuses to turn it into a reset.
  const isEnding = socket.writableEnded && !socket.writableFinished
  socket.resetAndClosing = isTcp && !isEnding
  socket.destroy()
}

/** Close both sides at the end of a session; `cut` where something may not have been delivered. */
export function part(client: Socket, host: Socket | undefined, cut: boolean): void {
  // A side that is cut off must not take what it has for all there was.
  if (cut && host !== undefined) {
    reset(host)
    reset(client)
    return
  }
  host?.destroy()
  client.destroy()
}

function join(from: RelaySocket, to: Socket): void {
  from.otherSide = to
  from.on('data', passOn)
  from.on('end', passEnd)
  from.on('drain', resumeOther)
  // An end that came while the host was being connected has been told already.
  if (from.readableEnded) to.end()
}

function passOn(this: RelaySocket, chunk: Buffer): void {
  const other = this.otherSide
  // `write` also says no to a chunk beyond its mark that the kernel took whole; only what is left over counts.
  if (other !== undefined && !other.write(chunk) && other.writableLength > 0) this.pause()
}

function passEnd(this: RelaySocket): void {
  this.otherSide?.end()
}

function resumeOther(this: RelaySocket): void {
  if (this.otherSide?.isPaused()) this.otherSide.resume()
}
