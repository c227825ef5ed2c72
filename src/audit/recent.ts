// The newest lines in memory, and who is told of each new one.
import { LIMITS } from '../base/limits.ts'
import type { AuditLine } from './line.ts'

export class RecentLines {
  #lines: AuditLine[] = []
  readonly #followers = new Set<(line: AuditLine) => void>()

  /** Oldest first. */
  get list(): readonly AuditLine[] {
    return this.#lines
  }

  /** What was written before this process. */
  fill(lines: readonly AuditLine[]): void {
    this.#lines = lines.slice(-LIMITS.auditLinesKept)
  }

  add(line: AuditLine): void {
    this.#lines.push(line)
    if (this.#lines.length > LIMITS.auditLinesKept) this.#lines.shift()
    for (const tell of this.#followers) tell(line)
  }

  follow(tell: (line: AuditLine) => void): () => void {
    this.#followers.add(tell)
    return () => this.#followers.delete(tell)
  }
}
