// Long work that goes on or was over lately: my own, and with role full that of all.
import { useState } from 'preact/hooks'
import type { Job } from '../../api/types.ts'
import { Badge, type BadgeTone } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { moment } from '../../text/format.ts'
import { useWhileVisible } from '../live/while-visible.ts'
import { OPENED_MAX, visible, visibleLine } from '../text/visible.ts'
import { Interrupt } from './interrupt.tsx'
import { inOrder, isRunning, lineOf, shownNotes, stateText } from './job-list.ts'
import './jobs.css'

/** Pause between two looks, in milliseconds: while something runs, and else. */
const LOOK_MS = { running: 1_000, idle: 5_000 } as const

const TONES: Readonly<Record<Job['state'], BadgeTone>> = {
  running: 'accent',
  done: 'good',
  failed: 'bad',
}

export function JobsView() {
  const jobs = useLoaded<readonly Job[]>('/jobs')
  const [opened, setOpened] = useState<string>()
  const rows = jobs.value ?? []
  useWhileVisible(jobs.refresh, rows.some(isRunning) ? LOOK_MS.running : LOOK_MS.idle)
  const shown = rows.find(({ job }) => job === opened)
  return (
    <Page title="Jobs">
      <p class="muted">
        What takes longer than a second goes on here, also when its page is closed.
      </p>
      <Reading of={jobs} what="the jobs" />
      {jobs.value && (
        <Table
          caption="Jobs"
          rows={inOrder(rows)}
          keyOf={({ job }) => job}
          columns={columnsOf(setOpened)}
          empty={<Empty title="Nothing goes on, and nothing was over lately." />}
        />
      )}
      {shown && <Opened job={shown} onClose={() => setOpened(undefined)} />}
    </Page>
  )
}

function columnsOf(onOpen: (job: string) => void): readonly Column<Job>[] {
  return [
    { id: 'job', title: 'Job', of: ({ job }) => Number(job) },
    { id: 'line', title: 'What', of: lineOf, cell: (job) => <code>{lineOf(job)}</code> },
    {
      id: 'state',
      title: 'State',
      of: ({ state }) => state,
      cell: ({ state }) => <Badge tone={TONES[state]}>{state}</Badge>,
    },
    { id: 'says', title: 'Says', cell: stateText },
    { id: 'who', title: 'Who', of: ({ operator = '' }) => visibleLine(operator) },
    {
      id: 'since',
      title: 'Since',
      of: ({ since }) => since,
      cell: ({ since }) => (since === undefined ? '' : moment(since)),
    },
    {
      id: 'acts',
      title: 'Look at it or interrupt it',
      untitled: true,
      class: 'buttons',
      cell: (job) => (
        <div class="row">
          <Button small onPress={() => onOpen(job.job)} title={`All that job ${job.job} said`}>
            Details
          </Button>
          {isRunning(job) && <Interrupt job={job} />}
        </div>
      ),
    },
  ]
}

function Opened({ job, onClose }: { readonly job: Job; readonly onClose: () => void }) {
  const notes = shownNotes(job)
  const answer = job.result === undefined ? '' : JSON.stringify(job.result, undefined, 2)
  return (
    <Dialog
      title={lineOf(job)}
      wide
      onClose={onClose}
      actions={
        <>
          {isRunning(job) && <Interrupt job={job} />}
          <Button onPress={onClose}>Close</Button>
        </>
      }
    >
      <p aria-live="polite">
        <Badge tone={TONES[job.state]}>{job.state}</Badge> {stateText(job)}
      </p>
      {notes.length > 0 && (
        <ol class="notes">
          {notes.map((note, index) => (
            <li key={index}>{note}</li>
          ))}
        </ol>
      )}
      {answer !== '' && (
        <pre class="boxed answer" tabIndex={0} aria-label="Its answer">
          {visible(answer.slice(0, OPENED_MAX))}
        </pre>
      )}
    </Dialog>
  )
}
