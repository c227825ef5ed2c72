// What an operator does over ssh besides typing, as the audit log has it: files, tunnels, and what was refused.
import { by } from '../access/login-notes.ts'
import { type Audit, type AuditFacts, noteAfterwards } from '../audit/line.ts'
import type { Login } from './channel.ts'

/** Note what is about to be done. @throws BalancerError AUDIT_UNWRITABLE; then it must not be done */
export function noteBefore(audit: Audit, login: Login, facts: AuditFacts): void {
  audit.note(by(login, facts))
}

/** Note what only looks: it goes on also when the log cannot be written. */
export function noteLook(audit: Audit, login: Login, facts: AuditFacts): void {
  noteAfterwards(audit, by(login, facts))
}

/** Note a request that is not allowed. */
export function noteRefused(
  audit: Audit,
  login: Login,
  action: string,
  facts: Pick<AuditFacts, 'path' | 'reason'> = {},
): void {
  noteAfterwards(audit, by(login, { event: 'refused', action, ...facts }))
}
