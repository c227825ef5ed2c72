// What is wanted, into the text of a document. Only what differs from the document's own snapshot is
// touched: comments, blank lines, order, quotes, indentation and old spellings keep their bytes. The
// result is read again before it is handed out. Writes no file.
import { BalancerError } from '../../base/errors.ts'
import { sharing } from '../../base/share.ts'
import { type Steps, inTurns, runThrough } from '../../base/steps.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { diffSnapshots } from '../compare/diff.ts'
import { formatFault } from '../read/fault.ts'
import { type Document, readDocument, readingSteps } from '../read/read.ts'
import { canonicalUser, sameSnapshot } from '../compare/same.ts'
import { TextEdits } from './text-edits.ts'
import { editServices } from './write-services.ts'
import { editSettings } from './write-settings.ts'

/**
 * The document with `wanted` in place of what it says now.
 *
 * @throws BalancerError INTERNAL where the new text would not say exactly that
 */
export function writeDocument(document: Document, wanted: BalancerSnapshot): Document {
  return runThrough(writingSteps(document, wanted))
}

/** The same, while traffic goes on. @throws BalancerError INTERNAL */
export function writeDocumentInTurns(
  document: Document,
  wanted: BalancerSnapshot,
): Promise<Document> {
  return inTurns(writingSteps(document, wanted))
}

function* writingSteps(document: Document, wanted: BalancerSnapshot): Steps<Document> {
  const { root, text, file, snapshot } = document
  const to = { ...wanted, users: wanted.users.map(canonicalUser) }
  const edits = new TextEdits(text, root)
  yield* editServices(edits, root, snapshot.services, to.services)
  yield* editSettings(edits, root, snapshot, to)
  return yield* readBack(edits.apply(), file, wanted)
}

/** A document that says `wanted`, where there is none to edit. @throws BalancerError INTERNAL */
export function formatDocument(wanted: BalancerSnapshot, file: string): Document {
  return writeDocument(emptyDocument(file), wanted)
}

/** The same, while traffic goes on. @throws BalancerError INTERNAL */
export function formatDocumentInTurns(wanted: BalancerSnapshot, file: string): Promise<Document> {
  return writeDocumentInTurns(emptyDocument(file), wanted)
}

function emptyDocument(file: string): Document {
  const result = readDocument('<config>\n</config>\n', file)
  if ('faults' in result) throw new BalancerError('INTERNAL', 'the empty document does not load')
  return result.document
}

function* readBack(text: string, file: string, wanted: BalancerSnapshot): Steps<Document> {
  const result = yield* readingSteps(text, file)
  if ('faults' in result) {
    const first = result.faults.find(({ severity }) => severity === 'fault')
    const why = first === undefined ? 'for no reason' : formatFault(first)
    throw new BalancerError('INTERNAL', `the document would not load after the edit: ${why}`)
  }
  const { document } = result
  yield
  const snapshot = sharing(document.snapshot, wanted)
  if (sameSnapshot(snapshot, wanted)) return { ...document, snapshot }
  const [wrong] = diffSnapshots(snapshot, wanted)
  const where = `${wrong?.path ?? ''} ${wrong?.action === 'set' ? wrong.field : ''}`.trim()
  throw new BalancerError(
    'INTERNAL',
    `the document would not say what is wanted of ${where} after the edit`,
  )
}
