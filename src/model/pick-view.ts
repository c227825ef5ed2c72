// Who would be given the next client, and why, as people and scripts see it: what engines tell and `explain pick` says.

/** How a rule chooses; `ask` stands beside the rule that serves where the function does not. */
export type PickKind = 'cycle' | 'chance' | 'least' | 'hash'

export interface PickView {
  readonly group: string
  readonly rule: PickKind
  /** A function of the operator is asked first; its answer is not foreseen. */
  readonly ask: boolean
  /** Name of the host that the rule gives the next client; '' where chance or the client's address decides, or nobody can. */
  readonly next: string
  /** For `cycle`: how many turns of the round are done. For `hash`: the slot of the client. Else -1. */
  readonly place: number
  /** Turns of a round, or slots; 0 where the rule has none. */
  readonly places: number
  /** Sessions of the group now, and at once at most; 0 sets no limit. */
  readonly open: number
  readonly maxSessions: number
  /** Clients that wait or are held. */
  readonly waiting: number
  readonly paused: boolean
  readonly hosts: readonly PickHostView[]
}

export interface PickHostView {
  readonly name: string
  readonly weight: number
  readonly open: number
  /** 0 sets no limit. */
  readonly maxSessions: number
  /** As the table says it, its limit aside. */
  readonly ready: boolean
  /** Is it known where to connect to? */
  readonly reachable: boolean
  /** May it be given a client now? */
  readonly available: boolean
  /**
   * What the rule goes by. `cycle`: turns until the host's next one. `chance`: its share of clients. `least`: the
   * sessions that it would have for its weight. `hash`: its share of the slots. Null where it is not available.
   */
  readonly figure: number | null
}
