// Which engine runs, and why, in one sentence.
import { availableParallelism } from 'node:os'
import { BalancerError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Engine, EngineEvents } from '../engine/contract.ts'
import { NodeEngine } from '../engine/node/engine.ts'
import { PerServiceEngine } from '../engine/per-service.ts'
import { SpliceEngine } from '../engine/splice/engine.ts'
import { type Loaded, loadSplice } from '../engine/splice/load.ts'
import type { EngineException } from '../model/engine-view.ts'
import { requireValue, whole, word } from '../model/field.ts'

export const ENGINE_CHOICES = ['auto', 'node', 'splice'] as const
export type EngineChoice = (typeof ENGINE_CHOICES)[number]

/** What is said to the process or to `createBalancer`, and not in the document. */
export const ENGINE_FIELDS = {
  engine: word({
    attribute: 'engine',
    summary: 'what moves the bytes; auto is splice where it can be loaded, else node',
    effect: 'after a restart',
    words: ENGINE_CHOICES,
    standard: 'auto',
  }),
  threads: whole({
    attribute: 'engine-threads',
    summary: 'threads of the splice engine; what the file says where it is left out',
    effect: 'after a restart',
    min: 1,
    max: LIMITS.engineThreadsMax,
    standard: 1,
  }),
}

/** The number of threads that was typed. @throws BalancerError VALUE_BAD */
export function readThreads(typed: string): number {
  return requireValue(ENGINE_FIELDS.threads, typed, 'run')
}

export interface EngineOptions {
  readonly events: EngineEvents
  readonly trackPeers: boolean
  /** Threads of the splice engine; 0 leaves that to the machine. */
  readonly threads: number
}

export interface ChosenEngine {
  readonly engine: Engine
  /** A clause. */
  readonly reason: string
  /** Services that another engine serves, as they are now. */
  readonly exceptions: () => readonly EngineException[]
}

/** An engine beside which another one can number its sessions. */
type Numbering = Engine & { nextSessionId(): number }

/** How the native engine is had; a test brings its own. */
export interface NativeEngine {
  load(): Loaded
  make(options: ConstructorParameters<typeof SpliceEngine>[0]): Numbering
}

const NATIVE: NativeEngine = {
  load: loadSplice,
  make: (options) => new SpliceEngine(options),
}

/** @throws BalancerError REFUSED where the wanted engine cannot run here */
export function chooseEngine(
  wanted: EngineChoice,
  options: EngineOptions,
  native: NativeEngine = NATIVE,
): ChosenEngine {
  if (wanted === 'node') return nodeAlone(options, 'asked for by --engine node')
  const loaded = native.load()
  if (!('reason' in loaded)) {
    const threads = options.threads || threadsOfMachine()
    const usual = native.make({ ...options, threads, addon: loaded.addon })
    const reason =
      wanted === 'splice' ? 'asked for by --engine splice' : 'chosen because it can run here'
    return withExceptions(usual, options, reason)
  }
  if (wanted === 'auto') return nodeAlone(options, loaded.reason)
  throw new BalancerError('REFUSED', `${loaded.reason}; or start with --engine auto or node`)
}

/** All CPUs that this process may use but the one of the control plane. */
export function threadsOfMachine(cpus: number = availableParallelism()): number {
  return Math.max(1, cpus - 1)
}

function nodeAlone({ events, trackPeers }: EngineOptions, reason: string): ChosenEngine {
  return { engine: new NodeEngine({ events, trackPeers }), reason, exceptions: () => [] }
}

function withExceptions(
  usual: Numbering,
  { events, trackPeers }: EngineOptions,
  reason: string,
): ChosenEngine {
  const nextSessionId = () => usual.nextSessionId()
  const portable = new NodeEngine({ events, trackPeers, nextSessionId })
  const engine = new PerServiceEngine({ usual, portable })
  return { engine, reason, exceptions: () => engine.exceptions }
}
