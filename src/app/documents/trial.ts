// What edits would do, tried on a copy: nothing of it ever comes into effect, and it is gone with whoever asked.
import { pauses } from '../../base/steps.ts'
import type { Trial } from '../../commands/context.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Change } from '../../model/change.ts'
import { Journal } from '../../model/journal.ts'
import { rehearsalOf } from '../../model/rehearsal.ts'

export async function trialOn(objects: Balancer): Promise<Trial> {
  const everything = new Set(objects.serviceList.map(({ name }) => name))
  const balancer = await rehearsalOf(objects, everything, { pause: pauses() })
  const journal = new Journal(balancer)
  const changes: Change[] = []
  journal.start()
  balancer.follow((change) => {
    if (changes.length < LIMITS.trialChangesMax) changes.push(change)
  })
  return { balancer, journal, changes }
}
