// Waiting until a sender is stopped, because nobody reads what it sent.
import type { Socket } from 'node:net'
import { eventually } from './eventually.ts'

/** Nothing more is taken: the count of bytes that left the process stands still over many looks. */
export async function stalls(socket: Socket): Promise<void> {
  let taken = -1
  let still = 0
  await eventually(() => {
    const now = socket.bytesWritten - socket.writableLength
    still = now === taken ? still + 1 : 0
    taken = now
    return still > 40
  }, 'the sender was stopped')
}
