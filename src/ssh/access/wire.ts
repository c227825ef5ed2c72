// The fields of ssh's own binary form (RFC 4251, section 5), read one after the other from untrusted bytes.
// Reads never beyond the end: a length that lies is a WireError, and so is anything left over.

/** The bytes do not hold what was read. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** How many bytes were read so far. */
  get at(): number {
    return this.#at
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The next bytes, as a view. @throws WireError */
  take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new WireError('it ends too early')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  byte(): number {
    return this.take(1).readUInt8()
  }

  uint32(): number {
    return this.take(4).readUInt32BE()
  }

  uint64(): bigint {
    return this.take(8).readBigUInt64BE()
  }

  /** Bytes with their length in front. */
  string(): Buffer {
    return this.take(this.uint32())
  }

  text(): string {
    return this.string().toString('utf8')
  }

  /** A whole number above 0, without the zeros in front of it. */
  positive(): Buffer {
    const bytes = this.string()
    const first = bytes.findIndex((byte) => byte !== 0)
    // A set first bit is a minus sign.
    if (first < 0 || (bytes[0] ?? 0) >= 0x80) throw new WireError('a number in it is not above 0')
    return bytes.subarray(first)
  }

  /** @throws WireError when something is left over */
  finish(): void {
    if (!this.atEnd) throw new WireError('it holds more than it should')
  }
}

/** What `read` makes of the bytes, or why they are not what they should be. */
export function readWire<Result>(
  bytes: Buffer,
  read: (reader: WireReader) => Result,
): Result | WireError {
  try {
    const reader = new WireReader(bytes)
    const result = read(reader)
    reader.finish()
    return result
  } catch (error) {
    if (error instanceof WireError) return error
    throw error
  }
}

/** Bytes with their length in front, as they stand on the wire. */
export function wireString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
