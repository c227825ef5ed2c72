// The subsystem sftp, which scp uses, too: one request after the other, each answered before the next is read. Owns
// the open handles of one session; what they show and change is the business of the tree.
import { BalancerError, factsOf, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import type { Process } from '../../commands/context.ts'
import { WireError } from '../access/wire.ts'
import type { OperatorChannel } from '../channel.ts'
import { ChannelInput } from '../exec/channel-input.ts'
import { INTERRUPTED } from '../operator-context.ts'
import {
  type AboutHandle,
  type AboutPath,
  attributesAnswer,
  dataAnswer,
  handleAnswer,
  namesAnswer,
  OPEN,
  type OpenRequest,
  PacketSplitter,
  type ReadRequest,
  readRequest,
  type SetStatRequest,
  type SftpRequest,
  STATUS,
  statusAnswer,
  versionAnswer,
  type WriteRequest,
} from './sftp-packets.ts'
import { CONFIG, type Entry, SftpTree } from './sftp-tree.ts'

export interface SftpOptions {
  readonly process: Process
  readonly log: Log
}

/** What is open: the content of a file as it was when it was opened, a folder's rest, or what was written so far. */
type Handle =
  | { readonly kind: 'file'; readonly entry: Entry; readonly content: Buffer }
  | { readonly kind: 'folder'; readonly entry: Entry; left: readonly Entry[] }
  | { readonly kind: 'upload'; readonly entry: Entry; content: Buffer; size: number }

/** Serve one session to its end. */
export async function runSftp(
  channel: OperatorChannel,
  { process, log }: SftpOptions,
): Promise<void> {
  const { operator, id: login } = channel.login
  log.info('ssh sftp', { operator, login })
  const input = new ChannelInput(channel, () => channel.end(INTERRUPTED))
  const session = new SftpSession(new SftpTree(process, channel.login), channel, log)
  const splitter = new PacketSplitter()
  try {
    for (let bytes = await input.next(); bytes !== undefined; bytes = await input.next()) {
      for (const packet of splitter.feed(bytes)) {
        await channel.writeAll(await session.answer(readRequest(packet)))
        if (channel.ended.aborted) return
      }
    }
    channel.end(0)
  } catch (error) {
    if (!(error instanceof WireError || error instanceof BalancerError)) throw error
    log.warn('ssh sftp broken', { operator, login, reason: error.message })
    channel.farewell(error.message, 1)
  }
}

class SftpSession {
  readonly #tree: SftpTree
  readonly #channel: OperatorChannel
  readonly #log: Log
  readonly #handles = new Map<string, Handle>()
  #lastHandle = 0

  constructor(tree: SftpTree, channel: OperatorChannel, log: Log) {
    this.#tree = tree
    this.#channel = channel
    this.#log = log
  }

  /** The answer to one request, whatever goes wrong with it. */
  async answer(request: SftpRequest): Promise<Buffer> {
    if (request.kind === 'init') return versionAnswer()
    try {
      return await this.#serve(request)
    } catch (error) {
      this.#log.warn('ssh sftp failed', { request: request.kind, ...factsOf(error) })
      return statusAnswer(request.id, STATUS.failure, messageOf(error))
    }
  }

  #serve(request: Exclude<SftpRequest, { kind: 'init' }>): Promise<Buffer> | Buffer {
    switch (request.kind) {
      case 'open':
        return this.#open(request)
      case 'opendir':
        return this.#openFolder(request)
      case 'read':
        return this.#read(request)
      case 'readdir':
        return this.#readFolder(request)
      case 'write':
        return this.#write(request)
      case 'close':
        return this.#close(request)
      case 'stat':
      case 'lstat':
        return this.#stat(request)
      case 'fstat':
        return this.#statOpen(request)
      case 'fsetstat':
        return this.#setStatOpen(request)
      case 'realpath':
        return this.#realPath(request)
      case 'remove':
      case 'mkdir':
      case 'rmdir':
      case 'rename':
      case 'setstat':
      case 'symlink':
        return this.#refuse(request, request.kind)
      case 'unknown':
        return statusAnswer(request.id, STATUS.unsupported, 'Sluice has no such request')
      case 'malformed':
        return statusAnswer(request.id, STATUS.badMessage, 'the request cannot be read')
      default:
        return request satisfies never
    }
  }

  async #open(request: OpenRequest): Promise<Buffer> {
    const { id, path, flags } = request
    if ((flags & OPEN.write) !== 0) return this.#openToWrite(request)
    const entry = await this.#tree.look(path)
    if (entry === undefined) return noSuchFile(id)
    if (entry.attributes.folder) return statusAnswer(id, STATUS.failure, `${path} is a folder`)
    if (!this.#tree.mayRead(path)) return this.#refuse(request, 'read')
    const content = await this.#tree.read(path)
    return this.#keep(id, { kind: 'file', entry, content })
  }

  #openToWrite(request: OpenRequest): Buffer | Promise<Buffer> {
    const { id, path, flags } = request
    // Some clients do not say that they truncate and do it in the end; the file is new in any case.
    const isWhole = (flags & (OPEN.read | OPEN.append)) === 0
    if (this.#tree.normal(path) !== CONFIG || !this.#tree.mayWrite)
      return this.#refuse(request, 'write')
    if (!isWhole) return statusAnswer(id, STATUS.unsupported, `${CONFIG} is replaced as a whole`)
    const attributes = { folder: false, writable: true, size: 0, time: Date.now() }
    const entry = { name: CONFIG, attributes }
    return this.#keep(id, { kind: 'upload', entry, content: Buffer.alloc(0), size: 0 })
  }

  async #openFolder({ id, path }: AboutPath): Promise<Buffer> {
    const entry = await this.#tree.look(path)
    const left = await this.#tree.list(path)
    if (entry === undefined || left === undefined) return noSuchFile(id)
    return this.#keep(id, { kind: 'folder', entry, left })
  }

  #read({ id, handle, offset, length }: ReadRequest): Buffer {
    const open = this.#handles.get(handle)
    if (open?.kind !== 'file') return noSuchHandle(id)
    if (offset >= open.content.length) return statusAnswer(id, STATUS.eof, 'end of file')
    const start = Number(offset)
    const end = start + Math.min(length, LIMITS.sftpReadBytesMax)
    return dataAnswer(id, open.content.subarray(start, end))
  }

  #readFolder({ id, handle }: AboutHandle): Buffer {
    const open = this.#handles.get(handle)
    if (open?.kind !== 'folder') return noSuchHandle(id)
    const { left } = open
    open.left = []
    return left.length === 0 ? statusAnswer(id, STATUS.eof, 'that was all') : namesAnswer(id, left)
  }

  #write({ id, handle, offset, data }: WriteRequest): Buffer {
    const open = this.#handles.get(handle)
    if (open?.kind !== 'upload') return noSuchHandle(id)
    const end = offset + BigInt(data.length)
    if (end > LIMITS.configBytesMax) {
      const most = `${CONFIG} has at most ${LIMITS.configBytesMax} bytes`
      return statusAnswer(id, STATUS.failure, most)
    }
    this.#makeRoom(open, Number(end))
    data.copy(open.content, Number(offset))
    open.size = Math.max(open.size, Number(end))
    return statusAnswer(id, STATUS.ok, 'written')
  }

  async #close({ id, handle }: AboutHandle): Promise<Buffer> {
    const open = this.#handles.get(handle)
    if (open === undefined) return noSuchHandle(id)
    this.#handles.delete(handle)
    if (open.kind !== 'upload') return statusAnswer(id, STATUS.ok, 'closed')
    const refused = await this.#tree.replaceConfig(open.content.subarray(0, open.size))
    const facts = { ...this.#facts, path: CONFIG, bytes: open.size }
    if (refused === undefined) {
      this.#log.info('ssh upload applied', facts)
      return statusAnswer(id, STATUS.ok, 'applied')
    }
    this.#log.warn('ssh upload refused', { ...facts, reason: refused })
    return statusAnswer(id, STATUS.failure, refused)
  }

  async #stat({ id, path }: AboutPath): Promise<Buffer> {
    const entry = await this.#tree.look(path)
    return entry === undefined ? noSuchFile(id) : attributesAnswer(id, entry.attributes)
  }

  #statOpen({ id, handle }: AboutHandle): Buffer {
    const open = this.#handles.get(handle)
    if (open === undefined) return noSuchHandle(id)
    return attributesAnswer(id, { ...open.entry.attributes, size: sizeOf(open) })
  }

  // Clients give a file the mode and the times that it has at home, which mean nothing here.
  #setStatOpen(request: SetStatRequest): Buffer {
    const { id, handle, size } = request
    const open = this.#handles.get(handle)
    if (open?.kind !== 'upload') return noSuchHandle(id)
    if (size !== undefined && size > open.size)
      return statusAnswer(id, STATUS.failure, 'it has fewer bytes')
    open.size = Number(size ?? open.size)
    return statusAnswer(id, STATUS.ok, 'done')
  }

  #realPath({ id, path }: AboutPath): Buffer {
    if (path.length > LIMITS.sftpPathMax) return noSuchFile(id)
    const attributes = { folder: false, writable: false, size: 0, time: 0 }
    return namesAnswer(id, [{ name: this.#tree.normal(path), attributes }])
  }

  #refuse({ id, path }: { readonly id: number; readonly path: string }, action: string): Buffer {
    const shown = this.#tree.normal(path.slice(0, LIMITS.sftpPathMax))
    this.#log.info('ssh file refused', { ...this.#facts, action, path: shown })
    this.#tree.noteRefusal(action, shown, 'not allowed')
    return statusAnswer(id, STATUS.permissionDenied, `${action} ${shown} is not allowed`)
  }

  #keep(id: number, open: Handle): Buffer {
    const content = open.kind === 'folder' ? 0 : open.content.length
    if (this.#handles.size >= LIMITS.sftpHandlesMax || !this.#hasRoomFor(content))
      return statusAnswer(id, STATUS.failure, 'too much is open; close something first')
    const handle = String(++this.#lastHandle)
    this.#handles.set(handle, open)
    return handleAnswer(id, handle)
  }

  // Twice as much each time, so that a file in small pieces is not copied for each of them.
  #makeRoom(open: Handle & { readonly kind: 'upload' }, end: number): void {
    if (end <= open.content.length) return
    const grown = Buffer.alloc(
      Math.min(LIMITS.configBytesMax, Math.max(end, 2 * open.content.length)),
    )
    if (!this.#hasRoomFor(grown.length - open.content.length))
      throw new BalancerError('REFUSED', 'too much is open; close something first')
    open.content.copy(grown)
    open.content = grown
  }

  #hasRoomFor(bytes: number): boolean {
    const open = [...this.#handles.values()]
    const held = open.reduce(
      (sum, each) => sum + (each.kind === 'folder' ? 0 : each.content.length),
      0,
    )
    return held + bytes <= LIMITS.sftpOpenBytesMax
  }

  get #facts() {
    const { operator, id: login } = this.#channel.login
    return { operator, login }
  }
}

function sizeOf(open: Handle): number {
  switch (open.kind) {
    case 'file':
      return open.content.length
    case 'upload':
      return open.size
    case 'folder':
      return 0
    default:
      return open satisfies never
  }
}

function noSuchFile(id: number): Buffer {
  return statusAnswer(id, STATUS.noSuchFile, 'no such file')
}

function noSuchHandle(id: number): Buffer {
  return statusAnswer(id, STATUS.failure, 'nothing of that kind is open under this handle')
}
