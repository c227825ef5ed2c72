// Edits of my own that are not in effect yet: opened, edited as a whole document or by any other way in, compared, put in
// effect or dropped.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import type { Done } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { hasRole, useMay } from '../../state/commands.ts'
import { useLoaded } from '../../state/loaded.ts'
import { me, readMe } from '../../state/me.ts'
import { serverNow } from '../../state/server-clock.ts'
import { useStore } from '../../state/store.ts'
import { notice } from '../../state/notices.ts'
import { ago } from '../../text/format.ts'
import { type Difference, summaryOf } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { CandidateConflicts } from './candidate-conflicts.tsx'
import { forgetDraft, hasDraft } from './candidate-document.ts'
import { CandidateEditor } from './candidate-editor.tsx'
import { CommitDialog } from './commit-dialog.tsx'
import type { CandidateState } from './documents.ts'

export function CandidateTab() {
  const candidate = useLoaded<CandidateState>('/config/candidate')
  const { value } = candidate
  const changed = async () => {
    await Promise.all([candidate.refresh(), readMe().catch(() => {})])
  }
  return (
    <>
      <Reading of={candidate} what="your candidate" />
      {value && !value.open && <NotOpen onChange={changed} />}
      {value?.open && <Open candidate={value} onChange={changed} />}
    </>
  )
}

interface ChangeProps {
  readonly onChange: () => Promise<void>
}

function NotOpen({ onChange }: ChangeProps) {
  const begin = useAction(async () => {
    const { result } = await command<Done>('begin')
    notice({ tone: 'info', text: result.message })
    await onChange()
  })
  return (
    <Empty title="You have no candidate.">
      <p>
        With one, what you edit takes effect together when you commit it, all of it or nothing. It
        is yours here, over ssh and in the API.
      </p>
      <Can command="begin">
        <Button kind="primary" busy={begin.busy} onPress={() => begin.start()}>
          Begin
        </Button>
      </Can>
      <ProblemText problem={begin.problem} />
    </Empty>
  )
}

type OpenProps = ChangeProps & { readonly candidate: CandidateState }

function Open({ candidate, onChange }: OpenProps) {
  const [asked, setAsked] = useState<'commit' | 'discard'>()
  const [isEditing, setEditing] = useState(hasDraft)
  const mayEdit = useMay('begin')
  // Other roles see the document without hashes, and would put stars in their place.
  const seesAll = hasRole(useStore(me)?.role, 'full')
  const { since, touched, differences, conflicts } = candidate
  const close = () => setAsked(undefined)
  return (
    <>
      <div class="list-bar">
        <p>
          Begun {since ? ago(since, serverNow()) : ''}, edited{' '}
          {touched ? ago(touched, serverNow()) : 'never'}. It is dropped after a day in which nobody
          touches it.
        </p>
        {mayEdit && (
          <div class="page-actions">
            <Button
              kind="primary"
              disabled={conflicts.length > 0}
              onPress={() => setAsked('commit')}
            >
              Commit …
            </Button>
            {seesAll && (
              <Button pressed={isEditing} onPress={() => setEditing(!isEditing)}>
                Edit the document
              </Button>
            )}
            <Button kind="danger" onPress={() => setAsked('discard')}>
              Discard …
            </Button>
          </div>
        )}
      </div>
      {conflicts.length > 0 && <CandidateConflicts conflicts={conflicts} onChange={onChange} />}
      {isEditing && seesAll && <CandidateEditor onChange={onChange} />}
      <Section title={`What a commit would change: ${summaryOf(differences)}`}>
        {differences.length === 0 ? (
          <p class="muted">What you change from now on, here or over ssh, comes in here.</p>
        ) : (
          <DifferenceList differences={differences} />
        )}
      </Section>
      {asked === 'commit' && (
        <CommitDialog differences={differences} onClose={close} onDone={onChange} />
      )}
      {asked === 'discard' && (
        <Discard differences={differences} onClose={close} onDone={onChange} />
      )}
    </>
  )
}

interface DiscardProps {
  readonly differences: readonly Difference[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function Discard({ differences, onClose, onDone }: DiscardProps) {
  const run = async () => {
    const { result } = await command<Done>('discard')
    forgetDraft()
    notice({ tone: 'info', text: result.message })
    await onDone()
  }
  const what = `Your candidate with ${summaryOf(differences)} is dropped and cannot be brought back.`
  return (
    <Confirm
      title="Discard the candidate?"
      sentence={`${what} None of it was in effect: no session notices.`}
      act="Discard it"
      onClose={onClose}
      run={run}
    />
  )
}
