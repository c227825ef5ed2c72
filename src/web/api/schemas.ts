// The schemas that the API's document has by name: the objects of the model as `show … --json` gives them, what may be
// sent of them, and what answers are made of. Fields come from the tables of the model.
import type { FastifyInstance } from 'fastify'
import { ERRORS } from '../../base/errors.ts'
import { SERVICE_SETTABLE } from '../../commands/line/settable.ts'
import {
  CHECK_FIELDS,
  GROUP_FIELDS,
  HOST_FIELDS,
  LISTENER_FIELDS,
  SERVICE_FIELDS,
} from '../../model/fields.ts'
import {
  answerSchema,
  bodySchema,
  fieldSchema,
  fieldSchemas,
  listSchema,
  nullable,
  partSchema,
  ref,
  type Schema,
} from './schema.ts'
import { ACCEPTS } from '../schema-check.ts'

const TEXT = { type: 'string' }
const COUNT = { type: 'integer', minimum: 0 }
const FLAG = { type: 'boolean' }
const NAMES = listSchema(TEXT)
const TIME = { type: 'string', format: 'date-time' }
const COUNTS = { open: COUNT, total: COUNT, failed: COUNT }
/** In the row of an object that is not in effect. */
const CANDIDATE = {
  type: 'boolean',
  description: 'True: the row of your candidate, which is not in effect. Absent otherwise.',
}

const CHECK = answerSchema('one check', withoutDefaults(fieldSchemas(CHECK_FIELDS)))

const ROWS = {
  Service: row('A service, as `show services --json` has it.', {
    path: TEXT,
    name: TEXT,
    ...fieldSchemas(SERVICE_FIELDS),
    listeners: NAMES,
    bound: { ...NAMES, description: 'where they really are, in the same order' },
    groups: NAMES,
    enabledGroup: TEXT,
    ready: COUNT,
    hosts: COUNT,
    panic: FLAG,
    pausedUntil: nullable('string', 'when its pause ends by itself'),
    ...COUNTS,
  }),
  Listener: row('A listener, as `show listeners --json` has it.', {
    path: TEXT,
    service: TEXT,
    address: TEXT,
    bound: TEXT,
    state: { type: 'string', enum: ['closed', 'opening', 'open'] },
    ...COUNTS,
    ...fieldSchemas(LISTENER_FIELDS),
  }),
  Group: row('A group, as `show groups --json` has it.', {
    path: TEXT,
    service: TEXT,
    name: TEXT,
    enabled: FLAG,
    ask: TEXT,
    ready: COUNT,
    panic: FLAG,
    open: COUNT,
    waiting: COUNT,
    rebalance: { type: ['object', 'null'], description: 'the one under way' },
    hosts: NAMES,
    checks: listSchema(CHECK, 'in their order: the first is check 1'),
    ...fieldSchemas(GROUP_FIELDS),
  }),
  Host: row('A host, as `show hosts --json` has it.', {
    path: TEXT,
    service: TEXT,
    group: TEXT,
    name: TEXT,
    ...fieldSchemas(HOST_FIELDS),
    health: { type: 'string', enum: ['unknown', 'up', 'down'] },
    healthReason: TEXT,
    healthSince: nullable('string', 'when its health last changed'),
    ready: FLAG,
    reason: TEXT,
    ...COUNTS,
  }),
  Session: answerSchema('An open session, as `show sessions --json` has it.', {
    id: COUNT,
    service: TEXT,
    listener: TEXT,
    group: TEXT,
    host: TEXT,
    client: TEXT,
    step: TEXT,
    since: TIME,
    idleMs: { type: 'number', minimum: 0 },
    bytesFromClient: COUNT,
    bytesFromHost: COUNT,
  }),
} as const satisfies Readonly<Record<string, Schema>>

/** Rows say which value it is, not what is taken where none is given. */
function row(description: string, properties: Readonly<Record<string, Schema>>): Schema {
  const required = Object.keys(properties)
  const all = { ...withoutDefaults(properties), candidate: CANDIDATE }
  return answerSchema(description, all, required)
}

function withoutDefaults(
  properties: Readonly<Record<string, Schema>>,
): Readonly<Record<string, Schema>> {
  const plain = Object.entries(properties).map(([name, schema]) => [name, withoutDefault(schema)])
  return Object.fromEntries(plain)
}

const SERVICE_PATCH = fieldSchemas(SERVICE_SETTABLE)
const GROUP_ENABLED = {
  type: 'boolean',
  enum: [true],
  description:
    'It serves instead of the one that does; that one stops to. Left out, it goes on as it is.',
  [ACCEPTS]: 'true, or left out: a group stops to serve when another one is enabled',
}
const HOST_BEFORE = {
  type: ['string', 'null'],
  description:
    'Name of the host of the same group to stand in front of; null puts it at the end. Left out, it stays where it ' +
    'is, and a new one comes last.',
  [ACCEPTS]: 'the name of a host of the same group, or null',
}
const GROUP = { ...fieldSchemas(GROUP_FIELDS), enabled: GROUP_ENABLED }
const HOST = { ...fieldSchemas(HOST_FIELDS), before: HOST_BEFORE }
/** There is none to take where it is left out. */
const ADDRESS = withoutDefault(fieldSchema(HOST_FIELDS.address))

/** What may be sent: all of it by PUT, where what is left out gets its default; some of it by PATCH. */
export const BODIES = {
  service: {
    put: bodySchema(fieldSchemas(SERVICE_FIELDS), {
      examples: [{ accessLog: true }],
      told: toldOf('Service'),
    }),
    patch: partSchema(SERVICE_PATCH, [{ accessLog: true }], toldOf('Service')),
  },
  listener: {
    put: bodySchema(fieldSchemas(LISTENER_FIELDS), {
      examples: [{ maxSessions: 1_000 }],
      told: toldOf('Listener'),
    }),
    patch: partSchema(
      fieldSchemas(LISTENER_FIELDS),
      [{ allow: ['10.0.0.0/8'] }],
      toldOf('Listener'),
    ),
  },
  group: {
    put: bodySchema(GROUP, {
      examples: [{ scheduler: 'roundrobin', connectTimeoutMs: 2_000 }],
      told: toldOf('Group'),
    }),
    patch: partSchema(GROUP, [{ enabled: true }], toldOf('Group')),
  },
  host: {
    put: bodySchema(
      { ...HOST, address: ADDRESS },
      {
        required: ['address'],
        examples: [{ address: '10.0.0.9:80', weight: 5 }],
        told: toldOf('Host'),
      },
    ),
    patch: partSchema({ ...HOST, address: ADDRESS }, [{ weight: 5 }], toldOf('Host')),
  },
}

function toldOf(name: keyof typeof ROWS): readonly string[] {
  return Object.keys(ROWS[name]['properties'] ?? {})
}

const PARTS = {
  Problem: answerSchema(
    'Why something was refused (RFC 9457). What the codes mean: docs/errors.md.',
    {
      type: TEXT,
      title: TEXT,
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What, where, and what would be accepted.' },
      code: { type: 'string', enum: Object.keys(ERRORS) },
      errors: listSchema(
        answerSchema('one value that is not accepted', {
          path: { type: 'string', description: 'JSON pointer into the body, `?name` in the query' },
          detail: TEXT,
        }),
        'each value that is not accepted',
      ),
      current: { description: 'Of a 412: what is there now; null where nothing is.' },
      pieces: { description: 'Of a command that answers piece by piece: those before it failed.' },
    },
    ['type', 'title', 'status', 'detail', 'code'],
  ),
  Change: answerSchema('One change, as `tail changes --json` has it.', {
    number: COUNT,
    time: TIME,
    origin: TEXT,
    act: COUNT,
    action: { type: 'string', enum: ['add', 'remove', 'set'] },
    path: TEXT,
    field: nullable('string', 'what was set'),
    from: {},
    to: {},
  }),
  Difference: answerSchema('One thing that a document changes.', {
    action: { type: 'string', enum: ['add', 'remove', 'set'] },
    kind: TEXT,
    path: TEXT,
    field: nullable('string', 'null where the whole object comes or goes'),
    before: { description: 'Secrets are `***`.' },
    after: {},
  }),
  DryRun: answerSchema(
    'What would be answered and changed; nothing was done.',
    {
      dryRun: { type: 'boolean', enum: [true] },
      result: { description: 'the answer that it would have had' },
      changes: listSchema(ref('Change'), 'what it would have changed; of a document see `result`'),
    },
    ['dryRun', 'result'],
  ),
  Done: answerSchema('What was done.', {
    done: TEXT,
    path: TEXT,
    field: nullable('string', 'what was set'),
    before: {},
    after: {},
    message: { type: 'string', description: 'the same in one sentence' },
  }),
  Job: answerSchema(
    'Something that takes longer than a call waits for.',
    {
      job: TEXT,
      state: { type: 'string', enum: ['running', 'done', 'failed'] },
      line: { type: 'string', description: 'as it would be typed, without secrets' },
      operator: TEXT,
      since: TIME,
      notes: listSchema(TEXT, 'progress, a line each'),
      result: {
        description:
          'Once it is done, for whoever began it: what the call would have answered. A token is told once; then the job is forgotten.',
      },
      problem: ref('Problem'),
    },
    ['job', 'state', 'line', 'operator', 'since', 'notes'],
  ),
} as const satisfies Readonly<Record<string, Schema>>

export type SchemaName = keyof typeof ROWS | keyof typeof PARTS

export function addSchemas(app: FastifyInstance): void {
  for (const [$id, schema] of Object.entries({ ...ROWS, ...PARTS }))
    app.addSchema({ $id, ...schema })
}

function withoutDefault({ default: _default, ...schema }: Schema): Schema {
  return schema
}
