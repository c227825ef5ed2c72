// The pickers of the portable engine keep the contract of all pickers.
import { createPicker } from '../../../src/engine/node/pickers.ts'
import { pickContract } from '../../contracts/pick-contract.ts'

pickContract('node', (rule, slots, random) => createPicker(rule, slots, { random }))
