// The candidate as a whole document in a text field. What was typed is kept while other views are looked at, and sent as a
// whole; why it is not taken is shown by line and column, each fault a way to its place.
import { useEffect, useRef, useState } from 'preact/hooks'
import { get } from '../../api/call.ts'
import type { Problem } from '../../api/problem.ts'
import { ProblemText, type Told, useAction } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { notice } from '../../state/notices.ts'
import { useStore } from '../../state/store.ts'
import { useReadOnce } from '../live/read-once.ts'
import type { Difference } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { visibleLine } from '../text/visible.ts'
import { type CandidateDocument, draft, readDocument, sendDocument } from './candidate-document.ts'
import type { CandidateState } from './documents.ts'
import { offsetOf, placeOf, refusalOf } from './refusal.ts'

interface CandidateEditorProps {
  /** The candidate is another one. */
  readonly onChange: () => Promise<void>
}

export function CandidateEditor({ onChange }: CandidateEditorProps) {
  const read = useReadOnce(readDocument)
  const sent = async (document: CandidateDocument) => {
    read.put(document)
    await onChange()
  }
  return (
    <Section title="The whole document">
      <Reading of={read} what="the document" />
      {read.value && read.value.text.length > EDITED_MAX && <TooLong />}
      {read.value && read.value.text.length <= EDITED_MAX && (
        <Editor document={read.value} onSent={sent} />
      )}
    </Section>
  )
}

/** Characters of a document that a text field is quick enough for: some ten thousand hosts. */
const EDITED_MAX = 1_000_000

function TooLong() {
  return (
    <Empty title="This document is too long for a text field.">
      <p>
        Edit it where you are at home, and make it your candidate over ssh:{' '}
        <code>ssh … load &lt; config.xml</code>
      </p>
    </Empty>
  )
}

interface EditorProps {
  readonly document: CandidateDocument
  readonly onSent: (document: CandidateDocument) => Promise<void>
}

function Editor({ document: { text: before, etag }, onSent }: EditorProps) {
  const typed = useStore(draft)
  const text = typed?.text ?? before
  const area = useRef<HTMLTextAreaElement>(null)
  const send = useAction(async (told: Told, condition: string) => {
    const document = await sendDocument(text, condition, told)
    notice({ tone: 'good', text: 'The document is your candidate now; it is not in effect.' })
    await onSent(document)
  })
  useWarningBeforeLeaving(typed !== undefined)
  const type = (next: string) => {
    draft.set(next === before ? undefined : { text: next, etag: typed?.etag ?? etag })
  }
  const isSame = typed === undefined
  return (
    <>
      <textarea
        ref={area}
        class="document"
        aria-label="The whole document as XML"
        aria-invalid={send.problem === undefined ? undefined : 'true'}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        wrap="off"
        rows={24}
        value={text}
        readOnly={send.busy}
        onInput={({ currentTarget }) => type(currentTarget.value)}
      />
      <Caret area={area} />
      <div class="page-actions">
        <Button
          kind="primary"
          busy={send.busy}
          disabled={isSame}
          onPress={() => send.start(typed?.etag ?? etag)}
        >
          Check it and keep it in my candidate
        </Button>
        <Button kind="quiet" disabled={isSame || send.busy} onPress={() => draft.set(undefined)}>
          Take back what was typed
        </Button>
      </div>
      <Refusal problem={send.problem} onGo={(line, column) => goTo(area.current, line, column)} />
      {send.problem?.status === 412 && (
        <ThereNow busy={send.busy} onReplace={() => void send.start('')} />
      )}
    </>
  )
}

interface ThereNowProps {
  readonly busy: boolean
  readonly onReplace: () => void
}

/** What would be replaced: the changes that the candidate holds by now. */
function ThereNow({ busy, onReplace }: ThereNowProps) {
  const [differences, setDifferences] = useState<readonly Difference[]>()
  const look = useAction(async () => {
    setDifferences((await get<CandidateState>('/config/candidate')).differences)
  })
  return (
    <>
      <div class="row">
        <Button busy={look.busy} onPress={() => look.start()}>
          Show what is there now
        </Button>
        <Button busy={busy} onPress={onReplace}>
          Replace the candidate all the same
        </Button>
      </div>
      <ProblemText problem={look.problem} />
      {differences?.length === 0 && <p>Nothing: the candidate says what runs.</p>}
      {differences && <DifferenceList differences={differences} />}
    </>
  )
}

/** Where the caret stands, for those who were told a line. */
function Caret({ area }: { readonly area: { readonly current: HTMLTextAreaElement | null } }) {
  const [place, setPlace] = useState({ line: 1, column: 1 })
  useEffect(() => {
    const look = () => {
      const { current } = area
      if (current !== null && document.activeElement === current)
        setPlace(placeOf(current.value, current.selectionStart))
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [])
  return (
    <p class="muted small-text">
      line {place.line}, column {place.column}
    </p>
  )
}

interface RefusalProps {
  readonly problem: Problem | undefined
  readonly onGo: (line: number, column: number) => void
}

/** A document that does not load has many faults, all of which are told at once. */
function Refusal({ problem, onGo }: RefusalProps) {
  if (problem === undefined) return null
  const { faults, others } = refusalOf(problem.detail)
  if (faults.length === 0) return <ProblemText problem={problem} />
  return (
    <div class="problem" role="alert">
      <div>
        <strong>{problem.title}</strong>
        <ul class="document-faults">
          {faults.map(({ line, column, text, isWarning }, index) => (
            <li key={index}>
              <button type="button" class="text-button" onClick={() => onGo(line, column)}>
                {line}:{column}
              </button>{' '}
              {isWarning && <Badge tone="warn">warning</Badge>} {visibleLine(text, 1_000)}
            </li>
          ))}
          {others.map((text) => (
            <li key={text}>{visibleLine(text, 1_000)}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function goTo(area: HTMLTextAreaElement | null, line: number, column: number): void {
  if (area === null) return
  const offset = offsetOf(area.value, line, column)
  area.focus()
  area.setSelectionRange(offset, offset)
  const lineHeight = area.scrollHeight / Math.max(1, area.value.split('\n').length)
  area.scrollTop = Math.max(0, (line - 4) * lineHeight)
}

/** A closed window would lose what was typed; another view of the page does not. */
function useWarningBeforeLeaving(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return
    const warn = (event: Event) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isOn])
}
