// Whom a session tells what became of it.
import type { CloseReason } from '../../base/close-reasons.ts'
import type { HostFailure } from '../contract.ts'

export interface SessionHome<Session> {
  /** The step has a deadline now, or none any more. */
  watch(session: Session): void
  unwatch(session: Session): void
  connected(session: Session): void
  closed(session: Session, reason: CloseReason): void
  hostFailed(failure: HostFailure): void
}
