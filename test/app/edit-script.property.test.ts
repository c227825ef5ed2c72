// Whatever two configurations there are: the commands, typed one by one, turn a system with the first into one with the
// second, and no service that has a ready host in both is without one in between.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editScript } from '../../src/app/edit-script/script.ts'
import { runLine } from '../../src/commands/run.ts'
import { applySnapshot } from '../../src/config/compare/apply.ts'
import { sameSnapshot } from '../../src/config/compare/same.ts'
import { Balancer } from '../../src/model/balancer.ts'
import { Journal } from '../../src/model/journal.ts'
import type { Service } from '../../src/model/service.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'
import { FakePorts } from '../helpers/fake-ports.ts'
import { randomly, seed } from '../helpers/seed.ts'
import { anySnapshot, snapshotAndEdited } from '../helpers/snapshots.ts'
import { scarceSnapshot } from '../helpers/scarce-snapshots.ts'
import { contextOf, createStubProcess } from '../helpers/stub-process.ts'

/** What happened on the way from one to the other. */
interface Way {
  readonly commands: readonly string[]
  readonly end: BalancerSnapshot
  /** Services that had a ready host at the beginning and at the end, and not after the command. */
  readonly gaps: readonly string[]
  /** Services that are called the same and are others. */
  readonly remade: readonly string[]
}

test(`edited configurations: the commands that are printed make the second of the first (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(snapshotAndEdited, ([from, to]) => expectWay(from, to)),
    randomly(300),
  )
}, 120_000)

test(`unrelated configurations: the same (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(anySnapshot, anySnapshot, (from, to) => expectWay(from, to)),
    randomly(150),
  )
}, 120_000)

test(`few hosts, of which few are ready: the same (seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(scarceSnapshot, scarceSnapshot, (from, to) => expectWay(from, to)),
    randomly(400),
  )
}, 120_000)

test(`there is nothing to type where both say the same (seed ${seed})`, () => {
  fc.assert(
    fc.property(anySnapshot, (snapshot) => {
      expect(editScript(snapshot, snapshot)).toEqual([])
    }),
    randomly(50),
  )
})

async function expectWay(from: BalancerSnapshot, to: BalancerSnapshot): Promise<void> {
  const { end, ...way } = await walk(from, to)
  const seen = { ...way, left: editScript(end, to), same: sameSnapshot(end, to) }
  expect(seen).toEqual({ commands: way.commands, gaps: [], remade: [], left: [], same: true })
}

async function walk(from: BalancerSnapshot, to: BalancerSnapshot): Promise<Way> {
  const balancer = new Balancer({ ports: new FakePorts() })
  await applySnapshot(balancer, from)
  const journal = new Journal(balancer)
  const process = { ...(await createStubProcess()), balancer, journal }
  const commands = editScript(from, to).map(({ command }) => command)
  const ready = [readyIn(balancer)]
  const { services } = balancer
  for (const command of commands) {
    const { exit, err } = await runLine(command, contextOf(process))
    expect({ command, exit, err, commands }).toMatchObject({ command, exit: 0, err: '' })
    ready.push(readyIn(balancer))
  }
  const both = [...(ready.at(-1) ?? [])].filter((service) => ready[0]?.has(service))
  const gaps = commands.flatMap((command, index) => {
    const gone = both.filter((service) => !ready[index + 1]?.has(service))
    return gone.map(({ name }) => `${name} after: ${command}`)
  })
  const others = balancer.serviceList.filter(({ name, mode }) => {
    return services[name]?.mode === mode && services[name] !== balancer.services[name]
  })
  return { commands, end: balancer.snapshot(), gaps, remade: others.map(({ name }) => name) }
}

/** The services with a host that may get sessions, as far as operators say. */
function readyIn({ serviceList }: Balancer): ReadonlySet<Service> {
  return new Set(
    serviceList.filter(({ servingGroup }) => servingGroup?.hostList.some(({ wanted }) => wanted)),
  )
}
