// What can be wrong between the file and the running system, and what to do then.
import { BalancerError, messageOf } from '../../base/errors.ts'
import { didYouMean } from '../../base/nearest.ts'

interface Placed {
  readonly path: string
}

/** Paths that one refusal lists. */
const LISTED_MAX = 10

export function editedMeanwhile(file: string): BalancerError {
  const next = 'it is taken over at the next check, or by `save`; compare and try again'
  return new BalancerError('CONFIG_CONFLICT', `${file} was edited and not yet taken over; ${next}`)
}

export function missing(file: string): BalancerError {
  const next = 'make it or name another, or let `save` write what runs'
  return new BalancerError('FILE_UNREADABLE', `there is no ${file}: ${next}`)
}

export function readOnly(file: string): BalancerError {
  const because = 'because of --read-only-config, or of configCheck sync="off"'
  const next = 'what is changed live is lost at the stop'
  return new BalancerError('FILE_UNWRITABLE', `${file} is never written, ${because}; ${next}`)
}

/** That the file is never written is meant so: a fact, and no fault. */
export function isReadOnly(error: unknown, file: string): boolean {
  return messageOf(error) === readOnly(file).message
}

/** When all else is saved. */
export function conflictsLeft(conflicts: readonly Placed[]): BalancerError {
  const next = 'all else is saved; see: show conflicts'
  return new BalancerError('CONFIG_CONFLICT', `${placesOf(conflicts)}; ${next}`)
}

/** `1 conflict with the file (web/main/a/weight): show conflicts` */
export function conflictsOpen(conflicts: readonly Placed[]): string {
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`
  return `${count} with the file (${placesOf(conflicts)}): show conflicts`
}

function placesOf([first, ...others]: readonly Placed[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${first?.path ?? ''}${more}`
}

/** @param path undefined where none was named: all were meant, and there are none */
export function noSuchConflict(path: string | undefined, open: readonly Placed[]): BalancerError {
  const paths = open.map((conflict) => conflict.path)
  const more = paths.length > LISTED_MAX ? ` and ${paths.length - LISTED_MAX} more` : ''
  const listed = `${paths.slice(0, LISTED_MAX).join(', ')}${more}`
  const there =
    paths.length === 0 ? 'the file and the running system agree' : `there is one at ${listed}`
  const where = path === undefined ? '' : ` at ${path}${didYouMean(path, paths)}`
  return new BalancerError('NOT_FOUND', `no conflict${where}; ${there}`)
}

/** Somebody else wrote the file between the look at it and the save. */
export function isEditedMeanwhile(error: unknown): boolean {
  return error instanceof BalancerError && error.code === 'CONFIG_CONFLICT'
}

/** The file is not to blame, and may be taken over as soon as the audit log can be written. */
export function isOfAudit(error: unknown): boolean {
  return error instanceof BalancerError && error.code === 'AUDIT_UNWRITABLE'
}
