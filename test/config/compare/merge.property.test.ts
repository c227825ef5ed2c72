// Whatever two sides make of one configuration: nothing is lost in silence, and nobody has to merge twice.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applySnapshot } from '../../../src/config/compare/apply.ts'
import { diffSnapshots } from '../../../src/config/compare/diff.ts'
import { type Conflict, type Three, mergeSnapshots } from '../../../src/config/compare/merge.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { settledMerge } from '../../../src/config/compare/settle.ts'
import { formatDocument } from '../../../src/config/write/write.ts'
import { portlessBalancer } from '../../../src/model/rehearsal.ts'
import type { BalancerSnapshot, ServiceSnapshot } from '../../../src/model/snapshot.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { anySnapshot, editedFrom } from '../../helpers/snapshots.ts'

const parameters = randomly(300)

/** Names that no random snapshot has, and one that many have. */
const NEW_NAMES = ['n1', 'n2', 'c']

/** Edited, and a few things called otherwise. */
function changedFrom(from: BalancerSnapshot): fc.Arbitrary<BalancerSnapshot> {
  return fc
    .tuple(fc.oneof(editedFrom(from), fc.constant(from)), fc.infiniteStream(fc.nat({ max: 29 })))
    .map(([snapshot, dice]) => withRenames(snapshot, () => dice.next().value ?? 0))
}

function withRenames(snapshot: BalancerSnapshot, dice: () => number): BalancerSnapshot {
  const services = renamed(snapshot.services, dice).map((service): ServiceSnapshot => {
    const groups = renamed(service.groups, dice)
    const place = service.groups.findIndex(({ name }) => name === service.enabledGroup)
    return {
      ...service,
      groups: groups.map((group) => ({ ...group, hosts: renamed(group.hosts, dice) })),
      enabledGroup: groups[place]?.name ?? '',
    }
  })
  return { ...snapshot, services }
}

function renamed<Item extends { readonly name: string }>(
  items: readonly Item[],
  dice: () => number,
): readonly Item[] {
  const taken = new Set(items.map(({ name }) => name))
  return items.map((item) => {
    const name = NEW_NAMES[dice()]
    if (name === undefined || taken.has(name)) return item
    taken.add(name)
    return { ...item, name }
  })
}

/** Every third host with another weight, and its group with another queue. */
function withValues(snapshot: BalancerSnapshot, part: number): BalancerSnapshot {
  let place = 0
  const services = snapshot.services.map((service) => ({
    ...service,
    groups: service.groups.map((group) => ({
      ...group,
      queue: ++place % 3 === part ? 77 : group.queue,
      hosts: group.hosts.map((one) => (++place % 3 === part ? { ...one, weight: 99 } : one)),
    })),
  }))
  return { ...snapshot, services }
}

const threeVersions: fc.Arbitrary<Three<BalancerSnapshot>> = anySnapshot.chain((base) => {
  return fc.record({
    base: fc.constant(base),
    theirs: changedFrom(base),
    ours: changedFrom(base),
  })
})

const swapped = ({ base, theirs, ours }: Three<BalancerSnapshot>) => {
  return { base, theirs: ours, ours: theirs }
}

/** The next step after all of this one was carried out. */
function afterwards(
  versions: Three<BalancerSnapshot>,
  merged = mergeSnapshots(versions),
): Three<BalancerSnapshot> {
  const { theirs, ours } = merged
  return { base: merged.agreed({ theirs, ours }), theirs, ours }
}

const told = (conflicts: readonly Conflict[]) =>
  conflicts.map(({ path, kind, field, theirs, ours }) => ({ path, kind, field, theirs, ours }))

async function rehearse(wanted: BalancerSnapshot): Promise<BalancerSnapshot> {
  const balancer = portlessBalancer()
  await applySnapshot(balancer, wanted)
  return balancer.snapshot()
}

test(`a merge that was carried out leaves nothing to do but its conflicts (seed ${seed})`, () => {
  const holds = (versions: Three<BalancerSnapshot>) => {
    const merged = mergeSnapshots(versions)
    const now = afterwards(versions)
    const next = mergeSnapshots(now)
    expect(diffSnapshots(merged.ours, next.ours)).toEqual([])
    expect(diffSnapshots(merged.theirs, next.theirs)).toEqual([])
    expect(next.ours).toBe(now.ours)
    expect(next.theirs).toBe(now.theirs)
    expect(told(next.conflicts)).toEqual(told(merged.conflicts))
    expect(merged.conflicts.length === 0).toBe(sameSnapshot(merged.ours, merged.theirs))
  }
  fc.assert(fc.property(threeVersions, holds), parameters)
})

test(`what a merge makes of both sides can run and loads (seed ${seed})`, async () => {
  const holds = async (versions: Three<BalancerSnapshot>) => {
    const { theirs, ours } = mergeSnapshots(versions)
    expect(sameSnapshot(await rehearse(ours), ours)).toBe(true)
    expect(sameSnapshot(formatDocument(theirs, 'c').snapshot, theirs)).toBe(true)
    expect(sameSnapshot(formatDocument(ours, 'c').snapshot, ours)).toBe(true)
  }
  await fc.assert(fc.asyncProperty(threeVersions, holds), parameters)
})

test(`a merge is the same from the other side (seed ${seed})`, () => {
  const holds = (versions: Three<BalancerSnapshot>) => {
    const places = (conflicts: readonly Conflict[]) => conflicts.length
    const one = mergeSnapshots(versions)
    const other = mergeSnapshots(swapped(versions))
    expect(places(other.conflicts)).toBe(places(one.conflicts))
  }
  fc.assert(fc.property(threeVersions, holds), parameters)
})

test(`what both changed to the same is no conflict (seed ${seed})`, () => {
  const holds = ({ base, theirs }: Three<BalancerSnapshot>) => {
    const merged = mergeSnapshots({ base, theirs, ours: structuredClone(theirs) })
    expect(merged.conflicts).toEqual([])
    expect(sameSnapshot(merged.ours, theirs)).toBe(true)
  }
  fc.assert(fc.property(threeVersions, holds), parameters)
})

test(`what one side alone changed is taken over as it is (seed ${seed})`, () => {
  const holds = ({ base, theirs }: Three<BalancerSnapshot>) => {
    const same = structuredClone(base)
    for (const merged of [
      mergeSnapshots({ base, theirs, ours: same }),
      mergeSnapshots({ base, theirs: same, ours: theirs }),
    ]) {
      expect(merged.conflicts).toEqual([])
      expect(diffSnapshots(merged.ours, theirs)).toEqual([])
      expect(diffSnapshots(merged.theirs, theirs)).toEqual([])
    }
  }
  fc.assert(fc.property(threeVersions, holds), parameters)
})

test(`edits of different things never get in the way of each other (seed ${seed})`, () => {
  const holds = (base: BalancerSnapshot, mine: BalancerSnapshot, other: BalancerSnapshot) => {
    const ours = { ...base, services: mine.services }
    const theirs = { ...base, users: other.users, tokens: other.tokens, settings: other.settings }
    const merged = mergeSnapshots({ base, theirs, ours })
    const both = { ...other, services: mine.services }
    expect(merged.conflicts).toEqual([])
    expect(diffSnapshots(merged.ours, both)).toEqual([])
    expect(diffSnapshots(merged.theirs, both)).toEqual([])
  }
  fc.assert(fc.property(anySnapshot, anySnapshot, anySnapshot, holds), parameters)
})

test(`values of different hosts, groups and services are changed side by side (seed ${seed})`, () => {
  const holds = (base: BalancerSnapshot, share: number) => {
    const [mine, other] = [share, 3 - share].map((part) => withValues(base, part % 3))
    if (mine === undefined || other === undefined) return
    const merged = mergeSnapshots({ base, theirs: other, ours: mine })
    const both = withValues(mine, (3 - share) % 3)
    expect(merged.conflicts).toEqual([])
    expect(diffSnapshots(merged.ours, both)).toEqual([])
    expect(diffSnapshots(merged.theirs, both)).toEqual([])
  }
  fc.assert(fc.property(anySnapshot, fc.constantFrom(1, 2), holds), parameters)
})

test(`one can become the other, whatever is called otherwise (seed ${seed})`, async () => {
  const holds = async ({ base, ours }: Three<BalancerSnapshot>) => {
    const balancer = portlessBalancer()
    await applySnapshot(balancer, base)
    await applySnapshot(balancer, ours)
    expect(diffSnapshots(balancer.snapshot(), ours)).toEqual([])
    expect(sameSnapshot(balancer.snapshot(), ours)).toBe(true)
  }
  await fc.assert(fc.asyncProperty(threeVersions, holds), parameters)
})

test.each(['ours', 'theirs'] as const)(
  `a conflict that was settled for %s is settled, and nothing else is (seed ${seed})`,
  async (winner) => {
    const holds = async (versions: Three<BalancerSnapshot>, pick: number) => {
      const now = afterwards(versions)
      const { conflicts } = mergeSnapshots(now)
      const conflict = conflicts[pick % conflicts.length]
      if (conflict === undefined) return
      const settled = afterwards(now, settledMerge(now, [conflict], winner))
      const left = mergeSnapshots(settled).conflicts
      expect(left.length).toBeLessThan(conflicts.length)
      expect(diffSnapshots(now[winner], settled[winner])).toEqual([])
      expect(sameSnapshot(formatDocument(settled.theirs, 'c').snapshot, settled.theirs)).toBe(true)
      expect(sameSnapshot(await rehearse(settled.ours), settled.ours)).toBe(true)
    }
    await fc.assert(fc.asyncProperty(threeVersions, fc.nat(), holds), parameters)
  },
)

test.each(['ours', 'theirs'] as const)(
  `when all conflicts are settled for %s, both sides say the same (seed ${seed})`,
  (winner) => {
    const holds = (versions: Three<BalancerSnapshot>) => {
      const now = afterwards(versions)
      const { conflicts } = mergeSnapshots(now)
      const settled = settledMerge(now, conflicts, winner)
      expect(settled.conflicts).toEqual([])
      expect(diffSnapshots(settled.ours, now[winner])).toEqual([])
      expect(diffSnapshots(settled.theirs, now[winner])).toEqual([])
    }
    fc.assert(fc.property(threeVersions, holds), parameters)
  },
)
