// The last lines of something that goes on for ever, for components: bounded, with a pause.
import { useEffect, useRef, useState } from 'preact/hooks'
import { listen } from '../../api/events.ts'
import { type Problem, problemOf } from '../../api/problem.ts'
import type { EventMap } from '../../api/types.ts'
import { cleared, type Kept, keptOf, paused, readAnew, resumed, withMore } from '../lists/kept.ts'
import { followed } from './followed.ts'

export interface KeptLines<Item> extends Kept<Item> {
  /** False until the earlier ones were read. */
  readonly isRead: boolean
  /** Why the earlier ones could not be read. */
  readonly problem: Problem | undefined
  readonly pause: () => void
  readonly resume: () => void
  readonly clear: () => void
}

interface Source<Name extends 'log' | 'audit', Item> {
  readonly event: Name
  /** Oldest first. @throws Problem */
  readonly earlier: () => Promise<readonly Item[]>
  readonly itemOf: (event: EventMap[Name]) => Item
  /** The same for the same line, whichever way it came. */
  readonly keyOf: (item: Item) => string | number
}

export function useKeptLines<Name extends 'log' | 'audit', Item>(
  source: Source<Name, Item>,
): KeptLines<Item> {
  const [kept, setKept] = useState<Kept<Item>>(keptOf<Item>)
  const [read, setRead] = useState<{ isRead: boolean; problem?: Problem }>({ isRead: false })
  const { event, earlier, itemOf, keyOf } = useRef(source).current
  useEffect(() => {
    const lines = followed<Item>({
      earlier,
      keyOf,
      onMore: (more) => setKept((now) => withMore(now, more)),
      onAll: (all) => {
        setKept((now) => readAnew(now, all, keyOf))
        setRead({ isRead: true })
      },
      onFailed: (error) => setRead({ isRead: true, problem: problemOf(error) }),
    })
    lines.read()
    const ends = [listen(event, (one) => lines.add(itemOf(one))), listen('reset', lines.read)]
    return () => {
      lines.end()
      for (const end of ends) end()
    }
  }, [])
  return {
    ...kept,
    isRead: read.isRead,
    problem: read.problem,
    pause: () => setKept(paused),
    resume: () => setKept((now) => resumed(now)),
    clear: () => setKept(cleared),
  }
}
