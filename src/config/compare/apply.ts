// A wanted snapshot onto the live balancer, by the smallest set of verbs and in place: what is not
// different keeps its identity, its counters and its sessions. All or nothing: a value that the model
// refuses or a port that does not open leaves the balancer as it was. What others change meanwhile stays theirs.
import { BalancerError, messageOf } from '../../base/errors.ts'
import { type Origin, whileNoted, withOrigin } from '../../base/origin.ts'
import { pauses } from '../../base/steps.ts'
import type { Balancer } from '../../model/balancer.ts'
import { placeOf } from '../../model/place.ts'
import type { Recorded } from '../../model/recorded.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { takeBack } from '../../model/take-back.ts'
import { carryOut } from './carry-out.ts'
import { diffSnapshots } from './diff.ts'
import type { Difference } from './difference.ts'
import { OwnChanges } from './own-changes.ts'
import { rehearse } from './rehearse.ts'

/**
 * @returns what was different and is not any more
 * @throws BalancerError of the first verb that refused; then everything is as it was
 */
export async function applySnapshot(
  balancer: Balancer,
  wanted: BalancerSnapshot,
  origin: Origin = 'file',
): Promise<readonly Difference[]> {
  const running = balancer.snapshot()
  const differences = diffSnapshots(running, wanted)
  if (differences.length === 0) return []
  // From here on: what is set while this is rehearsed and carried out was not known to whoever wants it.
  const made = new OwnChanges(balancer)
  try {
    await rehearse(running, differences, wanted)
    // Whoever asks for it has noted it: nothing may stop it, or the way back, in the middle.
    await withOrigin(origin, () =>
      whileNoted(async () => {
        try {
          await carryOut(balancer, differences, wanted, made)
        } catch (error) {
          await goBack(balancer, made.take(), error)
          throw error
        }
      }),
    )
  } finally {
    made.stop()
  }
  return differences
}

/** Everything is tried: what cannot be taken back must not keep the rest from it. */
async function goBack(
  balancer: Balancer,
  made: readonly Recorded[],
  cause: unknown,
): Promise<void> {
  const pause = pauses()
  const failures: unknown[] = []
  const steps: Promise<unknown>[] = []
  for (const recorded of made.toReversed()) {
    const step = takeBack(balancer, recorded).catch((error: unknown) => failures.push(error))
    steps.push(step)
    // All else is done by now, and whoever follows would look at all hosts again after each of them.
    if (hasPorts(recorded)) await step
    const turn = pause()
    if (turn !== undefined) await turn
  }
  await Promise.all(steps)
  if (failures.length === 0) return
  const what = failures.map(messageOf).join('; ')
  throw new BalancerError('REFUSED', `${messageOf(cause)}; and going back failed: ${what}`, {
    cause,
  })
}

function hasPorts({ change }: Recorded): boolean {
  const { kind } = placeOf(change.path)
  return kind === 'service' || kind === 'listener'
}
