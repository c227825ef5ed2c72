// The pickers by the kind of their rule.
import type { TableRule } from '../../scheduler/rule.ts'
import { ChancePicker } from './pick-chance.ts'
import { CyclePicker } from './pick-cycle.ts'
import { HashPicker } from './pick-hash.ts'
import { LeastPicker } from './pick-least.ts'
import type { Picker } from './picker.ts'
import type { Slot } from './slot.ts'

export interface PickerOptions {
  /** Source of chance, 0 up to 1; `Math.random` unless a test owns it. */
  readonly random?: () => number
  /** The turn of the round with which a `cycle` begins. Default 0. */
  readonly place?: number
}

export function createPicker(
  rule: TableRule,
  slots: readonly Slot[],
  { random = Math.random, place = 0 }: PickerOptions = {},
): Picker {
  switch (rule.kind) {
    case 'cycle':
      return new CyclePicker(rule, slots, place)
    case 'chance':
      return new ChancePicker(rule, slots, random)
    case 'least':
      return new LeastPicker(rule, slots)
    case 'hash':
      return new HashPicker(rule, slots)
    default:
      return rule satisfies never
  }
}
