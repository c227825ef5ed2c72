// The native pickers keep the contract of all pickers: they pick among slots that are filled from those of the bench before
// each call. Not where the addon cannot be built.
import { describe } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import type { Foresight, PickClient, Picker } from '../../../src/engine/node/picker.ts'
import type { Slot } from '../../../src/engine/node/slot.ts'
import { loadSplice } from '../../../src/engine/splice/load.ts'
import type { TableRule } from '../../../src/scheduler/rule.ts'
import { pickContract } from '../../contracts/pick-contract.ts'

/** See native/addon/testing_picker.h. */
interface NativePicker {
  fill(hosts: Columns): void
  next(ip: string, tried: Float64Array): number
  changed(index: number): void
  succeed(earlier: NativePicker): void
}

/** What a pick depends on, a column for each figure of the hosts. */
interface Columns {
  readonly ids: Float64Array
  readonly ready: Float64Array
  readonly limits: Float64Array
  readonly open: Float64Array
  readonly lastClose: Float64Array
}

interface Testing {
  readonly Picker: new (
    rule: TableRule,
    hosts: Columns,
    limits: { readonly hashProbesMax: number; readonly chanceDrawsMax: number },
    chance: () => number,
  ) => NativePicker
}

class BenchPicker implements Picker {
  readonly #native: NativePicker
  readonly #slots: readonly Slot[]

  constructor(
    { Picker: Native }: Testing,
    rule: TableRule,
    slots: readonly Slot[],
    random: () => number,
  ) {
    this.#slots = slots
    this.#native = new Native(rule, columnsOf(slots), LIMITS, random)
  }

  next({ clientIp, tried }: PickClient): number {
    this.#native.fill(columnsOf(this.#slots))
    return this.#native.next(clientIp, Float64Array.from(tried ?? []))
  }

  changed(index: number): void {
    this.#native.fill(columnsOf(this.#slots))
    this.#native.changed(index)
  }

  succeed(earlier: Picker): void {
    if (!(earlier instanceof BenchPicker)) throw new Error('a picker of another bench')
    this.#native.succeed(earlier.#native)
  }

  foresee(): Foresight {
    throw new Error('what comes is foreseen by the portable pickers')
  }
}

function columnsOf(slots: readonly Slot[]): Columns {
  const column = (figureOf: (host: Slot['host']) => number) =>
    Float64Array.from(slots, ({ host }) => figureOf(host))
  return {
    ids: column(({ id }) => id),
    ready: column(({ ready }) => Number(ready)),
    limits: column(({ maxSessions }) => maxSessions),
    open: column(({ counters }) => counters.open),
    lastClose: column(({ counters }) => counters.lastClose),
  }
}

const loaded = loadSplice()

describe.skipIf('reason' in loaded)('natively', () => {
  if ('reason' in loaded) return
  const testing = loaded.addon.testing as Testing
  pickContract('splice', (rule, slots, random) => new BenchPicker(testing, rule, slots, random))
})
