// The newest revision, with which the next text of the document is compared: it becomes a revision where it is another
// text, and that revision lists what it changes.
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { diffSnapshots } from '../compare/diff.ts'
import type { Difference } from '../compare/difference.ts'
import { type Document, requireDocumentInTurns } from '../read/read.ts'
import type { NewRevision, Revisions } from './revisions.ts'

interface Newest {
  readonly number: number
  readonly text: string
  /** Undefined where the text does not load any more. */
  readonly snapshot: BalancerSnapshot | undefined
}

export class NewestRevision {
  readonly #revisions: Revisions
  /** Undefined before the first look, null where there is none. */
  #newest: Newest | null | undefined

  constructor(revisions: Revisions) {
    this.#revisions = revisions
  }

  /** Its number; 0 where none is kept. */
  get number(): number {
    return this.#newest?.number ?? 0
  }

  /**
   * Make a revision of a document, unless the newest one has its text.
   *
   * @throws BalancerError FILE_UNWRITABLE, FILE_UNREADABLE
   */
  async keep(document: Document, said: Pick<NewRevision, 'origins' | 'comment'>): Promise<void> {
    const { text, snapshot } = document
    const before = this.#newest ?? (await this.#look(document))
    this.#newest = before
    if (before?.text === text) return
    const changes = changesSince(before, snapshot)
    const number = await this.#revisions.add({ text, ...said, changes })
    this.#newest = { number, text, snapshot }
  }

  async #look({ text: wanted, snapshot }: Document): Promise<Newest | null> {
    const [newest] = await this.#revisions.list()
    if (newest === undefined) return null
    const { number } = newest
    const text = await this.#revisions.text(number)
    return { number, text, snapshot: text === wanted ? snapshot : await snapshotOf(text, number) }
  }
}

/** The first one changes nothing. */
function changesSince(
  before: Newest | null,
  snapshot: BalancerSnapshot,
): readonly Difference[] | undefined {
  if (before === null) return []
  return before.snapshot === undefined ? undefined : diffSnapshots(before.snapshot, snapshot)
}

// It was written by an earlier version perhaps, or by somebody else: then nobody knows what changed since.
async function snapshotOf(text: string, number: number): Promise<BalancerSnapshot | undefined> {
  try {
    return (await requireDocumentInTurns(text, `revision ${number}`)).snapshot
  } catch {
    return undefined
  }
}
