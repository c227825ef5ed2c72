// What every changing command answers: one shape, so that a script reads each answer in the same way.
import type { JsonShape } from '../command.ts'

export interface Done {
  readonly done:
    | 'pause'
    | 'resume'
    | 'kill'
    | 'rebalance'
    | 'add'
    | 'remove'
    | 'set'
    | 'move'
    | 'rename'
    | 'save'
    | 'stop'
    | 'say'
    | 'logout'
    | 'reload'
    | 'begin'
    | 'discard'
  /** What was changed: the path of an object, or of the file. */
  readonly path: string
  /** The property that was set, named as in the JSON of `show`; null where the whole object came or went. */
  readonly field: string | null
  readonly before: unknown
  readonly after: unknown
  /** The same for people, in one sentence. */
  readonly message: string
}

export const DONE_JSON: JsonShape = {
  list: false,
  // The last is filled in for all of them: see on-candidate.ts.
  fields: ['done', 'path', 'field', 'before', 'after', 'message', 'candidate'],
}

interface Described {
  readonly path: string
  describe(): unknown
}

export function added(object: Described, message: string): Done {
  const { path } = object
  return { done: 'add', path, field: null, before: null, after: object.describe(), message }
}

export function removed(path: string, before: unknown, message: string): Done {
  return { done: 'remove', path, field: null, before, after: null, message }
}

/** `, 3 open sessions finish`, or nothing. */
export function finishing(open: number): string {
  if (open === 0) return ''
  return open === 1 ? ', 1 open session finishes' : `, ${open} open sessions finish`
}

/** The text of every such command is its message. */
export function textOfDone({ message }: Done): string {
  return `${message}\n`
}
