// What a check of a group does, in words, and which of its fields mean something. Pure.
import type { CheckRow, CheckValues } from '../../api/types.ts'
import { typedDuration } from '../../text/format.ts'

type CheckType = CheckValues['type']

/** As `show checks` calls its looks. */
export function nameOf({ type, path, command }: CheckValues): string {
  if (type === 'http') return `http ${path}`
  return type === 'exec' ? `exec ${command}` : type
}

/** `Asks for /healthz over HTTP every 2s, and waits 1s at most; good is 200-399.` */
export function whatItDoes(check: CheckValues): string {
  const { type, path, status, match, command, intervalMs, timeoutMs } = check
  const often = `every ${typedDuration(intervalMs)}, and waits ${typedDuration(timeoutMs)} at most`
  if (type === 'tcp') return `Connects ${often}.`
  if (type === 'exec') return `Runs ${command} ${often}; good is exit status 0.`
  const holds = match === '' ? '' : ` with “${match}” in the answer`
  return `Asks for ${path} over HTTP ${often}; good is ${status}${holds}.`
}

/** `3 bad looks in a row take a host out, 2 good ones bring it back.` */
export function whatItDecides({ rise, fall }: CheckValues): string {
  const out = fall === 1 ? '1 bad look takes' : `${fall} bad looks in a row take`
  const back = rise === 1 ? '1 good one brings' : `${rise} good ones bring`
  return `${out} a host out, ${back} it back.`
}

/** How the looks of the check at this place went, at each host; hosts that went worst come first. */
export function looksOf(
  checks: readonly CheckValues[],
  index: number,
  rows: readonly CheckRow[],
): readonly CheckRow[] {
  const hosts = new Map<string, CheckRow[]>()
  for (const row of rows) {
    const own = hosts.get(row.path)
    if (own === undefined) hosts.set(row.path, [row])
    else own.push(row)
  }
  // The checks of the group stand in front of other looks, in their order.
  const looks = [...hosts.values()].flatMap((own) => own.slice(0, checks.length)[index] ?? [])
  return looks.toSorted((a, b) => badIn(b) - badIn(a))
}

export interface CheckField {
  /** As it is typed. */
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Where only some kinds of check have it. */
  readonly of?: CheckType
}

export const CHECK_FIELDS: readonly CheckField[] = [
  { name: 'command', label: 'Program', of: 'exec', hint: 'With its arguments, without a shell.' },
  { name: 'path', label: 'Path', of: 'http', hint: 'What is asked for.' },
  { name: 'status', label: 'Good status', of: 'http', hint: '200, 200-299, 200,204 …' },
  { name: 'match', label: 'Text in the answer', of: 'http', hint: 'Empty takes any answer.' },
  { name: 'interval', label: 'Every', hint: 'Pause between two looks at one host: 2s, 500ms.' },
  { name: 'timeout', label: 'Time-out', hint: 'How long one look may take.' },
  { name: 'fall', label: 'Bad looks', hint: 'As many in a row take a host out.' },
  { name: 'rise', label: 'Good looks', hint: 'As many in a row bring it back.' },
]

export function fieldsOf(type: CheckType): readonly CheckField[] {
  return CHECK_FIELDS.filter(({ of }) => of === undefined || of === type)
}

/** A check of which nothing was said. */
export const STANDARD: CheckValues = {
  type: 'tcp',
  intervalMs: 5_000,
  timeoutMs: 2_000,
  rise: 2,
  fall: 3,
  path: '/',
  status: '200-399',
  match: '',
  command: '',
}

/** Values as they are typed, by the names of the fields. */
export function typedOf(check: CheckValues): Readonly<Record<string, string>> {
  const { intervalMs, timeoutMs, rise, fall, ...texts } = check
  const times = { interval: typedDuration(intervalMs), timeout: typedDuration(timeoutMs) }
  return { ...texts, ...times, rise: String(rise), fall: String(fall) }
}

function badIn({ results, bad }: CheckRow): number {
  return bad * results.length + results.split('-').length
}
