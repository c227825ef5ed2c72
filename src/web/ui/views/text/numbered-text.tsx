// A text with line numbers, as long as it may be: find in it, copy it, and nothing in it is more than text.
import { useMemo, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { notice } from '../../state/notices.ts'
import { lineText, linesOf, linesWith, numberWidth } from './line-numbers.ts'
import { LongList } from '../lists/long-list.tsx'
import { copied } from './copied.ts'
import './text.css'

/** As in the style sheet, in pixels. */
export const LINE_HEIGHT = 20

interface NumberedTextProps {
  readonly label: string
  readonly text: string
}

export function NumberedText({ label, text }: NumberedTextProps) {
  const lines = useMemo(() => linesOf(text), [text])
  const [wanted, setWanted] = useState('')
  const [at, setAt] = useState({ index: 0 })
  const found = useMemo(() => linesWith(lines, wanted), [lines, wanted])
  const marked = useMemo(() => new Set(found), [found])
  const next = () => {
    const index = found.find((line) => line > at.index) ?? found[0]
    if (index !== undefined) setAt({ index })
  }
  const copy = async () => notice(await copied(text, label))
  const search = (event: Event) => {
    event.preventDefault()
    next()
  }
  return (
    <div class="numbered">
      <form class="numbered-bar" onSubmit={search} role="search">
        <Field label="Find" type="search" value={wanted} onInput={setWanted} />
        <span class="muted" aria-live="polite">
          {wanted === '' ? `${lines.length} lines` : `in ${found.length} lines`}
        </span>
        <Button small type="submit" disabled={found.length === 0}>
          Next
        </Button>
        <Button small onPress={copy}>
          Copy all
        </Button>
      </form>
      <LongList
        label={label}
        class="code"
        count={lines.length}
        rowHeight={LINE_HEIGHT}
        sight={wanted === '' ? undefined : at}
        row={(index) => (
          <div key={index} class={marked.has(index) ? 'code-line found' : 'code-line'}>
            <span class="line-number" style={{ minWidth: `${numberWidth(lines.length)}ch` }}>
              {index + 1}
            </span>
            <code>{lineText(lines[index] ?? '')}</code>
          </div>
        )}
      />
    </div>
  )
}
