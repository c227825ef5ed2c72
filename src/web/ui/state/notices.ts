// Short notes on what was done, or came in from elsewhere; they leave by themselves unless they are worth an answer.
import { createStore, type Store } from './store.ts'

export type Tone = 'info' | 'good' | 'warn' | 'bad'

export interface NoticeText {
  readonly tone: Tone
  readonly text: string
  /** Stays until it is closed. */
  readonly stays?: boolean
  readonly action?: { readonly label: string; readonly run: () => void }
}

export interface NoticeRow extends NoticeText {
  readonly id: number
}

/** Newest last. */
export const notices: Store<readonly NoticeRow[]> = createStore<readonly NoticeRow[]>([])

const SHOWN_MAX = 3
const SHOWN_MS = 6_000
/** With something to press, there has to be time to press it. */
const SHOWN_WITH_ACTION_MS = 12_000

let lastId = 0
/** Ends what would take it away, for those that leave by themselves; undefined while they are held. */
const leaving = new Map<number, ReturnType<typeof setTimeout> | undefined>()
let isHeld = false

/** @returns takes it away */
export function notice(text: NoticeText): () => void {
  const row = { ...text, id: ++lastId }
  notices.update((shown) => [...withRoom(shown), row])
  if (!text.stays) leave(row)
  return () => closeNotice(row.id)
}

/** Those that leave by themselves make room first. */
function withRoom(shown: readonly NoticeRow[]): readonly NoticeRow[] {
  if (shown.length < SHOWN_MAX) return shown
  const out = shown.find(({ stays }) => !stays) ?? shown[0]
  return shown.filter((each) => each !== out)
}

export function closeNotice(id: number): void {
  clearTimeout(leaving.get(id))
  leaving.delete(id)
  notices.update((shown) => shown.filter((each) => each.id !== id))
}

/** Somebody is at them: none leaves until nobody is, and then each has its whole time again. */
export function holdNotices(hold: boolean): void {
  if (isHeld === hold) return
  isHeld = hold
  for (const row of notices.get()) if (leaving.has(row.id)) leave(row)
}

function leave({ id, action }: NoticeRow): void {
  clearTimeout(leaving.get(id))
  const ms = action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS
  leaving.set(id, isHeld ? undefined : setTimeout(() => closeNotice(id), ms))
}
