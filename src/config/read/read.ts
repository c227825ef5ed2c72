// A configuration text to a document, or to the list of everything that is wrong with it. Reads no file and
// changes nothing.
import { BalancerError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import { type Steps, inTurns, runThrough } from '../../base/steps.ts'
import type { BalancerSnapshot } from '../../model/snapshot.ts'
import { checkGrammar } from './conform.ts'
import { type Fault, FaultList, formatFault } from './fault.ts'
import { type Element, parseMarkup } from './parse.ts'
import { readServices } from './read-services.ts'
import { readSettings, readTokens, readUsers } from './read-settings.ts'

/** A text that loads, what it says, and where it says it. */
export interface Document {
  /** Name for messages; nothing is read from there. */
  readonly file: string
  readonly text: string
  readonly root: Element
  readonly snapshot: BalancerSnapshot
  readonly warnings: readonly Fault[]
}

export type ReadResult = { readonly document: Document } | { readonly faults: readonly Fault[] }

/** The same for whoever can do nothing without a document. @throws BalancerError CONFIG_BAD with every fault */
export function requireDocument(source: string | Uint8Array, file: string): Document {
  return documentIn(readDocument(source, file))
}

/** The same, while traffic goes on. @throws BalancerError CONFIG_BAD with every fault */
export async function requireDocumentInTurns(
  source: string | Uint8Array,
  file: string,
): Promise<Document> {
  return documentIn(await readDocumentInTurns(source, file))
}

function documentIn(result: ReadResult): Document {
  if ('document' in result) return result.document
  const faults = result.faults.filter(({ severity }) => severity === 'fault')
  throw new BalancerError('CONFIG_BAD', faults.map(formatFault).join('\n'))
}

/** Read a text, or the bytes of a file. Never throws for what a text holds. */
export function readDocument(source: string | Uint8Array, file: string): ReadResult {
  return runThrough(readingSteps(source, file))
}

/** The same, while traffic goes on. */
export function readDocumentInTurns(
  source: string | Uint8Array,
  file: string,
): Promise<ReadResult> {
  return inTurns(readingSteps(source, file))
}

/** The steps of it, for work that reads among other things. */
export function* readingSteps(source: string | Uint8Array, file: string): Steps<ReadResult> {
  const text =
    typeof source === 'string'
      ? source
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source)
  const faults = new FaultList(file, text)
  checkBytes(source, text, faults)
  yield
  const root = faults.refused ? undefined : yield* parseMarkup(text, faults)
  if (root === undefined || !(yield* checkGrammar(root, faults)) || faults.full)
    return { faults: faults.list }
  const snapshot = {
    services: yield* readServices(root, faults),
    users: readUsers(root, faults),
    tokens: readTokens(root, faults),
    settings: readSettings(root, faults),
  }
  if (faults.refused) return { faults: faults.list }
  return { document: { file, text, root, snapshot, warnings: faults.list } }
}

const REPLACEMENT = '\uFFFD'

function checkBytes(source: string | Uint8Array, text: string, faults: FaultList): void {
  const length = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength
  if (length > LIMITS.configBytesMax) {
    faults.fault(
      0,
      `the document has ${length} bytes, at most ${LIMITS.configBytesMax} are accepted`,
    )
  }
  if (typeof source === 'string' || !text.includes(REPLACEMENT)) return
  if (Buffer.from(text).equals(source)) return
  const message = 'bytes that are not UTF-8: save the document in that encoding'
  faults.fault(text.indexOf(REPLACEMENT), message)
}
