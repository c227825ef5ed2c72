// What the addon of the splice engine exports, as TypeScript sees it: src/engine/splice/native/addon has the other side.
// Types and one number; nothing here loads it.

/** Counts up whenever one side changes; kAbi in native/addon/addon.cc is the other one. */
export const SPLICE_ABI = 2

export interface SpliceAddon {
  readonly abi: number
  /** Why sessions end, in the order of the numbers that stand for it. */
  readonly closeReasons: readonly string[]
  /** Steps of a session, in the order of the numbers that stand for them. */
  readonly steps: readonly string[]
  /** Starts its threads at once; `threadRows` has one row of cells for each of them. `wake` is called when there are events. */
  readonly Engine: new (
    settings: NativeSettings,
    threadRows: Float64Array,
    wake: () => void,
  ) => NativeEngine
  /** Parts of it for tests alone. */
  readonly testing: unknown
}

/** Limits of src/base/limits.ts under the names of native/core/settings.h. */
export interface NativeSettings {
  readonly threads: number
  readonly trackPeers: boolean
  readonly listenBacklog: number
  readonly proxyHeaderMs: number
  readonly proxyV2BytesMax: number
  readonly lingerMs: number
  readonly heldMax: number
  readonly letGoAtOnce: number
  readonly hashProbesMax: number
  readonly chanceDrawsMax: number
  readonly pickersKept: number
  readonly eventsAtOnce: number
  readonly commandsAtOnce: number
  readonly acceptsAtOnce: number
  readonly acceptPauseMs: number
  readonly bufferBytes: number
  readonly pipesMax: number
  readonly pipeBytes: number
  readonly fullReadsToStream: number
  readonly smallReadsToCalm: number
  readonly turnBytes: number
  readonly recordsMax: number
  readonly eventsMax: number
  readonly connectBoundsMs: Float64Array
  readonly sessionBoundsMs: Float64Array
}

/** Every call after `stop` throws, those excepted that say so. */
export interface NativeEngine {
  /** Memory for counters; what came first is chunk 0. It stays in use as long as the engine lives. */
  addCounterRows(chunk: Float64Array): void
  /** The same for the figures of services. */
  addServiceRows(chunk: Float64Array): void
  openListener(listener: NativeListener): NativeOpened
  updateListener(listener: NativeListener): void
  quietListener(id: number): void
  closeListener(id: number): boolean
  setTable(table: NativeTable): void
  removeTable(service: string): void
  renameService(from: string, to: string): void
  renameGroup(service: string, from: string, to: string): void
  stateOf(service: string): NativeState
  sessions(after: number, limit: number): PackedRecords
  /** One session or none. */
  session(id: number): PackedRecords
  /** Those between these two ends; '' for any host. */
  behind(ip: string, port: number, hostIp: string, hostPort: number): PackedRecords
  /** @param reason place in `closeReasons` */
  kill(ids: Float64Array, reason: number): number
  closeAll(reason: number): number
  sessionCount(): number
  /** Also after `stop`. */
  nextSessionId(): number
  tellWhenEmpty(): void
  /** @param host its id; 0 for no usable answer */
  answer(session: number, host: number): void
  /** Also after `stop`. */
  takeEvents(): PackedRecords
  /** All events up to this batch were acted on. Also after `stop`. */
  judged(batch: number): void
  /** Ends the threads; what is still open is closed without a word. */
  stop(): void
}

export interface NativeListener {
  readonly id: number
  readonly service: string
  /** Where the service counts; heeded where nobody has named it yet. */
  readonly serviceChunk: number
  readonly serviceRow: number
  /** As it is shown. */
  readonly name: string
  /** An IP address, or `unix:/path`. */
  readonly place: string
  readonly port: number
  readonly maxSessions: number
  readonly chunk: number
  readonly row: number
  readonly allow: readonly string[]
  readonly deny: readonly string[]
  readonly proxy: boolean
}

export interface NativeOpened {
  /** A positive errno, or 0. */
  readonly error: number
  /** '' for a Unix socket. */
  readonly ip: string
  readonly port: number
}

/** A RoutingTable in columns: one array for each field of its hosts. */
export interface NativeTable {
  readonly service: string
  /** As in a listener. */
  readonly serviceChunk: number
  readonly serviceRow: number
  readonly group: string
  /** A TableRule as it is. */
  readonly rule: object
  readonly ask: boolean
  readonly askMs: number
  readonly hostIds: Float64Array
  readonly hostNames: readonly string[]
  /** IP addresses, `unix:/path`, or '' where there is none. */
  readonly targetPlaces: readonly string[]
  readonly targetPorts: Uint16Array
  /** Bit 0: ready; bit 1: suspect. */
  readonly hostFlags: Uint8Array
  readonly hostLimits: Uint32Array
  /** Chunk and row of each host's counters, in turns. */
  readonly hostRows: Uint32Array
  readonly maxSessions: number
  readonly retries: number
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly queue: number
  readonly queueTimeoutMs: number
  readonly hold: number
  /** 0: none. */
  readonly proxy: number
  readonly accessLog: boolean
}

/** A service at this moment. */
export interface NativeState {
  readonly paused: boolean
  readonly waiting: number
  /** Sessions of the group that serves. */
  readonly open: number
  /** Turns of a round that are done; -1 where the rule knows no rounds. */
  readonly place: number
}

/** Many records in three values; PackedReader takes them apart. */
export interface PackedRecords {
  readonly figures: Float64Array
  readonly names: readonly string[]
  /** A line each. */
  readonly texts: string
}
