// The pickers by the kind of their rule.
import type { TableRule } from '../../scheduler/rule.ts'
import { ChancePicker } from './pick-chance.ts'
import { CyclePicker } from './pick-cycle.ts'
import { HashPicker } from './pick-hash.ts'
import { LeastPicker } from './pick-least.ts'
import type { Picker } from './picker.ts'
import type { Slot } from './slot.ts'

export function createPicker(
  rule: TableRule,
  slots: readonly Slot[],
  random: () => number = Math.random,
): Picker {
  switch (rule.kind) {
    case 'cycle':
      return new CyclePicker(rule, slots)
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
