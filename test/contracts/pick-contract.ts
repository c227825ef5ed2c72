// What every engine promises for every pick rule, run once for each engine's pickers. No sockets here.
import { describe } from 'vitest'
import type { CreatePicker } from '../helpers/pick-bench.ts'
import { chanceCases } from './pick/chance.ts'
import { cycleCases } from './pick/cycle.ts'
import { everyRuleCases } from './pick/every-rule.ts'
import { hashCases } from './pick/hash.ts'
import { leastCases } from './pick/least.ts'

export function pickContract(name: string, createPicker: CreatePicker): void {
  describe(`the pickers of the ${name} engine`, () => {
    describe('by any rule', () => {
      everyRuleCases(createPicker)
    })
    describe('cycle', () => {
      cycleCases(createPicker)
    })
    describe('least', () => {
      leastCases(createPicker)
    })
    describe('chance', () => {
      chanceCases(createPicker)
    })
    describe('hash', () => {
      hashCases(createPicker)
    })
  })
}
