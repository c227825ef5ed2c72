// The chain: each line ends with the SHA-256 of the hash of the line before it and of itself without its hash. How
// lines become text and how text is taken for a line; files are not known here.
import { visible } from '../base/visible.ts'
import { bounded, sha256 } from './bounded.ts'
import type { AuditEvent, AuditFacts, AuditLine } from './line.ts'

/** What the next line hangs on. */
export interface Link {
  /** 0 before the first line. */
  readonly number: number
  readonly hash: string
}

export const START: Link = { number: 0, hash: '0'.repeat(64) }

/** The next line, and its text without the line end. */
export function linked(
  { number, hash: previous }: Link,
  facts: AuditFacts,
  time: number,
): { readonly line: AuditLine; readonly text: string } {
  const plain = { number: number + 1, time: new Date(time).toISOString(), ...bounded(facts) }
  const body = visible(JSON.stringify(plain))
  const hash = hashOf(previous, body)
  return { line: { ...plain, hash }, text: `${body.slice(0, -1)},"hash":"${hash}"}` }
}

/** A line as it was found. */
export interface Found {
  readonly number: number
  readonly event: AuditEvent
  readonly hash: string
  readonly previous: string | undefined
  readonly torn: string | undefined
  readonly reason: string
  /** The text that its hash is over. */
  readonly body: string
  readonly line: AuditLine
}

const HASH = /,"hash":"([0-9a-f]{64})"\}$/

/** Undefined where the text is no line of an audit log. Whether its hash is right is not looked at. */
export function readLine(text: string): Found | undefined {
  const end = HASH.exec(text)
  const line = end === null ? undefined : parsed(text)
  if (end === null || line === undefined || !Number.isSafeInteger(line.number)) return undefined
  const { number, event, previous, torn, reason = '' } = line
  const body = `${text.slice(0, end.index)}}`
  return { number, event, hash: end[1] ?? '', previous, torn, reason, body, line }
}

/** Is this the line that hangs on `previous`? */
export function hangsOn(previous: string, { hash, body }: Found): boolean {
  return hashOf(previous, body) === hash
}

function hashOf(previous: string, body: string): string {
  return sha256(previous + body)
}

function parsed(text: string): AuditLine | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as AuditLine) : undefined
  } catch {
    return undefined
  }
}
