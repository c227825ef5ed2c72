// What the file and the running system do not agree on, as commands see it, and as it is told when it is new.
import { stat } from 'node:fs/promises'
import type { Log } from '../../base/log.ts'
import { textOfSide } from '../../commands/answer/conflict-text.ts'
import type { Conflicts, ConflictView } from '../../commands/documents.ts'
import type { OpenConflict, Side } from '../../config/keep/agreement.ts'
import type { ConfigSync } from '../../config/keep/sync.ts'
import type { PermitUsers } from '../../model/snapshot.ts'
import { withoutSecrets } from '../../config/compare/secrets.ts'

/** New conflicts of one look at the file that prompts show, and that the log has, one by one. */
const SAID_MAX = 3
const LOGGED_MAX = 20

export class FileConflicts implements Conflicts {
  readonly #sync: Pick<ConfigSync, 'file' | 'conflicts' | 'resolve'>

  constructor(sync: Pick<ConfigSync, 'file' | 'conflicts' | 'resolve'>) {
    this.#sync = sync
  }

  get paths(): readonly string[] {
    return this.#sync.conflicts.map(({ path }) => path)
  }

  async list(): Promise<readonly ConflictView[]> {
    return this.#viewsOf(this.#sync.conflicts)
  }

  async resolve(
    paths: readonly string[],
    side: Side,
    permit?: PermitUsers,
  ): Promise<readonly ConflictView[]> {
    return this.#viewsOf(await this.#sync.resolve(paths, side, permit))
  }

  async #viewsOf(conflicts: readonly OpenConflict[]): Promise<readonly ConflictView[]> {
    const fileTime = conflicts.length === 0 ? null : await timeOf(this.#sync.file)
    return conflicts.map((conflict) => ({ ...viewOf(conflict), fileTime }))
  }
}

/** Say once what is new, in the log and to everybody at a prompt. */
export function tellOfConflicts(
  conflicts: readonly OpenConflict[],
  { log, say }: { readonly log: Log; readonly say: (sentence: string) => void },
): void {
  const views = conflicts.map(viewOf)
  for (const view of views.slice(0, LOGGED_MAX)) log.warn('config conflict', factsOf(view))
  if (views.length > LOGGED_MAX) log.warn('config conflicts', { more: views.length - LOGGED_MAX })
  for (const view of views.slice(0, SAID_MAX)) say(sentenceOf(view))
  if (views.length > SAID_MAX) say(`and ${views.length - SAID_MAX} more; see: show conflicts`)
}

function factsOf(view: Omit<ConflictView, 'fileTime'>) {
  const [file, running] = [view.file, view.running].map((value) => textOfSide(view, value))
  return { path: view.path, inFile: file, running, ...(view.origin ? { by: view.origin } : {}) }
}

/** `conflict: web/main/a/weight is 3 in the file and 4 here, by ssh:alice; see: show conflicts` */
function sentenceOf(view: Omit<ConflictView, 'fileTime'>): string {
  const { path, field, origin } = view
  const [file, running] = [view.file, view.running].map((value) => textOfSide(view, value))
  const by = origin === null ? '' : `, by ${origin}`
  const what =
    field === null
      ? `the file ${file}, the running system ${running}${by}`
      : `it is ${file} in the file and ${running} here${by}`
  return `conflict at ${path}: ${what}; see: show conflicts`
}

function viewOf(conflict: OpenConflict): Omit<ConflictView, 'fileTime'> {
  const { path, kind, field, beside, origin = null, time = null } = conflict
  const [base, file, running] = [conflict.base, conflict.theirs, conflict.ours].map((value) => {
    return withoutSecrets(field, value ?? null)
  })
  return { path, kind, field, base, file, running, origin, time, beside }
}

async function timeOf(file: string): Promise<number | null> {
  try {
    return Math.floor((await stat(file)).mtimeMs)
  } catch {
    return null
  }
}
