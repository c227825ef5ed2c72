// The `set` commands: every field of an object by the name it has in the XML. `set PATH` knows the kind of object by
// its path; `set host PATH` and the like say it.
import type { Named } from '../../model/balancer.ts'
import { type Command, command, type Kind } from '../command.ts'
import { type Done, DONE_JSON, textOfDone } from '../answer/done.ts'
import { type Fields, fieldOf, fieldValue } from '../line/kinds.ts'
import {
  fieldsAtPath,
  isSettingPath,
  objectWith,
  type Settable,
  settablePath,
} from '../line/settable.ts'

interface SetCommand<Target extends Named> {
  /** Second word of the command: `host`. */
  readonly word: string
  readonly kind: Kind<Target>
  readonly table: Fields
  readonly summary: string
  readonly examples: readonly string[]
}

export const setPath = command({
  words: ['set'],
  arguments: {
    target: { kind: settablePath, summary: 'what to change' },
    field: { kind: fieldOf('a field of that object', fieldsAtPath), summary: 'which field' },
    value: { kind: fieldValue(fieldsAtPath), summary: 'the new value' },
  },
  edits: true,
  role: 'operate',
  // Among the settings is where operators log in and with which keys.
  roleFor: ({ positions: [path = ''] }) => (isSettingPath(path) ? 'full' : 'operate'),
  summary: 'change one field of whatever is at a path; settings need role full',
  examples: [
    'set web/main/a weight 5',
    'set web/main scheduler roundrobin',
    'set web/listen/127.0.0.1:8080 maxSessions 1000',
  ],
  json: DONE_JSON,
  run: ({ target, field, value }) => setField(target, field, value),
  text: textOfDone,
})

/** `set host PATH FIELD VALUE`; the setters of the live object check the value and publish the change. */
export function setCommand<Target extends Named>(spec: SetCommand<Target>): Command {
  const { word, kind, table, summary, examples } = spec
  return command({
    words: ['set', word],
    arguments: {
      target: { kind, summary: `the ${word}` },
      field: {
        kind: fieldOf(`one of ${attributesOf(table)}`, () => table),
        summary: 'what to change',
      },
      value: { kind: fieldValue(() => table), summary: 'the new value' },
    },
    edits: true,
    role: 'operate',
    summary,
    examples,
    json: DONE_JSON,
    run: ({ target, field, value }) => setOne(target, table, field, value),
    text: textOfDone,
  })
}

/** Set one property of a live object, and say what it was. @throws BalancerError VALUE_BAD, REFUSED */
export function setOne(target: Named, table: Fields, field: string, value: unknown): Done {
  return setField(objectWith(target, table), field, value)
}

/** Set one field, and say what it was. @throws BalancerError VALUE_BAD, REFUSED */
export function setField(target: Settable, field: string, value: unknown): Done {
  const { path, table } = target
  const before = target.valueOf(field)
  target.set(field, value)
  return wasSet(path, table, field, before, target.valueOf(field))
}

/** The answer for one field that was set. */
export function wasSet(
  path: string,
  table: Fields,
  field: string,
  before: unknown,
  after: unknown,
): Done {
  const known = table[field]
  const [from, to] = [before, after].map((value) => known?.format(value) || 'empty')
  const attribute = known?.attribute ?? field
  const later = known?.effect === 'after a restart' ? ', after a restart' : ''
  const what =
    from === to ? `${attribute} is already ${to}` : `${attribute} ${from} -> ${to}${later}`
  return { done: 'set', path, field, before, after, message: `${path}: ${what}` }
}

/** `weight, state`: the names by which the fields of a table are set. */
function attributesOf(table: Fields): string {
  return Object.values(table)
    .map(({ attribute }) => attribute)
    .join(', ')
}
