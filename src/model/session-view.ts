// One session as people and scripts see it: what engines tell and `show sessions` lists.

export type SessionStep = 'header' | 'choosing' | 'queued' | 'connecting' | 'relaying'

export interface SessionView {
  readonly id: number
  readonly service: string
  readonly listener: string
  readonly group: string
  /** '' while no host was chosen. */
  readonly host: string
  /** Address and port of the client; '' on a Unix socket. */
  readonly client: string
  readonly step: SessionStep
  /** When it was accepted, in milliseconds since 1970. */
  readonly since: number
  readonly idleMs: number
  readonly bytesFromClient: number
  readonly bytesFromHost: number
}
