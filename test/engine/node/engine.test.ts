// The portable engine keeps the contract of all engines.
import { NodeEngine } from '../../../src/engine/node/engine.ts'
import { engineContract } from '../../contracts/engine-contract.ts'

engineContract('node', (options) => new NodeEngine(options))
