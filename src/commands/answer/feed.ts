// Everything new of one kind, one after the other, for one reader. A reader that is slow keeps nobody waiting and
// holds little: beyond a limit the oldest are dropped, and the next one says how many.
import { LIMITS } from '../../base/limits.ts'

export interface FeedOptions<Item> {
  /** @returns stops it */
  readonly follow: (tell: (item: Item) => void) => () => void
  readonly keeps: (item: Item) => boolean
  /** What was there already, oldest first. Asked once the feed is followed, so that nothing is missed between. */
  readonly earlier: () => readonly Item[]
  /** Ends it. */
  readonly signal: AbortSignal
}

export interface Fed<Item> {
  readonly item: Item
  /** Items that were dropped in front of it. */
  readonly lost: number
}

/** Follows from the first question on, and no more when it ends, however that is. */
export async function* feed<Item>({
  follow,
  keeps,
  earlier,
  signal,
}: FeedOptions<Item>): AsyncGenerator<Fed<Item>> {
  const waiting: Item[] = []
  let lost = 0
  let wake = () => {}
  const add = (item: Item) => {
    if (!keeps(item)) return
    waiting.push(item)
    if (waiting.length > LIMITS.tailItemsMax) {
      waiting.shift()
      lost += 1
    }
    wake()
  }
  const onAbort = () => wake()
  const stop = follow(add)
  signal.addEventListener('abort', onAbort)
  try {
    for (const item of earlier()) add(item)
    while (!signal.aborted) {
      const item = waiting.shift()
      if (item === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const before = lost
      lost = 0
      yield { item, lost: before }
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }
}
