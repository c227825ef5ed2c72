// The document that is edited as a candidate: where its text comes from, what was typed and not sent, and how it is sent.
import { type CallOptions, get, getTagged, put } from '../../api/call.ts'
import { createStore, type Store } from '../../state/store.ts'
import type { CandidateState, ConfigState } from './documents.ts'

const XML = 'application/xml'

export interface CandidateDocument {
  readonly text: string
  /** Of the candidate as it was when this was read. */
  readonly etag: string
  /** False: the candidate has changes of other ways in, which are not in this text. */
  readonly isWhole: boolean
}

/** What was typed and not sent yet, and the candidate that it began with. It outlives the view, not the page. */
export const draft: Store<Pick<CandidateDocument, 'text' | 'etag'> | undefined> = createStore<
  Pick<CandidateDocument, 'text' | 'etag'> | undefined
>(undefined)

export function hasDraft(): boolean {
  return draft.get() !== undefined
}

export function forgetDraft(): void {
  draft.set(undefined)
}

/** What was sent last: it is the text of the candidate for as long as nothing else edits that. */
let sent: Pick<CandidateDocument, 'text' | 'etag'> | undefined

/** @throws Problem */
export async function readDocument(): Promise<CandidateDocument> {
  const accept = `${XML}, application/json;q=0.5`
  const { value, etag } = await getTagged<CandidateState | string>('/config/candidate', {
    headers: { accept },
  })
  if (typeof value === 'string') return { text: value, etag, isWhole: true }
  if (sent !== undefined && sent.etag === etag) return { ...sent, isWhole: true }
  const { running } = await get<ConfigState>('/config')
  return { text: running, etag, isWhole: value.differences.length === 0 }
}

/**
 * Make it the candidate.
 *
 * @param etag '' replaces whatever the candidate is by now
 * @throws Problem with the faults of the text; 412 where the candidate was edited meanwhile
 */
export async function sendDocument(text: string, etag: string, told: CallOptions): Promise<void> {
  const condition = etag === '' ? {} : { ifMatch: etag }
  await put('/config/candidate', text, { ...told, ...condition, headers: { 'content-type': XML } })
  const { etag: now } = await getTagged('/config/candidate')
  sent = { text, etag: now }
  forgetDraft()
}
