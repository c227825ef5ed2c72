// Commands that change the checks of a group. A check has no name: it is called by its place, counted from 1, as
// `show checks` prints it.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { whole } from '../../model/field.ts'
import { CHECK_FIELDS, type CheckValues } from '../../model/fields.ts'
import type { Group } from '../../model/group.ts'
import { counted } from '../answer/figures.ts'
import { textOfCheck } from '../answer/check-text.ts'
import { type Command, command } from '../command.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import {
  type Fields,
  fieldFlags,
  fieldOf,
  fieldValue,
  valueOf,
  valuesOfFlags,
} from '../line/kinds.ts'
import { groupPath } from '../line/paths.ts'
import { wasSet } from './set.ts'

const { type: TYPE, ...REST } = CHECK_FIELDS
const TABLE: Fields = CHECK_FIELDS

const group = { kind: groupPath, summary: 'the group whose hosts are looked at' }
const place = {
  kind: valueOf(
    'N',
    whole({
      attribute: 'the place of a check',
      summary: 'its place among the checks of the group',
      effect: 'at once',
      min: 1,
      max: LIMITS.groupChecksMax,
      standard: 1,
    }),
  ),
  summary: 'its place among the checks of the group, from 1, as show checks prints it',
}

export const addCheck: Command = command({
  words: ['add', 'check'],
  arguments: {
    group,
    type: { kind: valueOf('TYPE', TYPE), summary: TYPE.summary },
  },
  flags: {
    ...fieldFlags(REST),
    before: { kind: place.kind, summary: 'check to stand in front of; left out, it comes last' },
  },
  edits: true,
  role: 'operate',
  // A program of the operator's choice runs with the rights of the balancer.
  roleFor: ({ positions: [, type] }) => (isExec(type) ? 'full' : 'operate'),
  summary: 'look at every host of a group in one more way; type exec needs role full',
  examples: ['add check web/main http --path /healthz --interval 2s', 'add check web/main tcp'],
  json: DONE_JSON,
  run({ group: of, type, ...flags }): Done {
    const { before } = flags as { readonly before?: number }
    const check = { type, ...valuesOfFlags<CheckValues>(REST, flags) }
    if (before !== undefined) checkAt(of, before)
    const number = before ?? of.checks.length + 1
    const checks = change(of, of.checks.toSpliced(number - 1, 0, check as CheckValues))
    const message = `${of.path}: check ${number} added, ${textOfCheck(checkAt(of, number))}`
    return { ...checks, done: 'add', message }
  },
  text: textOfDone,
})

export const removeCheck = command({
  words: ['remove', 'check'],
  arguments: { group, place },
  edits: true,
  role: 'operate',
  summary: 'take a check away; hosts that it took out are probed as others are',
  examples: ['remove check web/spare 1'],
  json: DONE_JSON,
  run({ group: of, place: number }): Done {
    const gone = checkAt(of, number)
    const message = `${of.path}: check ${number} removed, ${textOfCheck(gone)}`
    return { ...change(of, of.checks.toSpliced(number - 1, 1)), done: 'remove', message }
  },
  text: textOfDone,
})

export const setCheck = command({
  words: ['set', 'check'],
  arguments: {
    group,
    place,
    field: { kind: fieldOf('a field of checks', () => TABLE), summary: 'what to change' },
    value: { kind: fieldValue(() => TABLE), summary: 'the new value' },
  },
  edits: true,
  role: 'operate',
  roleFor: ({ positions: [, , field, value] }) => {
    const program = field === 'command' || (field === 'type' && isExec(value))
    return program ? 'full' : 'operate'
  },
  summary: 'change one field of a check; what program is run needs role full',
  examples: ['set check web/spare 1 interval 5s'],
  json: DONE_JSON,
  run({ group: of, place: number, field, value }): Done {
    const values = checkAt(of, number)
    const before = of.checks
    of.checks = before.with(number - 1, { ...values, [field]: value })
    const [from, to] = [values, checkAt(of, number)].map((check) => valueIn(check, field))
    const { message } = wasSet(`${of.path}: check ${number}`, TABLE, field, from, to)
    return { done: 'set', path: of.path, field: 'checks', before, after: of.checks, message }
  },
  text: textOfDone,
})

function change(of: Group, wanted: readonly Partial<CheckValues>[]) {
  const before = of.checks
  of.checks = wanted as readonly CheckValues[]
  return { path: of.path, field: 'checks', before, after: of.checks }
}

/** @throws BalancerError NOT_FOUND */
function checkAt(of: Group, number: number): CheckValues {
  const check = of.checks[number - 1]
  if (check !== undefined) return check
  const there = counted(of.checks.length, 'check')
  throw new BalancerError('NOT_FOUND', `no check ${number}: ${of.path} has ${there}`)
}

function isExec(type: string | undefined): boolean {
  return TYPE.read(type) === 'exec'
}

function valueIn(check: CheckValues, field: string): unknown {
  return (check as unknown as Readonly<Record<string, unknown>>)[field]
}
