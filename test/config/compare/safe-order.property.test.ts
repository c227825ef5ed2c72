// Whatever two configurations there are: no service that has a ready host in both is without one after any of the
// differences, and none that has an open port in both is without one where there is room for old and new.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressesClash } from '../../../src/base/address.ts'
import { applySnapshot } from '../../../src/config/compare/apply.ts'
import { carryOut } from '../../../src/config/compare/carry-out.ts'
import { diffSnapshots } from '../../../src/config/compare/diff.ts'
import { sameSnapshot } from '../../../src/config/compare/same.ts'
import { Balancer } from '../../../src/model/balancer.ts'
import type { Service } from '../../../src/model/service.ts'
import type { BalancerSnapshot } from '../../../src/model/snapshot.ts'
import { FakePorts } from '../../helpers/fake-ports.ts'
import { scarceSnapshot } from '../../helpers/scarce-snapshots.ts'
import { randomly, seed } from '../../helpers/seed.ts'
import { anySnapshot, snapshotAndEdited } from '../../helpers/snapshots.ts'

type Two = readonly [from: BalancerSnapshot, to: BalancerSnapshot]

const unrelated = fc.tuple(anySnapshot, anySnapshot)
const scarce = fc.tuple(scarceSnapshot, scarceSnapshot)

test(`a service is ready after each difference (seed ${seed})`, async () => {
  await fc.assert(fc.asyncProperty(snapshotAndEdited, expectNoGap), randomly(400))
  await fc.assert(fc.asyncProperty(unrelated, expectNoGap), randomly(200))
  await fc.assert(fc.asyncProperty(scarce, expectNoGap), randomly(800))
}, 120_000)

test(`a service is ready whenever the carrying out waits for a port (seed ${seed})`, async () => {
  await fc.assert(fc.asyncProperty(scarce, expectNoGapWhileWaiting), randomly(500))
}, 120_000)

async function expectNoGap([from, to]: Two): Promise<void> {
  const balancer = new Balancer({ ports: new FakePorts() })
  await applySnapshot(balancer, from)
  const differences = diffSnapshots(balancer.snapshot(), to)
  const states = [stateOf(balancer)]
  for (const difference of differences) {
    await carryOut(balancer, [difference], to)
    states.push(stateOf(balancer))
  }
  // Operators and tokens come as one list each, so that here the last one counts.
  await applySnapshot(balancer, to)
  expect(sameSnapshot(balancer.snapshot(), to)).toBe(true)
  const gaps = [
    ...gapsIn(states, 'ready'),
    ...(isTight([from, to]) ? [] : gapsIn(states, 'listening')),
  ]
  expect({ gaps, differences }).toEqual({ gaps: [], differences })
}

async function expectNoGapWhileWaiting([from, to]: Two): Promise<void> {
  const ports = new FakePorts()
  const balancer = new Balancer({ ports })
  await applySnapshot(balancer, from)
  const states = [stateOf(balancer)]
  ports.open = async (listener) => {
    states.push(stateOf(balancer))
    return FakePorts.prototype.open.call(ports, listener)
  }
  ports.close = async (listener) => {
    states.push(stateOf(balancer))
    return FakePorts.prototype.close.call(ports, listener)
  }
  await applySnapshot(balancer, to)
  states.push(stateOf(balancer))
  expect(gapsIn(states, 'ready')).toEqual([])
}

/** Services by what they have at a moment. */
interface State {
  readonly ready: ReadonlySet<Service>
  readonly listening: ReadonlySet<Service>
}

function stateOf({ serviceList }: Balancer): State {
  return {
    ready: new Set(
      serviceList.filter(({ servingGroup }) => servingGroup?.hostList.some(({ wanted }) => wanted)),
    ),
    listening: new Set(serviceList.filter(({ listenerList }) => listenerList.length > 0)),
  }
}

/** What was there at first and at last, and not in between. */
function gapsIn(states: readonly State[], what: keyof State): readonly string[] {
  const both = [...(states.at(-1)?.[what] ?? [])].filter((service) =>
    states[0]?.[what].has(service),
  )
  return states.flatMap((state, step) => {
    const gone = both.filter((service) => !state[what].has(service))
    return gone.map(({ name }) => `${name} not ${what} after step ${step}`)
  })
}

/** Is there a port that has to be closed before another one can be opened? */
function isTight([from, to]: Two): boolean {
  const doors = ({ services }: BalancerSnapshot) =>
    services.flatMap(({ name, listeners }) => listeners.map(({ address }) => ({ name, address })))
  return doors(to).some((door) => {
    const others = doors(from).filter(
      ({ name, address }) => name !== door.name || address !== door.address,
    )
    return others.some(({ address }) => addressesClash(address, door.address))
  })
}
