// What can be wrong between the file and the running system, and what to do then.
import { BalancerError } from '../../base/errors.ts'

export function conflict(file: string): BalancerError {
  const next = '`save --force` keeps what runs, the other text stays in the backup'
  const what = `${file} was edited and the running system was changed too`
  return new BalancerError('CONFIG_CONFLICT', `${what}; ${next}`)
}

export function editedMeanwhile(file: string): BalancerError {
  const next = 'it is taken over at the next check, or by `save`; compare and try again'
  return new BalancerError('CONFIG_CONFLICT', `${file} was edited and not yet taken over; ${next}`)
}

export function missing(file: string): BalancerError {
  const next = 'make it or name another, or let `save` write what runs'
  return new BalancerError('FILE_UNREADABLE', `there is no ${file}: ${next}`)
}

/** The file is not to blame, and may be taken over as soon as the audit log can be written. */
export function isOfAudit(error: unknown): boolean {
  return error instanceof BalancerError && error.code === 'AUDIT_UNWRITABLE'
}
