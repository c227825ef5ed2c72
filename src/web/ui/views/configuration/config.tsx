// The document: how what runs differs from what is stored, its text, the candidate of whoever looks, what waits to be
// confirmed, conflicts, and the revisions that were.
import { useState } from 'preact/hooks'
import type { Done } from '../../api/types.ts'
import { command } from '../../api/call.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Page } from '../../parts/page.tsx'
import { Progress } from '../../parts/progress.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { me } from '../../state/me.ts'
import { notice } from '../../state/notices.ts'
import { configState } from '../../state/services.ts'
import { markStale } from '../../state/stale.ts'
import { useStore } from '../../state/store.ts'
import { CandidateTab } from './candidate.tsx'
import { ConflictsTab } from './conflicts.tsx'
import { DifferenceTab } from './differences.tsx'
import { HistoryTab } from './history.tsx'
import { Pending } from './pending.tsx'
import { TextTab } from './texts.tsx'
import './configuration.css'

type TabId = 'difference' | 'running' | 'stored' | 'candidate' | 'conflicts' | 'history'

/** Comes back to the tab that was left. */
let lastTab: TabId = 'difference'

export function ConfigView() {
  const [shown, setShown] = useState<TabId>(lastTab)
  const show = (id: TabId) => {
    lastTab = id
    setShown(id)
  }
  const { unsaved, conflicts = 0 } = useStore(configState) ?? {}
  const hasCandidate = useStore(me)?.candidate ?? false
  const tabs = [
    { id: 'difference', title: 'Difference' },
    { id: 'running', title: 'Running' },
    { id: 'stored', title: 'Stored' },
    { id: 'candidate', title: hasCandidate ? 'My candidate •' : 'My candidate' },
    { id: 'conflicts', title: conflicts === 0 ? 'Conflicts' : `Conflicts (${conflicts})` },
    { id: 'history', title: 'History' },
  ] as const
  return (
    <Page
      title="Configuration"
      beside={unsaved && <Badge tone="warn">unsaved</Badge>}
      actions={<FileButtons />}
    >
      <Pending />
      <Tabs label="Views of the configuration" tabs={tabs} shown={shown} onShow={show}>
        <Tab id={shown} />
      </Tabs>
    </Page>
  )
}

function Tab({ id }: { readonly id: TabId }) {
  switch (id) {
    case 'difference':
      return <DifferenceTab />
    case 'running':
    case 'stored':
      return <TextTab key={id} side={id} />
    case 'candidate':
      return <CandidateTab />
    case 'conflicts':
      return <ConflictsTab />
    case 'history':
      return <HistoryTab />
    default:
      return id satisfies never
  }
}

/** What is done with the file: written now, or read now. */
function FileButtons() {
  return (
    <>
      <FileButton name="save" title="Write to the file what runs">
        Save now
      </FileButton>
      <FileButton name="reload" title="Take over what was edited in the file">
        Reload
      </FileButton>
    </>
  )
}

interface FileButtonProps {
  readonly name: 'save' | 'reload'
  readonly title: string
  readonly children: string
}

function FileButton({ name, title, children }: FileButtonProps) {
  const act = useAction(async (told) => {
    const { result } = await command<Done>(name, {}, told)
    notice({ tone: 'good', text: result.message })
    markStale()
  })
  return (
    <Can command={name}>
      <Button busy={act.busy} onPress={() => act.start()} title={title}>
        {children}
      </Button>
      {act.note !== '' && <Progress label={act.note} />}
      <ProblemText problem={act.problem} />
    </Can>
  )
}
