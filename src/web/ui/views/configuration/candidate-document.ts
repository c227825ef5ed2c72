// The document that is edited as a candidate: where its text comes from, what was typed and not sent, and how it is sent.
import { type CallOptions, getTagged, put } from '../../api/call.ts'
import { me } from '../../state/me.ts'
import { createStore, type Store } from '../../state/store.ts'

const XML = 'application/xml'

export interface CandidateDocument {
  readonly text: string
  /** Of the candidate as it was when this was read. */
  readonly etag: string
}

/** What was typed and not sent yet, and the candidate that it began with. It outlives the view, not the page. */
export const draft: Store<CandidateDocument | undefined> = createStore<
  CandidateDocument | undefined
>(undefined)

export function hasDraft(): boolean {
  return draft.get() !== undefined
}

export function forgetDraft(): void {
  draft.set(undefined)
}

/** Whoever logs in again finds what was typed; another operator does not. */
let owner = ''
me.subscribe(() => {
  const { operator = owner } = me.get() ?? {}
  if (operator !== owner) forgetDraft()
  owner = operator
})

/** What the file would say after a commit. @throws Problem 404 where there is no candidate */
export async function readDocument(): Promise<CandidateDocument> {
  const { value, etag } = await getTagged<string>('/config/candidate', { headers: { accept: XML } })
  return { text: value, etag }
}

/**
 * Make it the candidate.
 *
 * @param etag '' replaces whatever the candidate is by now
 * @returns what the candidate is then, as it is edited further
 * @throws Problem with the faults of the text; 412 where the candidate was edited meanwhile
 */
export async function sendDocument(
  text: string,
  etag: string,
  told: CallOptions,
): Promise<CandidateDocument> {
  const condition = etag === '' ? {} : { ifMatch: etag }
  await put('/config/candidate', text, { ...told, ...condition, headers: { 'content-type': XML } })
  const document = await readDocument()
  forgetDraft()
  return document
}
