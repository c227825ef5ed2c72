// An edit: a command of the table that changes something. What it answers is shown as a notice, with a way back.
import { type CallOptions, command } from '../api/call.ts'
import { listen } from '../api/events.ts'
import { problemOf } from '../api/problem.ts'
import type { ChangeEvent, Done } from '../api/types.ts'
import { may } from './commands.ts'
import { me, readMe } from './me.ts'
import { notice } from './notices.ts'
import { markStale } from './stale.ts'

interface EditOptions extends CallOptions {
  /** Left out: a notice offers to undo it. */
  readonly undo?: boolean
}

/** My own last changes, to know by which number they are undone. */
const KEPT = 50
const mine: ChangeEvent[] = []

/** @returns ends it */
export function followOwnChanges(): () => void {
  return listen('change', (change) => {
    if (change.origin !== `web:${me.get()?.operator ?? ''}`) return
    mine.push(change)
    if (mine.length > KEPT) mine.shift()
  })
}

/** How many were done, to know which was the last. */
let edits = 0

/** Run a command, say what it did, and offer to undo it. @throws Problem */
export async function edit(
  name: string,
  body: Readonly<Record<string, unknown>>,
  { undo = true, ...options }: EditOptions = {},
): Promise<Done> {
  const after = mine.at(-1)?.number ?? 0
  const { result } = await command<Done>(name, body, options)
  const own = { edit: ++edits, after }
  markStale()
  tell(result, undo && may('undo') ? own : undefined)
  return result
}

/** One edit of mine. */
interface Own {
  readonly edit: number
  /** Its changes have greater numbers. */
  readonly after: number
}

function tell(done: Done, undoable: Own | undefined): void {
  const isCandidate = done.candidate === true
  if (isCandidate !== me.get()?.candidate) void readMe().catch(() => {})
  const text = isCandidate ? `${done.message} – in your candidate, not in effect yet` : done.message
  if (undoable === undefined) return void notice({ tone: 'good', text })
  const run = () => void takeBack(done, undoable)
  notice({ tone: 'good', text, action: { label: 'Undo', run } })
}

async function takeBack(done: Done, own: Own): Promise<void> {
  const act = actOf(done, own)
  try {
    if (act === undefined && own.edit !== edits)
      throw new Error('you edited something else since; take that back first')
    const { result } = await command<readonly { readonly changes: readonly unknown[] }[]>(
      'undo',
      act === undefined ? {} : { act },
    )
    const count = result[0]?.changes.length ?? 0
    const what = count === 0 ? 'everything was as before already' : `${done.path} is as before`
    notice({ tone: 'info', text: `Undone: ${what}` })
  } catch (error) {
    notice({ tone: 'bad', text: `Not undone: ${problemOf(error).detail}`, stays: true })
  }
  markStale()
}

/** Undefined where its event has not come in, and for edits of a candidate, which have none. */
function actOf({ path, field, candidate }: Done, { after }: Own): number | undefined {
  if (candidate) return undefined
  const since = mine.filter(({ number }) => number > after)
  const same = since.find((change) => change.path === path && (change.field ?? null) === field)
  return (same ?? since[0])?.act
}
