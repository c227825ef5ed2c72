// What is remembered of sessions that have ended: the last ones that never reached a host; and who is told of every
// one. Tables ask the engine for reports only while somebody follows, or where a service wants its log lines.
import { LIMITS } from '../base/limits.ts'
import type { ClosedSessionView, RefusedSessionView } from '../model/session-view.ts'

type Tell = (session: ClosedSessionView) => void

export class EndedSessions {
  readonly #refused: RefusedSessionView[] = []
  readonly #followers = new Set<Tell>()
  readonly #onFollowed: () => void

  /** @param onFollowed told when the first follower came, and when the last one left */
  constructor(onFollowed: () => void) {
    this.#onFollowed = onFollowed
  }

  /** Does anybody follow? */
  get followed(): boolean {
    return this.#followers.size > 0
  }

  /** The last sessions that never reached a host, oldest first. */
  get refused(): readonly RefusedSessionView[] {
    return this.#refused
  }

  noteRefused(session: RefusedSessionView): void {
    this.#refused.push(session)
    if (this.#refused.length > LIMITS.refusalsKept) this.#refused.shift()
  }

  noteClosed(session: ClosedSessionView): void {
    for (const tell of this.#followers) tell(session)
  }

  /** Be told of every session that ends from now on. @returns stops it */
  follow(tell: Tell): () => void {
    // One of its own for each follower, whatever function it brings.
    const follower: Tell = (session) => tell(session)
    this.#followers.add(follower)
    if (this.#followers.size === 1) this.#onFollowed()
    return () => {
      const left = this.#followers.delete(follower)
      if (left && !this.followed) this.#onFollowed()
    }
  }
}
