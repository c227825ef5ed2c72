// Edits that are not in effect yet: each operator may have one candidate, a copy of the live graph that edit commands
// act on, until it is committed or discarded. They live in memory, and end with the process.
import { BalancerError, factsOf } from '../../base/errors.ts'
import { formatDuration } from '../../base/duration.ts'
import { every } from '../../base/every.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Log } from '../../base/log.ts'
import { currentOrigin } from '../../base/origin.ts'
import type { Candidates, CommitOptions, CommittedView } from '../../commands/documents.ts'
import { applySnapshot } from '../../config/compare/apply.ts'
import { diffSnapshots } from '../../config/compare/diff.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import { requireDocumentInTurns } from '../../config/read/read.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { PendingCommits } from './confirmations.ts'
import { viewOf } from './difference-view.ts'
import { OpenCandidate } from './open-candidate.ts'

export interface CandidatesOptions {
  readonly balancer: Balancer
  readonly sync: Pick<ConfigSync, 'change' | 'file'>
  readonly confirmations: Pick<PendingCommits, 'prepare' | 'arm' | 'drop'>
  readonly log: Log
  /** Show a line to the open prompts of an operator. */
  readonly tell: (operator: string, sentence: string) => void
  readonly now?: () => number
}

export class OpenCandidates implements Candidates {
  readonly #options: CandidatesOptions
  readonly #now: () => number
  readonly #open = new Map<string, OpenCandidate>()
  /** Operators whose candidate is being made. */
  readonly #opening = new Set<string>()
  readonly #stopped = new AbortController()
  #loop: Promise<void> | undefined

  constructor(options: CandidatesOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  list(): readonly OpenCandidate[] {
    return [...this.#open.values()]
  }

  of(operator: string): OpenCandidate | undefined {
    return this.#open.get(operator)
  }

  async begin(operator: string): Promise<OpenCandidate> {
    this.#requireRoomFor(operator)
    const { balancer: running } = this.#options
    this.#opening.add(operator)
    try {
      const candidate = await OpenCandidate.of({ operator, running, now: this.#now })
      this.#open.set(operator, candidate)
      return candidate
    } finally {
      this.#opening.delete(operator)
    }
  }

  async renew(operator: string): Promise<OpenCandidate> {
    const candidate = this.#require(operator)
    await candidate.renew()
    return candidate
  }

  async load(operator: string, text: string | Uint8Array): Promise<OpenCandidate> {
    const { snapshot } = await requireDocumentInTurns(text, 'document')
    const open = this.of(operator)
    const candidate = open ?? (await this.begin(operator))
    try {
      candidate.requireUnlocked()
      await applySnapshot(candidate.balancer, snapshot, currentOrigin())
      return candidate
    } catch (error) {
      if (open === undefined) this.discard(operator)
      throw error
    }
  }

  async commit(operator: string, options: CommitOptions): Promise<CommittedView> {
    const candidate = this.#require(operator)
    candidate.lock('your candidate is being committed; wait for the answer')
    try {
      const done = await this.#putInEffect(candidate, options)
      this.#close(candidate, 'it was committed meanwhile; what this line changed is not in effect')
      return done
    } finally {
      if (this.of(operator) === candidate) candidate.unlock()
    }
  }

  discard(operator: string): boolean {
    const candidate = this.of(operator)
    if (candidate === undefined) return false
    candidate.requireUnlocked()
    this.#close(candidate, 'your candidate was discarded meanwhile')
    return true
  }

  /** Begin to look for those that nobody touches any more, or that are nobody's. */
  start(): void {
    this.#options.balancer.follow(({ path }) => {
      if (path === 'settings/users') this.#discardOfNobody()
    })
    this.#loop = every(async () => this.discardIdle(), {
      intervalMs: () => LIMITS.candidateLookMs,
      signal: this.#stopped.signal,
      onError: (error) => this.#options.log.error('look at candidates failed', factsOf(error)),
    })
  }

  /** Discard what nobody touched for too long, and tell its owner. */
  discardIdle(): void {
    const before = this.#now() - LIMITS.candidateIdleMs
    for (const candidate of this.list()) {
      if (candidate.locked || candidate.touched > before) continue
      const idle = formatDuration(LIMITS.candidateIdleMs)
      this.#lose(candidate, `nobody touched it for ${idle}`)
      const what = `your candidate was discarded: it was not touched for ${idle}`
      this.#options.tell(candidate.operator, what)
    }
  }

  // Whoever is called the same later must not find it.
  #discardOfNobody(): void {
    const operators = new Set(this.#options.balancer.users.map(({ name }) => name))
    for (const candidate of this.list()) {
      const { operator, locked } = candidate
      if (!locked && !operators.has(operator))
        this.#lose(candidate, `${operator} is no operator any more`)
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#loop
    for (const candidate of this.list()) this.#lose(candidate, 'the process stops')
  }

  async #putInEffect(candidate: OpenCandidate, options: CommitOptions): Promise<CommittedView> {
    const { balancer, sync, confirmations } = this.#options
    const { comment, confirmMs, watchTraffic } = options
    const before = balancer.snapshot()
    const after = candidate.wanted(before)
    if (after === before) return nothingDone(sync.file)
    if (confirmMs === undefined) {
      const { applied } = await this.#change(candidate, options)
      return { ...applied, confirmBefore: null }
    }
    const origin = currentOrigin()
    const facts = { operator: candidate.operator, origin, comment, confirmMs, watchTraffic }
    await confirmations.prepare({ ...facts, before, after })
    try {
      const { applied, ...ran } = await this.#change(candidate, options)
      // Somebody did the same meanwhile.
      if (applied.differences.length === 0) {
        await confirmations.drop()
        return { ...applied, confirmBefore: null }
      }
      const { confirmBefore } = await confirmations.arm({ ...facts, ...ran })
      return { ...applied, confirmBefore }
    } catch (error) {
      await confirmations.drop()
      throw error
    }
  }

  // Merged where it is put in effect, so that nothing slips in between.
  async #change(candidate: OpenCandidate, { comment, permit }: CommitOptions) {
    const { balancer, sync } = this.#options
    let before = balancer.snapshot()
    let after = before
    const { differences, ...saved } = await sync.change(
      (running) => {
        before = running
        after = candidate.wanted(running)
        permit(diffSnapshots(running, after).map(viewOf), after.users)
        return after
      },
      { comment },
    )
    return { applied: { ...saved, differences: differences.map(viewOf) }, before, after }
  }

  #close(candidate: OpenCandidate, reason: string): void {
    candidate.journal.stop()
    candidate.lock(reason)
    this.#open.delete(candidate.operator)
  }

  #lose(candidate: OpenCandidate, reason: string): void {
    const { operator, since } = candidate
    const changes = candidate.compare().length
    this.#close(candidate, `your candidate was discarded: ${reason}`)
    const facts = { operator, since: new Date(since).toISOString(), changes, reason }
    this.#options.log.warn('candidate discarded', facts)
  }

  /** @throws BalancerError REFUSED */
  #require(operator: string): OpenCandidate {
    const candidate = this.of(operator)
    if (candidate === undefined) throw refused(`${operator} has no candidate; begin opens one`)
    candidate.requireUnlocked()
    return candidate
  }

  #requireRoomFor(operator: string): void {
    const open = this.of(operator)
    if (open !== undefined || this.#opening.has(operator)) {
      const next = 'commit, discard, or take what runs now as its base: begin --again'
      throw refused(`${operator} has a candidate already; ${next}`)
    }
    if (this.#open.size + this.#opening.size < LIMITS.candidatesMax) return
    const names = [...this.#open.keys()].join(', ')
    const most = `${LIMITS.candidatesMax} candidates are open, the most there may be`
    throw refused(`${most}; they belong to ${names}`)
  }
}

function nothingDone(file: string): CommittedView {
  return { differences: [], file, written: false, revision: 0, confirmBefore: null }
}

function refused(why: string): BalancerError {
  return new BalancerError('REFUSED', why)
}
