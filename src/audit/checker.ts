// Takes the lines of an audit log one after the other and says what is wrong with them. Knows no files.
import { LIMITS } from '../base/limits.ts'
import { type Found, hangsOn, type Link, readLine, START } from './chain.ts'
import type { Head } from './files.ts'
import type { AuditVerdict } from './line.ts'

export interface LineRead {
  readonly text: string
  /** `run/audit.jsonl:12` */
  readonly where: string
  readonly sha256: () => string
}

export class Checker {
  readonly #head: Head | undefined
  readonly #faults: string[] = []
  readonly #notes: string[] = []
  #unsaid = 0
  #lines = 0
  #last: Link | undefined
  /** Judged when the next one is known, which may say that it was torn. */
  #held: LineRead | undefined

  /** @param head what was written last when the reading began */
  constructor(head: Head | undefined) {
    this.#head = head
  }

  take(line: LineRead): void {
    const next = readLine(line.text)
    this.#judgeHeld(next)
    this.#held = line
  }

  /**
   * @param head what was written last now, when everything was read
   * @param ahead lines that may stand behind it
   */
  end(file: string, head: Head | undefined, ahead: number): void {
    this.#judgeHeld(undefined)
    const { number } = this.#last ?? START
    const before = this.#head
    if (before === undefined && number > 1)
      this.fault(
        `${file}: there is no audit.head beside it, so an end that was cut off would not show`,
      )
    if (before !== undefined && number < before.number)
      this.fault(
        `${file}: ${linesAre(number + 1, before.number)} missing from the end, says audit.head`,
      )
    if (head !== undefined && number > head.number + ahead)
      this.fault(
        `${file}: ${linesAre(head.number + 1, number)} behind the last one that Sluice wrote`,
      )
  }

  fault(sentence: string): void {
    if (this.#faults.length < LIMITS.auditFaultsShown) this.#faults.push(sentence)
    else this.#unsaid += 1
  }

  verdict(): Omit<AuditVerdict, 'files'> {
    const more = this.#unsaid === 0 ? [] : [`and ${this.#unsaid} more`]
    const faults = [...this.#faults, ...more]
    const { number, hash } = this.#last ?? START
    const last = this.#last === undefined ? null : { number, hash }
    return { whole: faults.length === 0, lines: this.#lines, last, faults, notes: this.#notes }
  }

  #judgeHeld(next: Found | undefined): void {
    const held = this.#held
    if (held === undefined) return
    this.#lines += 1
    if (next?.torn !== undefined && next.torn === held.sha256()) return
    const found = readLine(held.text)
    if (found === undefined) this.fault(`${held.where}: is not a line of the audit log, or was cut`)
    else this.#judge(found, held.where)
  }

  #judge(found: Found, where: string): void {
    const wrong = this.#last === undefined ? this.#wrongFirst(found) : wrongAfter(this.#last, found)
    if (wrong !== undefined) this.fault(`${where}: ${wrong}`)
    const { number, hash, event, reason } = found
    const head = this.#head
    if (number === head?.number && hash !== head.hash)
      this.fault(`${where}: is not the line that was written, says audit.head`)
    if (event === 'broken') this.fault(`${where}: Sluice found here that ${reason}`)
    if (event === 'recovered') this.#note(`${where}: ${reason}`)
    this.#last = { number, hash }
  }

  #note(sentence: string): void {
    if (this.#notes.length < LIMITS.auditFaultsShown) this.#notes.push(sentence)
  }

  // Nothing is known of what came before the oldest file but where it began and how it ended.
  #wrongFirst(found: Found): string | undefined {
    const { number, previous } = found
    const first = this.#head?.first ?? number
    // Older ones are about to be removed.
    if (number > first) return `${linesAre(first, number - 1)} missing before it, says audit.head`
    if (previous === undefined || !hangsOn(previous, found)) return CHANGED
    return number === 1 && previous !== START.hash ? CHANGED : undefined
  }
}

const CHANGED = 'was changed: its hash is another one'

function wrongAfter(last: Link, found: Found): string | undefined {
  const { number } = found
  if (number <= last.number) return `line ${number} stands behind line ${last.number}`
  if (number > last.number + 1) return `${linesAre(last.number + 1, number - 1)} missing before it`
  return hangsOn(last.hash, found) ? undefined : CHANGED
}

function linesAre(from: number, to: number): string {
  return from >= to ? `line ${to} is` : `lines ${from} to ${to} are`
}
