// What `sluice check FILE` tells: every fault and warning on its line, and one line that sums up. Reads the
// file and looks its host names up, changes nothing, starts nothing.
import { messageOf } from '../../base/errors.ts'
import { type NameAdviceOptions, adviceOnNames } from './advice-names.ts'
import { type Surroundings, adviceOn } from './advice.ts'
import { type Fault, FaultList, formatFault } from './fault.ts'
import { childOf, childrenOf } from './parse.ts'
import { type Document, readDocument } from './read.ts'
import { keyLine } from './read-settings.ts'
import { ConfigFile } from '../keep/file.ts'

/** Also the shape of `--json`. */
export interface CheckReport {
  readonly file: string
  /** Would it load? Warnings do not matter for this. */
  readonly ok: boolean
  /** Do warnings make the command fail? */
  readonly strict: boolean
  readonly services: number
  readonly groups: number
  readonly hosts: number
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
}

/** Why a line of an operator's `<key>` lets nobody in; undefined where it does. */
export type FaultOfKey = (line: string) => string | undefined

export interface CheckOptions extends NameAdviceOptions {
  /** Knows keys, which this folder does not. */
  readonly faultOfKey?: FaultOfKey
  /** Finds out what the advice needs to know of this machine. */
  readonly surroundingsOf?: (document: Document) => Promise<Surroundings>
  /** Does a warning refuse, too? Default: no. */
  readonly strict?: boolean
}

export async function checkFile(file: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { strict = false } = options
  try {
    const bytes = await new ConfigFile(file).read({ pipes: true })
    return bytes === undefined
      ? unread(file, 'there is no such file', strict)
      : await checkDocument(bytes, file, options)
  } catch (error) {
    return unread(file, messageOf(error), strict)
  }
}

async function checkDocument(
  source: string | Uint8Array,
  file: string,
  options: CheckOptions,
): Promise<CheckReport> {
  const result = readDocument(source, file)
  const document = 'document' in result ? result.document : undefined
  const found = 'document' in result ? await warningsOf(result.document, options) : result.faults
  return {
    file,
    ok: document !== undefined,
    strict: options.strict ?? false,
    ...countsOf(document),
    faults: found.filter(({ severity }) => severity === 'fault'),
    warnings: found.filter(({ severity }) => severity === 'warning'),
  }
}

async function warningsOf(document: Document, options: CheckOptions): Promise<readonly Fault[]> {
  const around = await options.surroundingsOf?.(document)
  const warnings = [
    ...document.warnings,
    ...warningsOfKeys(document, options.faultOfKey ?? (() => undefined)),
    ...adviceOn(document, around),
    ...(await adviceOnNames(document, options)),
  ]
  return warnings.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** The lines for people. */
export function formatCheckReport(report: CheckReport): readonly string[] {
  const { ok, faults, warnings, services, groups, hosts } = report
  const counts = [count(services, 'service'), count(groups, 'group'), count(hosts, 'host')].join(
    ', ',
  )
  const told = warnings.length === 0 ? '' : `, ${count(warnings.length, 'warning')}`
  const verdict = passes(report) ? 'ok' : 'loads, and --strict refuses it for its warnings'
  const summary = ok
    ? `${verdict}: ${counts}${told}`
    : `does not load: ${count(faults.length, 'fault')}${told}`
  return [...[...faults, ...warnings].map(formatFault), summary]
}

/** Exit status of the command. */
export function exitOf(report: CheckReport): 0 | 1 {
  return passes(report) ? 0 : 1
}

function passes({ ok, strict, warnings }: CheckReport): boolean {
  return ok && !(strict && warnings.length > 0)
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

function unread(file: string, message: string, strict: boolean): CheckReport {
  const fault: Fault = { severity: 'fault', file, line: 1, column: 1, message }
  return { file, ok: false, strict, ...countsOf(undefined), faults: [fault], warnings: [] }
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
