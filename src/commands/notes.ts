// What an operator must not overlook, said under the tables it belongs to.
import type { Group } from '../model/group.ts'
import type { Process } from './context.ts'

/** A line for every group that has no host left, and one where running changes are not in the file. */
export function notesOn(groups: readonly Group[], process: Process): string {
  const panics = groups
    .filter(({ panic }) => panic)
    .map(({ path }) => {
      return `PANIC: every host of ${path} is down; all of them are tried as a last resort`
    })
  const { unsaved } = process.document()
  const lines = unsaved === undefined ? panics : [...panics, `unsaved: ${unsaved}`]
  return lines.map((line) => `${line}\n`).join('')
}
