// One document that was: what it changed, how it differs from what runs, its text, and the way back to it.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { hrefOf } from '../../route.ts'
import { useLoadedBy } from '../../state/loaded.ts'
import { moment } from '../../text/format.ts'
import { summaryOf } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { NumberedText } from '../text/numbered-text.tsx'
import { visibleLine } from '../text/visible.ts'
import { compared, ComparedView } from './differences.tsx'
import type { RevisionText } from './documents.ts'
import { Rollback } from './rollback.tsx'
import './configuration.css'

type TabId = 'changes' | 'running' | 'text'

const TABS = [
  { id: 'changes', title: 'What it changed' },
  { id: 'running', title: 'Against what runs' },
  { id: 'text', title: 'Text' },
] as const

export function RevisionView({ number }: { readonly number: number }) {
  const found = useLoadedBy(
    async () => (await command<RevisionText>('show-revision', { revision: number })).result,
    number,
  )
  const [shown, setShown] = useState<TabId>('changes')
  const [isGoingBack, setGoingBack] = useState(false)
  const { value } = found
  return (
    <Page
      title={`Revision ${number}`}
      actions={
        <>
          <a href={hrefOf({ view: 'config' })}>All of the configuration</a>
          <Can command="rollback">
            <Button kind="danger" disabled={!value} onPress={() => setGoingBack(true)}>
              Roll back to it …
            </Button>
          </Can>
        </>
      }
    >
      <Reading of={found} what="the revision" />
      {value && (
        <>
          <p>
            {moment(value.time)}, by {visibleLine(value.origins.join(' ')) || 'nobody'}
            {value.comment === '' ? '' : `: ${visibleLine(value.comment, 1_000)}`}
          </p>
          <Tabs label="Views of the revision" tabs={TABS} shown={shown} onShow={setShown}>
            {shown === 'changes' && <Changes revision={value} />}
            {shown === 'running' && <AgainstRunning number={number} />}
            {shown === 'text' && <NumberedText label={`Revision ${number}`} text={value.text} />}
          </Tabs>
        </>
      )}
      {isGoingBack && <Rollback number={number} onClose={() => setGoingBack(false)} />}
    </Page>
  )
}

function Changes({ revision: { number, changes } }: { readonly revision: RevisionText }) {
  if (changes === null) return <p>It changed too much to keep a list. Its text has all of it.</p>
  if (changes.length === 0)
    return (
      <p>{number === 1 ? 'It is the first one.' : 'Only the text changed, not what it means.'}</p>
    )
  return (
    <Section title={summaryOf(changes)}>
      <DifferenceList differences={changes} />
    </Section>
  )
}

function AgainstRunning({ number }: { readonly number: number }) {
  const found = useLoadedBy(() => compared(String(number), 'running'), number)
  return (
    <>
      <Reading of={found} what="the difference" />
      {found.value && <ComparedView compared={found.value} />}
    </>
  )
}
