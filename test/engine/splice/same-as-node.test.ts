// The splice engine does what the node engine does: random scripts of clients, hosts and tables, carried out by both, are seen
// alike from outside after every step. Not where the addon cannot be built.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NodeEngine } from '../../../src/engine/node/engine.ts'
import { SpliceEngine } from '../../../src/engine/splice/engine.ts'
import { loadSplice } from '../../../src/engine/splice/load.ts'
import type { CreateEngine } from '../../helpers/engine-rig.ts'
import { refusingAddress, unansweringHost } from '../../helpers/hosts.ts'
import { type SharedHosts, Stage } from '../../helpers/script-stage.ts'
import { type Step, scripts } from '../../helpers/script-steps.ts'
import { randomly, seed } from '../../helpers/seed.ts'

const loaded = loadSplice()
/** A machine that is busy may be caught in between; each attempt gives it more time. */
const PATIENCE = [1, 3, 9]
/** Scripts that begin later are not played, unless RUNS asks for so many. */
const QUICK_MS = 20_000

describe.skipIf('reason' in loaded)('the splice engine', () => {
  if ('reason' in loaded) return
  const { addon } = loaded
  const node: CreateEngine = (options) => new NodeEngine(options)
  const splice = (threads: number): CreateEngine => {
    return (options) => new SpliceEngine({ ...options, addon, threads })
  }

  test(`is seen to do what the node engine does (SEED=${seed})`, {
    timeout: 3_600_000,
  }, async () => {
    const hanging = await unansweringHost()
    const shared = { hanging: hanging.address, refusing: await refusingAddress() }
    const engines = [node, splice(1), splice(3)]
    const until = 'RUNS' in process.env ? Number.POSITIVE_INFINITY : performance.now() + QUICK_MS
    try {
      await fc.assert(
        fc.asyncProperty(scripts(), async (steps) => {
          if (performance.now() < until) await compare(engines, steps, shared)
        }),
        randomly(60),
      )
    } finally {
      await hanging.close()
    }
  })
})

async function compare(
  engines: readonly CreateEngine[],
  steps: readonly Step[],
  shared: SharedHosts,
): Promise<void> {
  for (const patience of PATIENCE) {
    const [reference = [], ...others] = await Promise.all(
      engines.map((create) => new Stage(create, shared, patience).play(steps)),
    )
    if (others.every((seen) => isDeepStrictEqual(seen, reference))) return
    if (patience !== PATIENCE.at(-1)) continue
    for (const seen of others)
      for (const [i, moment] of seen.entries()) {
        expect(moment, `after step ${i}: ${JSON.stringify(steps[i])}`).toEqual(reference[i])
      }
  }
}
