// Random scripts for engines: what clients, hosts and the control plane do, one after the other. Plain data; what carries
// them out is script-stage.ts.
import fc from 'fast-check'

export type Step = ConnectStep | SendStep | ActStep | TableStep | DoorStep | KillStep | NameStep

/** Names of the listeners of a stage. `narrow` has a limit, and `proxy` wants a header. */
export const DOORS = ['plain', 'proxy', 'narrow'] as const

/** What the hosts of a stage do when somebody connects; the first two wait for orders. */
export const HOSTS = ['calm', 'quiet', 'hello', 'bye', 'refusing', 'hanging'] as const

export interface ConnectStep {
  readonly kind: 'connect'
  readonly door: (typeof DOORS)[number]
  /** Sent at once, each piece by itself. */
  readonly pieces: readonly Buffer[]
  /** The client has ended when it says nothing more. */
  readonly ends: boolean
}

export interface SendStep {
  readonly kind: 'send'
  readonly side: 'client' | 'host'
  /** Which of the clients, or whose host, counted round. */
  readonly at: number
  readonly bytes: number
  readonly pieces: number
}

export interface ActStep {
  readonly kind: 'act'
  readonly side: 'client' | 'host'
  readonly at: number
  readonly act: 'pause' | 'resume' | 'end' | 'reset' | 'destroy'
}

export interface TableStep {
  readonly kind: 'table'
  readonly hosts: readonly TableStepHost[]
  readonly rule: 'cycle' | 'least' | 'oldest' | 'hash' | 'names' | 'throws' | 'never'
  readonly group: string
  readonly maxSessions: number
  readonly retries: number
  readonly queue: number
  readonly hold: number
  readonly proxy: 'none' | 'v1' | 'v2'
}

export interface TableStepHost {
  readonly host: (typeof HOSTS)[number]
  readonly weight: number
  readonly maxSessions: number
  readonly ready: boolean
  readonly suspect: boolean
}

export interface DoorStep {
  readonly kind: 'door'
  readonly maxSessions: number
  readonly allow: readonly string[]
  readonly deny: readonly string[]
}

export interface KillStep {
  readonly kind: 'kill'
  readonly ids: readonly number[]
  readonly reason: 'killed' | 'rebalanced'
}

export interface NameStep {
  readonly kind: 'name'
  readonly act: 'rename-service' | 'rename-group' | 'remove-table'
}

/** A table first, so that there is something to serve by. */
export function scripts(): fc.Arbitrary<readonly Step[]> {
  return fc
    .tuple(tableStep(), fc.array(anyStep(), { minLength: 4, maxLength: 16 }))
    .map(([table, steps]) => [table, ...steps])
}

function anyStep(): fc.Arbitrary<Step> {
  return fc.oneof(
    { weight: 8, arbitrary: connectStep() },
    { weight: 8, arbitrary: sendStep() },
    { weight: 8, arbitrary: actStep() },
    { weight: 3, arbitrary: tableStep() },
    { weight: 1, arbitrary: doorStep() },
    { weight: 1, arbitrary: killStep() },
    { weight: 1, arbitrary: nameStep() },
  )
}

function connectStep(): fc.Arbitrary<ConnectStep> {
  const text = fc.constantFrom('', '', 'payload', 'x'.repeat(3_000))
  const plain = fc.record({
    kind: fc.constant('connect' as const),
    door: fc.constantFrom('plain', 'plain', 'narrow'),
    pieces: text.map((each) => (each === '' ? [] : [Buffer.from(each)])),
    ends: fc.boolean(),
  })
  const proxied = fc
    .record({
      kind: fc.constant('connect' as const),
      door: fc.constant('proxy' as const),
      header: header(),
      text,
      cuts: fc.array(fc.nat(120), { maxLength: 4 }),
      ends: fc.boolean(),
    })
    .map(({ header: first, text: rest, cuts, ...step }) => ({
      ...step,
      pieces: cut(Buffer.concat([first, Buffer.from(rest)]), cuts),
    }))
  return fc.oneof(
    { weight: 2, arbitrary: plain },
    { weight: 1, arbitrary: proxied },
  ) as fc.Arbitrary<ConnectStep>
}

function sendStep(): fc.Arbitrary<SendStep> {
  const bytes = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 2_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 70_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 200_000, max: 3_000_000 }) },
  )
  return fc.record({
    kind: fc.constant('send'),
    side: side(),
    at: fc.nat(5),
    bytes,
    pieces: fc.integer({ min: 1, max: 4 }),
  })
}

function actStep(): fc.Arbitrary<ActStep> {
  const act = fc.constantFrom('pause', 'resume', 'end', 'end', 'end', 'reset', 'destroy')
  return fc.record({
    kind: fc.constant('act'),
    side: side(),
    at: fc.nat(5),
    act,
  }) as fc.Arbitrary<ActStep>
}

function tableStep(): fc.Arbitrary<TableStep> {
  const limit = fc.constantFrom(0, 0, 0, 1, 2)
  const host = fc.record({
    host: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('calm', 'quiet', 'hello', 'bye', 'refusing') },
      { weight: 1, arbitrary: fc.constant('hanging') },
    ),
    weight: fc.integer({ min: 1, max: 3 }),
    maxSessions: limit,
    ready: fc.constantFrom(true, true, true, true, false),
    suspect: fc.constantFrom(false, false, false, true),
  })
  return fc.record({
    kind: fc.constant('table'),
    hosts: fc.uniqueArray(host, { maxLength: 4, selector: ({ host: kind }) => kind }),
    rule: fc.constantFrom('cycle', 'cycle', 'least', 'oldest', 'hash', 'names', 'throws', 'never'),
    group: fc.constantFrom('main', 'main', 'main', 'other'),
    maxSessions: limit,
    retries: fc.integer({ min: 0, max: 3 }),
    queue: fc.integer({ min: 0, max: 2 }),
    hold: fc.constantFrom(0, 0, 0, 1, 3),
    proxy: fc.constantFrom('none', 'none', 'v1', 'v2'),
  }) as fc.Arbitrary<TableStep>
}

function doorStep(): fc.Arbitrary<DoorStep> {
  return fc.record({
    kind: fc.constant('door'),
    maxSessions: fc.constantFrom(0, 1, 2),
    allow: fc.constantFrom([], [], ['127.0.0.0/8'], ['10.0.0.0/8']),
    deny: fc.constantFrom([], [], [], ['127.0.0.1']),
  })
}

function killStep(): fc.Arbitrary<KillStep> {
  return fc.record({
    kind: fc.constant('kill'),
    ids: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
    reason: fc.constantFrom('killed', 'rebalanced'),
  }) as fc.Arbitrary<KillStep>
}

function nameStep(): fc.Arbitrary<NameStep> {
  const act = fc.constantFrom('rename-service', 'rename-group', 'remove-table')
  return fc.record({ kind: fc.constant('name'), act }) as fc.Arbitrary<NameStep>
}

function side(): fc.Arbitrary<'client' | 'host'> {
  return fc.constantFrom('client', 'host')
}

const V2_START = '0d0a0d0a000d0a515549540a'

/** Good and bad ones. */
function header(): fc.Arbitrary<Buffer> {
  return fc.constantFrom(
    Buffer.from('PROXY TCP4 203.0.113.9 198.51.100.1 51234 443\r\n'),
    Buffer.from('PROXY TCP4 192.0.2.77 198.51.100.1 1 65535\r\n'),
    Buffer.from('PROXY TCP6 2001:db8::7 2001:db8::1 51234 443\r\n'),
    Buffer.from('PROXY UNKNOWN\r\n'),
    Buffer.from(`${V2_START}2111000ccb007109c6336401c82201bb`.replaceAll(' ', ''), 'hex'),
    Buffer.from(`${V2_START}2111000fcb007109c6336401c82201bb040000`, 'hex'),
    Buffer.from(`${V2_START}20000000`, 'hex'),
    Buffer.from('PROXY TCP4 203.0.113.9 198.51.100.1 51234'),
    Buffer.from('PROXY TCP4 nonsense\r\n'),
    Buffer.from(`PROXY TCP4 ${'1'.repeat(120)}\r\n`),
    Buffer.from(`${V2_START}2111fff0`, 'hex'),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  )
}

function cut(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [...new Set([0, ...cuts.filter((at) => at < bytes.length), bytes.length])]
  places.sort((a, b) => a - b)
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}
