// An audit log that lasts as long as its process.
import { type Link, linked, START } from '../../src/audit/chain.ts'
import type { Audit, AuditFacts, AuditLine, AuditVerdict } from '../../src/audit/line.ts'
import { RecentLines } from '../../src/audit/recent.ts'

export class MemoryAudit implements Audit {
  readonly #recent = new RecentLines()
  #link: Link = START

  get unwritable(): string | undefined {
    return undefined
  }

  note(facts: AuditFacts): void {
    const { line } = linked(this.#link, facts, Date.now())
    this.#link = line
    this.#recent.add(line)
  }

  lines(): readonly AuditLine[] {
    return this.#recent.list
  }

  follow(tell: (line: AuditLine) => void): () => void {
    return this.#recent.follow(tell)
  }

  async verify(): Promise<AuditVerdict> {
    const { number, hash } = this.#link
    const last = number === 0 ? null : { number, hash }
    return { whole: true, lines: number, files: [], last, faults: [], notes: [] }
  }
}
