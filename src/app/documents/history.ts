// The documents that were, as commands see them: what each said, what turns one into another, and the way back to one.
import type {
  AppliedDocument,
  DifferenceView,
  DocumentName,
  History,
  RevisionView,
} from '../../commands/documents.ts'
import { BalancerError, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { diffSnapshots } from '../../config/compare/diff.ts'
import { readRegular } from '../../config/keep/disk.ts'
import type { Revision } from '../../config/keep/revisions.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import { type Document, requireDocumentInTurns } from '../../config/read/read.ts'
import type { PermitUsers } from '../../model/snapshot.ts'
import { editScript, linesOfScript } from '../edit-script/script.ts'
import { viewOf } from './difference-view.ts'

export class DocumentHistory implements History {
  readonly #sync: ConfigSync

  constructor(sync: ConfigSync) {
    this.#sync = sync
  }

  async list(): Promise<readonly RevisionView[]> {
    return (await this.#sync.revisions.list()).map(revisionView)
  }

  async get(number: number): Promise<RevisionView> {
    return revisionView(await this.#sync.revisions.get(number))
  }

  async text(name: DocumentName): Promise<string> {
    if (typeof name === 'number') return this.#sync.revisions.text(name)
    // Of a file of the server nothing is shown before it is known to be a configuration.
    return (await this.#document(name)).text
  }

  async compare(from: DocumentName, to: DocumentName): Promise<readonly DifferenceView[]> {
    const [before, after] = [await this.#document(from), await this.#document(to)]
    return diffSnapshots(before.snapshot, after.snapshot).map(viewOf)
  }

  async commands(from: DocumentName, to: DocumentName): Promise<readonly string[]> {
    const [before, after] = [await this.#document(from), await this.#document(to)]
    return linesOfScript(editScript(before.snapshot, after.snapshot))
  }

  async rollback(
    number: number,
    comment: string,
    permit: PermitUsers = () => {},
  ): Promise<AppliedDocument> {
    const { snapshot } = await this.#document(number)
    const wanted = () => {
      permit(snapshot.users)
      return snapshot
    }
    const { differences, ...saved } = await this.#sync.replace(wanted, { comment })
    return { differences: differences.map(viewOf), ...saved }
  }

  async #document(name: DocumentName): Promise<Document> {
    if (name === 'running') return this.#sync.running
    if (name === 'stored') return this.#sync.document ?? this.#sync.running
    if (typeof name === 'number')
      return requireDocumentInTurns(await this.#sync.revisions.text(name), `revision ${name}`)
    return requireDocumentInTurns(await bytesOf(name.file), name.file)
  }
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readRegular(file, { bytesMax: LIMITS.configBytesMax, links: true })
  } catch (error) {
    if (error instanceof BalancerError) throw error
    throw new BalancerError('FILE_UNREADABLE', `${file}: ${messageOf(error)}`, { cause: error })
  }
}

function revisionView({ changes, ...rest }: Revision): RevisionView {
  return { ...rest, changes: changes?.map(viewOf) ?? null }
}
