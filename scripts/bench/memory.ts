// Memory of an idle session: a fresh process of the peer, its own memory before and after many sessions were
// opened through it. Pages of files and the kernel's memory for the sockets are not in it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './children.ts'
import { holdSessions } from './loads.ts'
import { RELAYS, type RelayName } from './peers.ts'
import { userBytesOf, treeOf } from './processes.ts'
import type { Rig } from './rig.ts'

const WARM_SESSIONS = 50
const STEADY_MS = 5_000
const LOOK_MS = 200
const STEADY_SHARE = 0.002

export interface IdleMemory {
  readonly kilobytes: number
  /** The same after a forced garbage collection; only where there is garbage. */
  readonly collected: number | undefined
}

export async function measureIdle(rig: Rig, peer: RelayName): Promise<IdleMemory> {
  const collectable = RELAYS[peer].runtime === 'node'
  const { child, port } = await rig.startRelay(peer, 'idle', { collectable })
  try {
    await warmUp(rig, port)
    if (collectable) await collect(child)
    const before = await steadyBytes(child)
    const holder = await holdSessions(rig, port, rig.idleSessions)
    const after = await steadyBytes(child)
    if (collectable) await collect(child)
    const collected = collectable ? await steadyBytes(child) : undefined
    const perSession = (bytes: number) => (bytes - before) / 1024 / rig.idleSessions
    await holder.stop()
    return {
      kilobytes: perSession(after),
      collected: collected === undefined ? undefined : perSession(collected),
    }
  } finally {
    await child.stop()
  }
}

/** Code that is read from disk at the first session is not part of a session. */
async function warmUp(rig: Rig, port: number): Promise<void> {
  const holder = await holdSessions(rig, port, WARM_SESSIONS)
  await holder.stop()
}

/** See programs/collect-on-signal.js. A peer that is not Node would die of the signal. */
async function collect(child: Child): Promise<void> {
  child.signal('SIGUSR2')
  await sleep(LOOK_MS)
}

/** Look until two looks agree. */
async function steadyBytes(child: Child): Promise<number> {
  const deadline = Date.now() + STEADY_MS
  let last = 0
  let now = userBytesOf(treeOf(child.pid))
  while (Math.abs(now - last) > now * STEADY_SHARE && Date.now() < deadline) {
    await sleep(LOOK_MS)
    last = now
    now = userBytesOf(treeOf(child.pid))
  }
  return now
}
