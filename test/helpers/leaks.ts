// Makes a test file fail when it leaves a socket, server, timer, watcher or child process open.
// Runs before every test file; never closes anything itself. Does not see worker threads or what
// was unreferenced.
import { ChildProcess } from 'node:child_process'
import { Server, Socket } from 'node:net'
import { afterAll } from 'vitest'

// Kept from here, because a test may put a clock of its own in their place.
const { setTimeout: setRealTimeout, performance: realClock } = globalThis

const SETTLE_MS = 2_000
const POLL_MS = 5
/** Work in progress rather than things left open: file reads, look-ups, the next turn of the loop. */
const PASSING = /^(Immediate|FSReq|GetAddrInfoReq|GetNameInfoReq|CloseReq|.*Job$)/

const before = countResources()

afterAll(async () => {
  const deadline = realClock.now() + SETTLE_MS
  while (leakedKinds().length > 0 && realClock.now() < deadline) await nextPoll()
  const kinds = leakedKinds()
  if (kinds.length > 0) throw new Error(`left open by this file: ${sentenceFor(kinds)}`)
})

/** Kinds of which more are open than at the beginning of the file, as `2 TCPSocketWrap`. */
function leakedKinds(): string[] {
  return [...countResources()].flatMap(([kind, count]) => {
    const extra = count - (before.get(kind) ?? 0)
    return extra > 0 ? [`${extra} ${kind}`] : []
  })
}

function countResources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (!PASSING.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/** Wait without being counted: an unreferenced timer is not an active resource. */
function nextPoll(): Promise<void> {
  return new Promise((resolve) => {
    setRealTimeout(resolve, POLL_MS).unref()
  })
}

function sentenceFor(kinds: readonly string[]): string {
  const names = activeHandles().flatMap((handle) => nameOf(handle) ?? [])
  return [kinds.join(', '), ...names].join('\n  - ')
}

function activeHandles(): unknown[] {
  // Not in the type declarations, and the only way to learn which socket it was.
  return (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles()
}

function nameOf(handle: unknown): string | undefined {
  if (handle instanceof Server) return `a server listening on ${JSON.stringify(handle.address())}`
  if (handle instanceof ChildProcess) return `child ${handle.pid}: ${handle.spawnargs.join(' ')}`
  if (!(handle instanceof Socket) || handle.remotePort === undefined) return undefined
  const { localAddress, localPort, remoteAddress, remotePort } = handle
  return `a socket from ${localAddress}:${localPort} to ${remoteAddress}:${remotePort}`
}
