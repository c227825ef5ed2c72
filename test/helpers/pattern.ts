// Bytes that everybody can say beforehand: a block out of a seed, again and again. Both ends of a transfer know what comes at
// each place, so every byte is looked at as it comes and nothing has to be kept.
import type { Socket } from 'node:net'
import { Choices } from './choices.ts'

/** A prime, so that no buffer anywhere is in step with it. */
const BLOCK_BYTES = 65_521

export class Pattern {
  readonly #blocks: Buffer

  constructor(seed: number) {
    const block = new Choices(seed).bytes(BLOCK_BYTES)
    this.#blocks = Buffer.concat([block, block])
  }

  /** Not to be written to. @param length at most a block */
  at(place: number, length: number): Buffer {
    const from = place % BLOCK_BYTES
    return this.#blocks.subarray(from, from + Math.min(length, BLOCK_BYTES))
  }

  /** Is this what stands at that place? */
  has(place: number, bytes: Buffer): boolean {
    for (let done = 0; done < bytes.length; done += BLOCK_BYTES) {
      const piece = bytes.subarray(done, done + BLOCK_BYTES)
      if (!piece.equals(this.at(place + done, piece.length))) return false
    }
    return true
  }

  /** Send what stands from one place to another. Resolves when it was taken, or the connection is gone. */
  async send(socket: Socket, from: number, to: number): Promise<void> {
    for (let place = from; place < to && socket.writable; ) {
      const piece = this.at(place, to - place)
      place += piece.length
      if (!socket.write(piece)) await drained(socket)
    }
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}
