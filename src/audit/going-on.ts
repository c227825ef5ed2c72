// How the chain goes on in a file that was just opened: what was found in it, held against what was written last.
// Only judges; what it says is written by the caller.
import { closeSync, openSync } from 'node:fs'
import { sha256 } from './bounded.ts'
import { type Found, hangsOn, type Link, readLine, START } from './chain.ts'
import { earlierFiles, type Head, type Tail, tailOf } from './files.ts'
import type { AuditFacts, AuditLine } from './line.ts'

export interface GoingOn {
  /** The next line hangs on this. */
  readonly from: Head
  /** What has to be said first; undefined where the file simply goes on. */
  readonly facts: AuditFacts | undefined
  /** A line end, where half a line stands in front. */
  readonly lineEnd: string
  /** The last lines of the file, oldest first. */
  readonly lines: readonly AuditLine[]
}

/** @param head what was written last; undefined where nobody knows */
export function goingOn(file: string, tail: Tail, head: Head | undefined): GoingOn {
  const found = tail.lines.flatMap((text) => readLine(text) ?? [])
  const lines = found.map(({ line }) => line)
  if (tail.size === 0) return { ...beginning(file, head), lineEnd: '', lines }
  const last = readLine(tail.lines.at(-1) ?? '')
  const first = head?.first ?? earlierFiles(file)[0]?.first ?? (tail.first || 1)
  const numbered = Math.max(head?.number ?? 0, last?.number ?? 0)
  const from = { number: numbered, hash: last?.hash ?? head?.hash ?? START.hash, first }
  return {
    from,
    facts: verdictOn(tail, last, head),
    lineEnd: tail.torn.length > 0 ? '\n' : '',
    lines,
  }
}

// An empty file: the first one, the next one, or one in place of another that was taken away.
function beginning(file: string, head: Head | undefined): Pick<GoingOn, 'from' | 'facts'> {
  const earlier = earlierFiles(file)
  const newest = earlier.at(-1)
  const from = head ?? { ...endOf(newest?.file), first: earlier[0]?.first ?? 0 }
  const lost = head === undefined && newest !== undefined
  const reason = lost ? { reason: 'audit.head was not there' } : {}
  const event = lost ? 'broken' : 'opened'
  return { from, facts: { event, previous: from.hash, ...reason } }
}

function endOf(file: string | undefined): Link {
  if (file === undefined) return START
  const fd = openSync(file, 'r')
  try {
    return readLine(tailOf(fd).lines.at(-1) ?? '') ?? START
  } finally {
    closeSync(fd)
  }
}

function verdictOn(
  tail: Tail,
  last: Found | undefined,
  head: Head | undefined,
): AuditFacts | undefined {
  const torn = tail.torn.length > 0 ? { torn: sha256(tail.torn) } : {}
  const reason = faultIn(tail, last, head)
  if (reason !== undefined)
    return { event: 'broken', reason, previous: last?.hash ?? head?.hash ?? START.hash, ...torn }
  if (torn.torn === undefined) return undefined
  return {
    event: 'recovered',
    reason: `the line before was cut after ${tail.torn.length} bytes`,
    ...torn,
  }
}

/** Undefined where the file ends as it was left, or as a crash in the middle of a line leaves it. */
function faultIn(tail: Tail, last: Found | undefined, head: Head | undefined): string | undefined {
  if (last === undefined && (tail.lines.length > 0 || head !== undefined))
    return 'the last line was not written by Sluice'
  const { number, hash } = last ?? START
  // The very first line was written, and the head was not.
  if (head === undefined) return number <= 1 ? undefined : 'audit.head was not there'
  if (number < head.number) return `lines ${number + 1} to ${head.number} were gone from the end`
  if (number === head.number && hash === head.hash) return undefined
  // A line was written, and the head was not.
  const isNext = number === head.number + 1 && last !== undefined && hangsOn(head.hash, last)
  return isNext ? undefined : 'the last line was not the one that was written last'
}
