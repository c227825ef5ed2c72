// What `diff --text` answers, as rows that a page can show with the line numbers of both sides.

export interface UnifiedRow {
  readonly kind: 'same' | 'added' | 'removed' | 'gap'
  /** Line in the first text; null where it has none. */
  readonly from: number | null
  readonly to: number | null
  readonly text: string
}

const RANGE = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** @param diff as `diff -u` prints it */
export function rowsOf(diff: string): readonly UnifiedRow[] {
  const rows: UnifiedRow[] = []
  let [from, to] = [0, 0]
  let isInHunk = false
  for (const line of diff.split('\n')) {
    const range = RANGE.exec(line)
    if (range !== null) {
      ;[from, to] = [Number(range[1]), Number(range[2])]
      rows.push({ kind: 'gap', from: null, to: null, text: line })
      isInHunk = true
    } else if (!isInHunk || line === '' || line.startsWith('\\')) continue
    else if (line.startsWith('+'))
      rows.push({ kind: 'added', from: null, to: to++, text: line.slice(1) })
    else if (line.startsWith('-'))
      rows.push({ kind: 'removed', from: from++, to: null, text: line.slice(1) })
    else rows.push({ kind: 'same', from: from++, to: to++, text: line.slice(1) })
  }
  return rows
}
