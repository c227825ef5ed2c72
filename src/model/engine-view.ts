// The threads of an engine, and which services it leaves to another one, as people and scripts see them.

/** What one thread of an engine does. Figures but those of now count from its start. */
export interface EngineThreadView {
  /** From 0 on. */
  readonly thread: number
  /** Sessions now. */
  readonly sessions: number
  readonly accepted: number
  /** In both directions, of open sessions too. */
  readonly bytesMoved: number
  /** Kernel pipes that it has, and how many of them carry a session now. */
  readonly pipes: number
  readonly pipesInUse: number
  /** Turns of its loop. */
  readonly turns: number
}

/** A service that another engine serves than most, or that asks for another one from the next start on. */
export interface EngineException {
  readonly service: string
  /** The one that serves it now. */
  readonly engine: string
  /** A clause. */
  readonly reason: string
}
