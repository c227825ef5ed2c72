// Commits that have to be confirmed, on a balancer without sockets and a clock that the test moves.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { PendingCommits } from '../../src/app/documents/confirmations.ts'
import { withOrigin } from '../../src/base/origin.ts'
import type { ConfigSyncOptions } from '../../src/config/keep/sync.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { HandClock } from './hand-clock.ts'
import { type KeptFile, keptFile } from './kept-file.ts'
import { MemoryAudit } from './memory-audit.ts'

export const MINUTE = 60_000

type SnapshotEdit = (wanted: BalancerSnapshot) => BalancerSnapshot

interface CommitAsked {
  readonly operator?: string
  readonly comment?: string
  readonly confirmMs?: number
  readonly watchTraffic?: boolean
}

export async function pendingCommits(text?: string, options: Partial<ConfigSyncOptions> = {}) {
  const kept = await keptFile(text, options)
  return { ...kept, ...startOn(kept) }
}

/** A process on what another one left: the file, and what waits. */
export async function restarted(before: KeptFile, clock: HandClock) {
  const kept = await keptFile(await before.stored())
  const waiting = await readFile(join(before.folder, 'confirm.json'), 'utf8').catch(() => '')
  if (waiting !== '') await writeFile(join(kept.folder, 'confirm.json'), waiting)
  return { ...kept, ...startOn(kept, clock) }
}

function startOn(kept: KeptFile, clock = new HandClock()) {
  const { sync, balancer, log, folder } = kept
  const audit = new MemoryAudit()
  /** At the prompts. */
  const said: string[] = []
  const say = (sentence: string) => void said.push(sentence)
  const commits = new PendingCommits({ sync, balancer, log, audit, say, clock })
  onTestFinished(() => commits.stop())
  /** As a candidate of the operator is committed. */
  const commit = (edit: SnapshotEdit, asked: CommitAsked = {}) => {
    const { operator = 'alice', comment = '', confirmMs = 5 * MINUTE, watchTraffic = false } = asked
    const origin = `ssh:${operator}`
    const facts = { operator, origin, comment, confirmMs, watchTraffic }
    const before = balancer.snapshot()
    const after = edit(before)
    return withOrigin(origin, async () => {
      await commits.prepare({ ...facts, before, after })
      await sync
        .change(() => after, { comment })
        .catch(async (error: unknown) => {
          await commits.drop()
          throw error
        })
      return commits.arm({ ...facts, before, after: balancer.snapshot() })
    })
  }
  return {
    clock,
    audit,
    said,
    commits,
    waiting: join(folder, 'confirm.json'),
    commit,
  }
}

/** The configuration with other weights in `web/main`. */
export function weighing(weights: Readonly<Record<string, number>>) {
  return onHosts((hosts) =>
    hosts.map((host) => ({ ...host, weight: weights[host.name] ?? host.weight })),
  )
}

type Hosts = BalancerSnapshot['services'][number]['groups'][number]['hosts']

/** The configuration with other hosts in every group. */
export function onHosts(edit: (hosts: Hosts) => Hosts) {
  return (snapshot: BalancerSnapshot): BalancerSnapshot => ({
    ...snapshot,
    services: snapshot.services.map((service) => ({
      ...service,
      groups: service.groups.map((group) => ({ ...group, hosts: edit(group.hosts) })),
    })),
  })
}
