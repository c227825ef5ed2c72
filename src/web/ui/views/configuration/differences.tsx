// What runs against what is stored: as a list of changes, and as lines of text.
import { command } from '../../api/call.ts'
import { Empty } from '../../parts/empty.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { configState } from '../../state/services.ts'
import { useStore } from '../../state/store.ts'
import { type Difference, summaryOf } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { UnifiedText } from '../text/unified-text.tsx'

export interface Compared {
  readonly from: string
  readonly to: string
  readonly differences: readonly Difference[]
  readonly text: string | null
}

/** @param from `stored`, `running` or the number of a revision @throws Problem */
export async function compared(from: string, to: string): Promise<Compared> {
  return (await command<Compared>('diff', { from, to, text: true })).result
}

export function DifferenceTab() {
  const { unsaved } = useStore(configState) ?? {}
  const found = useLoadedBy(() => compared('stored', 'running'), '')
  return (
    <>
      {unsaved && <p>Not in the file yet: {unsaved}.</p>}
      <Reading of={found} what="the difference" />
      {found.value && <ComparedView compared={found.value} />}
    </>
  )
}

export function ComparedView({
  compared: { from, to, differences, text },
}: {
  readonly compared: Compared
}) {
  const isSame = (text ?? '') === ''
  if (differences.length === 0 && isSame)
    return <Empty title={`No differences: ${to} and ${from} say the same.`} />
  return (
    <>
      <Section title={`From ${from} to ${to}: ${summaryOf(differences)}`}>
        {differences.length === 0 ? (
          <p class="muted">Only the text differs, not what it means.</p>
        ) : (
          <DifferenceList differences={differences} />
        )}
      </Section>
      {!isSame && (
        <Section title="As lines of text">
          <UnifiedText label={`Lines from ${from} to ${to}`} diff={text ?? ''} />
        </Section>
      )}
    </>
  )
}
