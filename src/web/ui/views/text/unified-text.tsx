// Two texts compared line by line: what goes, what comes, and a little of what stays around it.
import { useMemo } from 'preact/hooks'
import { LongList } from '../lists/long-list.tsx'
import { lineText, numberWidth } from './line-numbers.ts'
import { LINE_HEIGHT } from './numbered-text.tsx'
import { rowsOf, type UnifiedRow } from './unified.ts'
import './text.css'

const SIGNS = { same: ' ', added: '+', removed: '−', gap: ' ' } as const
const WORDS = { same: '', added: 'comes: ', removed: 'goes: ', gap: '' } as const

/** @param diff as `diff --text` answers it */
export function UnifiedText({ label, diff }: { readonly label: string; readonly diff: string }) {
  const rows = useMemo(() => rowsOf(diff), [diff])
  const last = Math.max(0, ...rows.map(({ from, to }) => Math.max(from ?? 0, to ?? 0)))
  const width = { minWidth: `${numberWidth(last)}ch` }
  const lineOf = ({ kind, from, to, text }: UnifiedRow, index: number) => (
    <div key={index} class={`code-line ${kind}`}>
      <span class="line-number" style={width}>
        {from ?? ''}
      </span>
      <span class="line-number" style={width}>
        {to ?? ''}
      </span>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span class="unseen">{WORDS[kind]}</span>
      <code>{lineText(text)}</code>
    </div>
  )
  return (
    <LongList
      label={label}
      class="code"
      count={rows.length}
      rowHeight={LINE_HEIGHT}
      row={(index) => {
        const row = rows[index]
        return row === undefined ? null : lineOf(row, index)
      }}
    />
  )
}
