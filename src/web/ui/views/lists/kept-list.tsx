// A live list as a whole: how much of it there is, its lines, and what is said where there are none.
import type { ComponentChildren } from 'preact'
import { ProblemText } from '../../parts/action.tsx'
import { Loading } from '../../parts/progress.tsx'
import type { KeptLines } from '../live/kept-lines.ts'
import { KeptBar } from './kept-bar.tsx'
import { LongList } from './long-list.tsx'
import { lineHeightOf, useNarrow } from './narrow.ts'

interface KeptListProps<Item> {
  /** `the log` */
  readonly what: string
  readonly kept: KeptLines<Item>
  /** Those of them that are wanted. */
  readonly lines: readonly Item[]
  readonly row: (line: Item, index: number) => ComponentChildren
  readonly empty: ComponentChildren
  readonly class?: string
}

export function KeptList<Item>(props: KeptListProps<Item>) {
  const { what, kept, lines, row, empty, class: own = '' } = props
  const isNarrow = useNarrow()
  return (
    <>
      <ProblemText problem={kept.problem} />
      {!kept.isRead && <Loading what={what} />}
      <KeptBar shown={lines.length} kept={kept} />
      {kept.isRead && lines.length === 0 ? (
        empty
      ) : (
        <LongList
          label={`Lines of ${what}, newest last`}
          role="log"
          class={`lines ${own}`}
          follows={!kept.isPaused}
          count={lines.length}
          rowHeight={lineHeightOf(isNarrow)}
          row={(index) => {
            const line = lines[index]
            return line && row(line, index)
          }}
        />
      )}
    </>
  )
}
