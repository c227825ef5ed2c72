// What an operator must not overlook, said under the tables it belongs to.
import type { Audit } from '../../audit/line.ts'
import type { Group } from '../../model/group.ts'
import type { Process } from '../context.ts'

/**
 * A line for every group that has no host left, for every service that is paused and every rebalance under way, and
 * one each where running changes are not in the file, and where the audit log cannot be written.
 */
export function notesOn(groups: readonly Group[], process: Process): string {
  const panics = groups
    .filter(({ panic }) => panic)
    .map(({ path }) => {
      return `PANIC: every host of ${path} is down; all of them are tried as a last resort`
    })
  const { unsaved } = process.document()
  const serving = groups.filter(({ enabled }) => enabled)
  const lines = [
    ...panics,
    ...serving.flatMap((group) => pauseNote(group, process)),
    ...groups.flatMap((group) => rebalanceNote(group, process)),
    ...(unsaved === undefined ? [] : [`unsaved: ${unsaved}`]),
    ...auditNote(process.audit),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** Where it cannot be written, which keeps operators from changing anything. */
export function auditNote({ unwritable }: Audit): readonly string[] {
  if (unwritable === undefined) return []
  return [`AUDIT: the audit log cannot be written, so changes are refused: ${unwritable}`]
}

function pauseNote({ serviceName, waiting }: Group, { balancer }: Process): readonly string[] {
  const service = balancer.services[serviceName]
  if (service === undefined || !service.paused) return []
  const until = new Date(service.pausedUntil).toISOString()
  const next = `let them go with: resume service ${service.path}`
  return [`PAUSED: new clients of ${service.path} wait until ${until}, ${waiting} now; ${next}`]
}

function rebalanceNote(group: Group, { rebalances }: Process): readonly string[] {
  const rebalance = rebalances.of(group)
  if (rebalance === undefined) return []
  const { most, ended, until } = rebalance
  const so = `${ended} of up to ${most} sessions ended, until ${new Date(until).toISOString()}`
  return [`REBALANCE of ${group.path}: ${so}; end it with: rebalance group ${group.path} --stop`]
}
