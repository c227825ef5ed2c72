// What the parts of the web surface are given by the server that puts them together.
import type { Log } from '../base/log.ts'
import type { Process } from '../commands/context.ts'
import type { Access } from './access/access.ts'
import type { Events } from './api/events.ts'

export interface WebParts {
  readonly process: Process
  readonly log: Log
  readonly access: Access
  readonly events: Events
  /** Answers go over TLS. */
  readonly isSecure: boolean
  /** Other machines reach the address. */
  readonly isExposed: boolean
  readonly pageFolder: string
}
