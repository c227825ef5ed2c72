// Lines that are read once and then come by themselves: followed first and read then, so that nothing is missed in between,
// and told a few times a second, however many come. Pure but for the timer.
import { notYet } from './not-yet.ts'

export interface Followed<Item> {
  /** One came. */
  readonly add: (item: Item) => void
  /** Begin anew: what was told so far is in what is read now, or too old. */
  readonly read: () => void
  readonly end: () => void
}

interface Ways<Item> {
  /** Oldest first. */
  readonly earlier: () => Promise<readonly Item[]>
  /** The same for the same line, whichever way it came. */
  readonly keyOf: (item: Item) => string | number
  /** All that is known. */
  readonly onAll: (items: readonly Item[]) => void
  readonly onMore: (items: readonly Item[]) => void
  readonly onFailed: (error: unknown) => void
}

/** Pause between two tellings, in milliseconds. */
const TELL_MS = 250

/** Lines that wait to be told; of more the oldest are left out. */
const CAME_MAX = 1_000

export function followed<Item>({
  earlier,
  keyOf,
  onAll,
  onMore,
  onFailed,
}: Ways<Item>): Followed<Item> {
  /** Not told yet. */
  let came: Item[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The reading whose answer counts; undefined while none is under way. */
  let reading: object | undefined
  const tell = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (reading !== undefined || came.length === 0) return
    onMore(came)
    came = []
  }
  const readAll = async (mine: object): Promise<void> => {
    try {
      const lines = await earlier()
      if (mine !== reading) return
      onAll([...lines, ...notYet(lines, came, keyOf)])
      came = []
    } catch (error) {
      if (mine !== reading) return
      onFailed(error)
    }
    reading = undefined
    tell()
  }
  return {
    add(item) {
      came.push(item)
      if (came.length > CAME_MAX) came.shift()
      timer ??= setTimeout(tell, TELL_MS)
    },
    read() {
      reading = {}
      void readAll(reading)
    },
    end() {
      reading = {}
      came = []
      clearTimeout(timer)
    },
  }
}
