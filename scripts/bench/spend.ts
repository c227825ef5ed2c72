// Runs a load through a peer and sees what CPU time the peer took for it.
import type { Load } from './loads.ts'
import type { PeerName } from './peers.ts'
import { cpuNsOf, treeOf } from './processes.ts'
import type { Rig, Running } from './rig.ts'
import type { SetupName } from './setups.ts'

export interface Spent extends Load {
  /** Undefined where there is nothing to look at: `direct` has no process between client and host. */
  readonly cpuNs: number | undefined
}

export type Work = (port: number) => Promise<Load>

/** CPU time so far, of whatever counts. */
export type CpuClock = (running: Running) => number | undefined

/** Run a load through a peer that the rig keeps. */
export async function spend(
  rig: Rig,
  peer: PeerName,
  work: Work,
  setup: SetupName = 'web',
): Promise<Spent> {
  if (peer === 'direct') {
    const [host] = rig.setup(setup).targets
    return { ...(await work(host?.port ?? 0)), cpuNs: undefined }
  }
  return spendAt(rig.relay(peer, setup), work)
}

/** Run a load through one process. Without a clock the CPU time of its whole process tree counts. */
export async function spendAt(
  running: Running,
  work: Work,
  clock: CpuClock = treeCpuNs,
): Promise<Spent> {
  const { child, port } = running
  const before = clock(running)
  const load = await work(port)
  if (!child.running) throw new Error(`${child.name} ended: ${child.lastWords}`)
  const after = clock(running)
  const known = before !== undefined && after !== undefined
  return { ...load, cpuNs: known ? after - before : undefined }
}

function treeCpuNs({ child }: Running): number {
  return cpuNsOf(treeOf(child.pid))
}
