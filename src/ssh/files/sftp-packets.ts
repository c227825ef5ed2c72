// The packets of sftp, version 3 (draft-ietf-secsh-filexfer-02), on their way in and out. ssh2 has a reader of its own
// which keeps all answers that a slow client does not take and throws at some packets; this one is read at the
// pace of the client. Nothing here knows a file.
import { LIMITS } from '../../base/limits.ts'
import { readWire, WireError, type WireReader, wireString } from '../access/wire.ts'

interface WithId {
  /** Chosen by the client, and repeated in the answer. */
  readonly id: number
}

export interface AboutPath extends WithId {
  readonly kind: 'opendir' | 'realpath' | 'stat' | 'lstat' | Change
  readonly path: string
}

/** What would change something by its path. */
type Change = 'remove' | 'mkdir' | 'rmdir' | 'rename' | 'setstat' | 'symlink'

export interface AboutHandle extends WithId {
  readonly kind: 'close' | 'readdir' | 'fstat'
  readonly handle: string
}

export interface OpenRequest extends WithId {
  readonly kind: 'open'
  readonly path: string
  readonly flags: number
}

export interface ReadRequest extends WithId {
  readonly kind: 'read'
  readonly handle: string
  readonly offset: bigint
  readonly length: number
}

export interface WriteRequest extends WithId {
  readonly kind: 'write'
  readonly handle: string
  readonly offset: bigint
  readonly data: Buffer
}

export interface SetStatRequest extends WithId {
  readonly kind: 'fsetstat'
  readonly handle: string
  /** Undefined where it is to stay. */
  readonly size: bigint | undefined
}

interface OtherRequest extends WithId {
  /** An extension, or a packet that is no request; a request whose fields cannot be read. */
  readonly kind: 'unknown' | 'malformed'
}

export type SftpRequest =
  | { readonly kind: 'init' }
  | AboutPath
  | AboutHandle
  | OpenRequest
  | ReadRequest
  | WriteRequest
  | SetStatRequest
  | OtherRequest

/** The flags of an open request that matter here. */
export const OPEN = { read: 0x01, write: 0x02, append: 0x04 } as const

export const STATUS = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const

export interface Attributes {
  readonly folder: boolean
  readonly writable: boolean
  readonly size: number
  /** Milliseconds since 1970. */
  readonly time: number
}

/** Cuts a stream into packets. */
export class PacketSplitter {
  #left: Buffer[] = []
  #length = 0

  /** The packets that are whole by now, without their length. @throws WireError for a length that is not accepted */
  feed(bytes: Buffer): readonly Buffer[] {
    const packets: Buffer[] = []
    this.#left.push(bytes)
    this.#length += bytes.length
    for (let wanted = this.#wanted(); this.#length >= wanted; wanted = this.#wanted()) {
      const all = this.#joined()
      this.#left = [all.subarray(wanted)]
      this.#length -= wanted
      packets.push(all.subarray(4, wanted))
    }
    return packets
  }

  /** Bytes of the packet that is coming, its length included. */
  #wanted(): number {
    if (this.#length < 4) return Infinity
    const length = this.#joined().readUInt32BE()
    if (length >= 5 && length <= LIMITS.sftpPacketBytesMax) return 4 + length
    const accepted = `5 to ${LIMITS.sftpPacketBytesMax} are accepted`
    throw new WireError(`a packet of ${length} bytes, ${accepted}`)
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0), ...others] = this.#left
    if (others.length === 0) return first
    // The length is all that is looked at before the packet is whole.
    if (first.length >= 4 && this.#length < 4 + first.readUInt32BE()) return first
    const all = Buffer.concat(this.#left)
    this.#left = [all]
    return all
  }
}

const INIT = 1

/** What follows the number of a request. */
const FIELDS: Readonly<Record<number, (reader: WireReader, id: number) => SftpRequest>> = {
  3: (reader, id) => ({ kind: 'open', id, path: reader.text(), flags: reader.uint32() }),
  4: aboutHandle('close'),
  5: (reader, id) => ({
    kind: 'read',
    id,
    handle: reader.text(),
    offset: reader.uint64(),
    length: reader.uint32(),
  }),
  6: (reader, id) => ({
    kind: 'write',
    id,
    handle: reader.text(),
    offset: reader.uint64(),
    data: reader.string(),
  }),
  7: aboutPath('lstat'),
  8: aboutHandle('fstat'),
  9: aboutPath('setstat'),
  10: (reader, id) => ({ kind: 'fsetstat', id, handle: reader.text(), size: sizeIn(reader) }),
  11: aboutPath('opendir'),
  12: aboutHandle('readdir'),
  13: aboutPath('remove'),
  14: aboutPath('mkdir'),
  15: aboutPath('rmdir'),
  16: aboutPath('realpath'),
  17: aboutPath('stat'),
  18: aboutPath('rename'),
  20: aboutPath('symlink'),
}

/** Never throws for what a packet holds; the splitter let none through that is shorter than type and number. */
export function readRequest(packet: Buffer): SftpRequest {
  const [type = 0] = packet
  if (type === INIT) return { kind: 'init' }
  const id = packet.readUInt32BE(1)
  const read = FIELDS[type]
  if (read === undefined) return { kind: 'unknown', id }
  const body = packet.subarray(5)
  const request = readWire(body, (reader) => {
    const fields = read(reader, id)
    // Attributes, and a second path, which nothing here needs.
    reader.take(body.length - reader.at)
    return fields
  })
  return request instanceof WireError ? { kind: 'malformed', id } : request
}

export function versionAnswer(): Buffer {
  return packetOf(2, uint32(3))
}

export function statusAnswer(id: number, code: number, message: string): Buffer {
  return packetOf(101, uint32(id), uint32(code), wireString(message), wireString('en'))
}

export function handleAnswer(id: number, handle: string): Buffer {
  return packetOf(102, uint32(id), wireString(handle))
}

export function dataAnswer(id: number, data: Buffer): Buffer {
  return packetOf(103, uint32(id), wireString(data))
}

export function namesAnswer(
  id: number,
  names: readonly { readonly name: string; readonly attributes: Attributes }[],
): Buffer {
  const entries = names.flatMap(({ name, attributes }) => [
    wireString(name),
    wireString(longName(name, attributes)),
    attributeBytes(attributes),
  ])
  return packetOf(104, uint32(id), uint32(names.length), ...entries)
}

export function attributesAnswer(id: number, attributes: Attributes): Buffer {
  return packetOf(105, uint32(id), attributeBytes(attributes))
}

/** Of all attributes that may be set only the first one matters. */
function sizeIn(reader: WireReader): bigint | undefined {
  return (reader.uint32() & HAS.size) === 0 ? undefined : reader.uint64()
}

function aboutPath(kind: AboutPath['kind']) {
  return (reader: WireReader, id: number): SftpRequest => ({ kind, id, path: reader.text() })
}

function aboutHandle(kind: AboutHandle['kind']) {
  return (reader: WireReader, id: number): SftpRequest => ({ kind, id, handle: reader.text() })
}

/** Which attributes follow. */
const HAS = { size: 0x01, owner: 0x02, permissions: 0x04, times: 0x08 } as const

const FOLDER_MODE = 0o040_555
const FILE_MODE = 0o100_444
const OWNER_WRITES = 0o200

function attributeBytes({ folder, writable, size, time }: Attributes): Buffer {
  const bytes = Buffer.alloc(32)
  const seconds = Math.floor(time / 1_000)
  bytes.writeUInt32BE(HAS.size | HAS.owner | HAS.permissions | HAS.times)
  bytes.writeBigUInt64BE(BigInt(size), 4)
  bytes.writeUInt32BE((folder ? FOLDER_MODE : FILE_MODE) | (writable ? OWNER_WRITES : 0), 20)
  bytes.writeUInt32BE(seconds, 24)
  bytes.writeUInt32BE(seconds, 28)
  return bytes
}

/** As `ls -l` shows it; clients print it as it is. */
function longName(name: string, { folder, writable, size, time }: Attributes): string {
  const mode = folder ? 'dr-xr-xr-x' : `-r${writable ? 'w' : '-'}-r--r--`
  const date = new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  return `${mode} 1 sluice sluice ${String(size).padStart(9)} ${date} ${name}`
}

function packetOf(type: number, ...fields: readonly Buffer[]): Buffer {
  return wireString(Buffer.concat([Buffer.of(type), ...fields]))
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
