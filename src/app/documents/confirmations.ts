// Commits that undo themselves unless somebody confirms them in time. What waits is on disk, so that the deadline
// survives the process: it is reckoned by the wall clock at a start, and without it from there on.
import { type Clock, SYSTEM_CLOCK } from '../../base/clock.ts'
import { BalancerError } from '../../base/errors.ts'
import { OneAtATime } from '../../base/one-at-a-time.ts'
import { currentOrigin, withOrigin } from '../../base/origin.ts'
import type { Confirmations, EndedCommitView, PendingCommitView } from '../../commands/documents.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import type { Balancer } from '../../model/balancer.ts'
import { deadline, leftOf, tryAgain } from './commit-time.ts'
import { ConfirmFile, type KeptCommit } from './confirm-file.ts'
import { ConfirmNews, type NewsOptions } from './confirm-news.ts'
import { endedText, revisionComment } from '../../commands/answer/confirm-text.ts'
import { isThere, type Undone, undoing } from './commit-undo.ts'
import type { LeftOut } from './left-out.ts'
import { viewOf } from './difference-view.ts'
import { Forgetting } from './forgetting.ts'
import { type ConfirmedCommit, PendingCommit } from './pending-commit.ts'
import { TrafficLooks } from './traffic-looks.ts'
import { type Mark, markFrom } from './traffic-watch.ts'

export interface ConfirmationsOptions extends NewsOptions {
  readonly sync: ConfigSync
  readonly balancer: Balancer
  /** Default: that of the system. */
  readonly clock?: Clock
}

const NOT_CONFIRMED = 'not confirmed'

export class PendingCommits implements Confirmations {
  readonly #options: ConfirmationsOptions
  readonly #clock: Clock
  readonly #file: ConfirmFile
  readonly #forgetting: Forgetting
  readonly #news: ConfirmNews
  readonly #traffic: TrafficLooks
  readonly #stopped = new AbortController()
  /** Everything that waits for time; none of it rejects. */
  readonly #underWay = new Set<Promise<void>>()
  #prepared: { readonly commit: ConfirmedCommit; readonly mark: Mark } | undefined
  #pending: PendingCommit | undefined
  #last: EndedCommitView | undefined
  /** Whoever confirms and the deadline come one after the other. */
  readonly #steps = new OneAtATime()

  constructor(options: ConfirmationsOptions) {
    const { sync, balancer, clock = SYSTEM_CLOCK } = options
    this.#options = options
    this.#clock = clock
    this.#file = new ConfirmFile(sync.file)
    this.#news = new ConfirmNews(options)
    this.#forgetting = new Forgetting({
      file: this.#file,
      sync,
      onTrouble: (error) => this.#news.trouble('commit to be confirmed not forgotten', error),
    })
    this.#traffic = new TrafficLooks({
      balancer,
      clock,
      onLook: () => this.#afterLook(),
      onError: (error) => this.#news.trouble('look at traffic failed', error),
    })
  }

  get pending(): PendingCommitView | undefined {
    return this.#pending?.view
  }

  get last(): EndedCommitView | undefined {
    return this.#last
  }

  /**
   * Right before the commit: what is about to happen is written down, so that whatever ends the process, the commit is
   * there and waits, or is not there and nothing waits. Must be followed by `arm`, or by `drop` where the commit fails.
   *
   * @param commit with what is expected to run
   * @throws BalancerError REFUSED while another one waits; FILE_UNWRITABLE, then it must not be made
   */
  async prepare(commit: ConfirmedCommit): Promise<void> {
    this.#requireNone()
    const mark = this.#traffic.mark()
    this.#prepared = { commit, mark }
    try {
      if (this.#lasts) await this.#steps.run(() => this.#remember(this.#keptOf(commit, mark)))
    } catch (error) {
      await this.drop()
      throw error
    }
  }

  /** The commit that was prepared was not made. Never rejects. */
  async drop(): Promise<void> {
    const { commit } = this.#prepared ?? {}
    if (commit === undefined) return
    await this.#steps.run(() => this.#forgetting.begin(commit))
    this.#prepared = undefined
  }

  /** The commit that was prepared is in effect: its time runs from now. Never rejects for the disk: see the log then. */
  async arm(commit: ConfirmedCommit): Promise<PendingCommitView> {
    const { mark = this.#traffic.mark() } = this.#prepared ?? {}
    const kept = this.#keptOf(commit, mark)
    const pending = this.#begin(kept, mark)
    this.#prepared = undefined
    this.#countDown(pending, commit.confirmMs)
    await this.#steps.run(() => this.#keepExactly(kept))
    this.#news.begun(pending, commit.confirmMs)
    return pending.view
  }

  confirm(): Promise<EndedCommitView> {
    return this.#steps.run(async () => {
      const pending = this.#requirePending()
      // Before anybody is told: what is still there would be undone after a restart.
      await this.#file.remove()
      const undone = { differences: [], kept: [] }
      return this.#end(pending.kept, { outcome: 'confirmed', reason: '', undone })
    })
  }

  undo(): Promise<EndedCommitView> {
    const origin = currentOrigin()
    return this.#steps.run(() => this.#undo(this.#requirePending(), `by ${origin}`))
  }

  /**
   * Go on with what an earlier process left, once the document is loaded. What was not confirmed in time is undone before
   * this resolves. Never rejects: a file that cannot be read keeps nobody from serving.
   *
   * @param leftOut what runs is without this one already; `startedWithout` is to follow
   */
  async start(leftOut?: LeftOut): Promise<void> {
    this.#track(this.#traffic.run(this.#stopped.signal))
    if (leftOut !== undefined) return
    try {
      const kept = await this.#file.read()
      if (kept !== undefined) await this.#goOnWith(kept)
    } catch (error) {
      this.#news.trouble('commit to be confirmed not known', error)
    }
  }

  /** Everything has started without this commit, and nothing did with it: that is how it ends. Never rejects. */
  startedWithout({ commit, origin, reason, ...undone }: LeftOut): Promise<void> {
    return withOrigin(origin, () =>
      this.#steps.run(async () => {
        const comment = revisionComment(commit.comment, reason)
        await this.#options.sync.change((running) => running, { comment })
        await this.#forgetting.begin(commit)
        this.#end(commit, { outcome: 'undone', reason, undone })
      }),
    )
  }

  /** Nothing is undone at a stop, and the deadline goes on. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#pending?.stop()
    await Promise.all(this.#underWay)
    await this.#steps.idle()
  }

  async #goOnWith(kept: KeptCommit): Promise<void> {
    const { balancer } = this.#options
    if (!isThere(kept, balancer.snapshot())) {
      this.#news.notMade(kept)
      return this.#steps.run(() => this.#forgetting.begin(kept))
    }
    const pending = this.#begin(kept, markFrom(balancer, kept.traffic))
    const leftMs = leftOf(kept, this.#clock)
    this.#news.begun(pending, leftMs)
    if (leftMs > 0) this.#countDown(pending, leftMs)
    else await this.#undoInTime(pending, NOT_CONFIRMED)
  }

  #keptOf(commit: ConfirmedCommit, mark: Mark): KeptCommit {
    const { operator, origin, comment, confirmMs, watchTraffic, before, after } = commit
    const time = this.#clock.now()
    const traffic = watchTraffic ? this.#traffic.watch(commit, mark).before : []
    const facts = { operator, origin, comment, time, confirmBefore: time + confirmMs }
    return { ...facts, watchTraffic, before, after, traffic }
  }

  #begin(kept: KeptCommit, mark: Mark): PendingCommit {
    const watch = kept.watchTraffic ? this.#traffic.watch(kept, mark) : undefined
    this.#pending = new PendingCommit({ kept, watch, survivesRestart: this.#lasts })
    return this.#pending
  }

  /** Where the document may not be written, a restart forgets the commit as well. */
  get #lasts(): boolean {
    return this.#options.sync.mayWrite
  }

  async #remember(kept: KeptCommit): Promise<void> {
    await this.#file.write(kept)
    this.#forgetting.end()
  }

  // What was prepared is on disk, and says the same but for edits of others in between.
  async #keepExactly(kept: KeptCommit): Promise<void> {
    if (!this.#lasts) return
    try {
      await this.#remember(kept)
    } catch (error) {
      this.#news.trouble('commit to be confirmed not written', error)
    }
  }

  #countDown(pending: PendingCommit, leftMs: number): void {
    const { signal } = pending
    const wait = async () => {
      const onSoon = () => this.#news.soon(pending)
      await deadline(leftMs, { clock: this.#clock, signal, onSoon })
      if (!signal.aborted) await this.#undoInTime(pending, NOT_CONFIRMED)
    }
    this.#track(wait())
  }

  #afterLook(): void {
    if (this.#forgetting.isDue) this.#track(this.#steps.run(() => this.#forgetting.tryAgain()))
    const pending = this.#pending
    const worse = pending?.judgeTraffic()
    if (pending === undefined || worse === undefined) return
    this.#track(this.#undoInTime(pending, `traffic got worse: ${worse}`))
  }

  /** Resolves after the first try. */
  async #undoInTime(pending: PendingCommit, reason: string): Promise<void> {
    if (!pending.beginUndo()) return
    const { signal } = pending
    const tryOnce = () => this.#tryToUndo(pending, reason)
    if (!(await tryOnce())) this.#track(tryAgain(tryOnce, { clock: this.#clock, signal }))
  }

  /** @returns whether there is nothing left to do */
  #tryToUndo(pending: PendingCommit, reason: string): Promise<boolean> {
    const { operator } = pending.kept
    return withOrigin(`confirm:${operator}`, () =>
      this.#steps.run(async () => {
        if (this.#pending !== pending) return true
        try {
          await this.#undo(pending, reason)
          return true
        } catch (error) {
          this.#news.notUndone(pending, error)
          return false
        }
      }),
    )
  }

  async #undo(pending: PendingCommit, reason: string): Promise<EndedCommitView> {
    const comment = revisionComment(pending.kept.comment, reason)
    const undone = await undoing(this.#options.sync, pending.kept, comment)
    await this.#forgetting.begin(pending.kept)
    return this.#end(pending.kept, { outcome: 'undone', reason, undone })
  }

  #end(
    kept: KeptCommit,
    { undone, ...how }: Pick<EndedCommitView, 'outcome' | 'reason'> & { readonly undone: Undone },
  ): EndedCommitView {
    const { operator, comment } = kept
    const when = { time: this.#clock.now(), origin: currentOrigin() }
    const what = { differences: undone.differences.map(viewOf), kept: undone.kept }
    const ended = { operator, comment, ...how, ...when, ...what }
    this.#pending?.stop()
    this.#pending = undefined
    this.#last = ended
    this.#news.ended(kept, ended)
    return ended
  }

  #requireNone(): void {
    const operator = this.#pending?.kept.operator ?? this.#prepared?.commit.operator
    if (operator === undefined) return
    const next = 'say confirm or confirm --undo first, or commit without --confirmed'
    const what = `a commit of ${operator} has to be confirmed, and one at a time can`
    throw new BalancerError('REFUSED', `${what}; ${next}`)
  }

  #requirePending(): PendingCommit {
    if (this.#pending !== undefined) return this.#pending
    const last = this.#last === undefined ? '' : `; ${endedText(this.#last)}`
    throw new BalancerError('NOT_FOUND', `no commit waits to be confirmed${last}`)
  }

  #track(task: Promise<void>): void {
    const ended = task.finally(() => this.#underWay.delete(ended))
    this.#underWay.add(ended)
  }
}
