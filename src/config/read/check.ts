// What `sluice check FILE` tells: every fault and warning on its line, and one line that sums up. Reads the
// file, changes nothing, starts nothing.
import { messageOf } from '../../base/errors.ts'
import { type Fault, FaultList, formatFault } from './fault.ts'
import { childOf, childrenOf } from './parse.ts'
import { type Document, readDocument } from './read.ts'
import { keyLine } from './read-settings.ts'
import { ConfigStore } from '../keep/store.ts'

/** Also the shape of `--json`. */
export interface CheckReport {
  readonly file: string
  /** Would it load? Warnings do not matter for this. */
  readonly ok: boolean
  readonly services: number
  readonly groups: number
  readonly hosts: number
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
}

/** Why a line of an operator's `<key>` lets nobody in; undefined where it does. */
export type FaultOfKey = (line: string) => string | undefined

/** @param faultOfKey knows keys, which this folder does not */
export async function checkFile(file: string, faultOfKey?: FaultOfKey): Promise<CheckReport> {
  try {
    const bytes = await new ConfigStore(file).read()
    return bytes === undefined
      ? unread(file, 'there is no such file')
      : checkDocument(bytes, file, faultOfKey)
  } catch (error) {
    return unread(file, messageOf(error))
  }
}

function checkDocument(
  source: string | Uint8Array,
  file: string,
  faultOfKey: FaultOfKey = () => undefined,
): CheckReport {
  const result = readDocument(source, file)
  const found =
    'document' in result
      ? [...result.document.warnings, ...warningsOfKeys(result.document, faultOfKey)]
      : result.faults
  return {
    file,
    ok: 'document' in result,
    ...countsOf('document' in result ? result.document : undefined),
    faults: found.filter(({ severity }) => severity === 'fault'),
    warnings: found.filter(({ severity }) => severity === 'warning'),
  }
}

/** The lines for people. */
export function formatCheckReport(report: CheckReport): readonly string[] {
  const { ok, faults, warnings, services, groups, hosts } = report
  const counts = [count(services, 'service'), count(groups, 'group'), count(hosts, 'host')].join(
    ', ',
  )
  const told = warnings.length === 0 ? '' : `, ${count(warnings.length, 'warning')}`
  const summary = ok
    ? `ok: ${counts}${told}`
    : `does not load: ${count(faults.length, 'fault')}${told}`
  return [...[...faults, ...warnings].map(formatFault), summary]
}

/** Exit status of the command. */
export function exitOf({ ok }: CheckReport): 0 | 1 {
  return ok ? 0 : 1
}

function warningsOfKeys(document: Document, faultOfKey: FaultOfKey): readonly Fault[] {
  const { file, text, root } = document
  const faults = new FaultList(file, text)
  for (const user of childrenOf(childOf(root, 'admin'), 'user')) {
    for (const key of childrenOf(user, 'key')) {
      const fault = faultOfKey(keyLine(key.text))
      if (fault !== undefined) faults.warn(key.start, `<key> lets nobody in: ${fault}`)
    }
  }
  return faults.list
}

function unread(file: string, message: string): CheckReport {
  const fault: Fault = { severity: 'fault', file, line: 1, column: 1, message }
  return { file, ok: false, ...countsOf(undefined), faults: [fault], warnings: [] }
}

function countsOf(document: Document | undefined): {
  services: number
  groups: number
  hosts: number
} {
  const services = document?.snapshot.services ?? []
  const groups = services.flatMap((service) => service.groups)
  const hosts = groups.flatMap((group) => group.hosts)
  return { services: services.length, groups: groups.length, hosts: hosts.length }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
