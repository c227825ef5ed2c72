// The limits of the house and the bounds of its histograms for the native engine, under the names that it has for them.
import { LIMITS } from '../../base/limits.ts'
import { CONNECT_BOUNDS_MS, SESSION_BOUNDS_MS } from '../../base/session-bounds.ts'
import type { NativeSettings } from './addon.ts'

export function nativeSettings(
  own: Pick<NativeSettings, 'threads' | 'trackPeers'>,
): NativeSettings {
  return {
    ...own,
    listenBacklog: LIMITS.listenBacklog,
    proxyHeaderMs: LIMITS.proxyHeaderMs,
    proxyV2BytesMax: LIMITS.proxyV2BytesMax,
    lingerMs: LIMITS.lingerMs,
    heldMax: LIMITS.heldMax,
    letGoAtOnce: LIMITS.letGoAtOnce,
    hashProbesMax: LIMITS.hashProbesMax,
    chanceDrawsMax: LIMITS.chanceDrawsMax,
    pickersKept: LIMITS.placesKept,
    eventsAtOnce: LIMITS.engineEventsAtOnce,
    commandsAtOnce: LIMITS.engineCommandsAtOnce,
    acceptsAtOnce: LIMITS.engineAcceptsAtOnce,
    acceptPauseMs: LIMITS.engineAcceptPauseMs,
    bufferBytes: LIMITS.engineBufferBytes,
    pipesMax: LIMITS.kernelPipesMax,
    pipeBytes: LIMITS.kernelPipeBytes,
    fullReadsToStream: LIMITS.fullReadsToStream,
    smallReadsToCalm: LIMITS.smallReadsToCalm,
    turnBytes: LIMITS.engineTurnBytes,
    recordsMax: LIMITS.endReportsMax,
    eventsMax: LIMITS.engineReportsMax,
    connectBoundsMs: Float64Array.from(CONNECT_BOUNDS_MS),
    sessionBoundsMs: Float64Array.from(SESSION_BOUNDS_MS),
  }
}
