// Which engine runs, and why, in one sentence.
import { BalancerError } from '../base/errors.ts'
import type { Engine, EngineEvents } from '../engine/contract.ts'
import { NodeEngine } from '../engine/node/engine.ts'

export const ENGINE_CHOICES = ['auto', 'node', 'splice'] as const
export type EngineChoice = (typeof ENGINE_CHOICES)[number]

export interface EngineOptions {
  readonly events: EngineEvents
  readonly trackPeers: boolean
}

/** @throws BalancerError REFUSED where the wanted engine cannot run here */
export function chooseEngine(
  wanted: EngineChoice,
  options: EngineOptions,
): { readonly engine: Engine; readonly reason: string } {
  if (wanted === 'splice') {
    throw new BalancerError(
      'REFUSED',
      'this build has no splice engine; start with --engine auto or node',
    )
  }
  const reason = wanted === 'node' ? 'asked for by --engine node' : 'the only engine of this build'
  return { engine: new NodeEngine(options), reason }
}
