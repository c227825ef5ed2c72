// The sessions that are open now: found by object and by client, looked at one by one, and ended.
import { useState } from 'preact/hooks'
import { ProblemText } from '../../parts/action.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { Loading } from '../../parts/progress.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { counted } from '../../text/format.ts'
import { useWhileVisible } from '../live/while-visible.ts'
import { FilterForm } from './filter-form.tsx'
import { KillConfirm } from './kill-confirm.tsx'
import { KillMany } from './kill-many.tsx'
import { SessionDetails } from './session-details.tsx'
import { SessionTable } from './session-table.tsx'
import {
  filterText,
  isFiltered,
  type KillAim,
  NO_FILTER,
  PAGE_SIZE,
  queryOf,
  type SessionFilter,
  type SessionsPage,
} from './session-filter.ts'
import '../views.css'

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 4_000

/** @param scope path of an object whose sessions are wanted; left out, all */
export function SessionsView({ scope = '' }: { readonly scope?: string }) {
  const [filter, setFilter] = useState<SessionFilter>({ ...NO_FILTER, scope })
  return <SessionsFound key={queryOf(filter, 0)} filter={filter} onFilter={setFilter} />
}

interface FoundProps {
  readonly filter: SessionFilter
  readonly onFilter: (filter: SessionFilter) => void
}

function SessionsFound({ filter, onFilter }: FoundProps) {
  /** The last session of each page before this one. */
  const [before, setBefore] = useState<readonly number[]>([])
  const [isLive, setLive] = useState(true)
  const [shown, setShown] = useState<number>()
  const [aim, setAim] = useState<KillAim>()
  const query = queryOf(filter, before.at(-1) ?? 0)
  const page = useLoaded<SessionsPage>(`/sessions?${query}`)
  // A row that is about to be ended should not move away under the finger.
  useWhileVisible(page.refresh, LOOK_MS, isLive && aim === undefined)
  const { value } = page
  return (
    <Page title="Sessions" actions={<LiveButtons page={page} isLive={isLive} onLive={setLive} />}>
      <FilterForm filter={filter} onFilter={onFilter} />
      <ProblemText problem={page.problem} />
      {value === undefined && page.problem === undefined && <Loading what="the sessions" />}
      {value !== undefined && (
        <>
          <div class="list-bar">
            <p aria-live="polite">{headline(value, filter, before.length)}</p>
            <Can command="kill-session">
              <KillMany filter={filter} shown={value.sessions} onAim={setAim} />
            </Can>
          </div>
          <SessionTable
            rows={value.sessions}
            onShow={setShown}
            onAim={setAim}
            onFilter={(more) => onFilter({ ...filter, ...more })}
          />
          {value.sessions.length === 0 && (
            <Empty title={`No session${filterText(filter)} is open.`} />
          )}
          <Pages
            page={before.length + 1}
            onBack={before.length > 0 ? () => setBefore(before.slice(0, -1)) : undefined}
            onNext={nextOf(value, (after) => setBefore([...before, after]))}
          />
        </>
      )}
      {shown !== undefined && (
        <SessionDetails id={shown} onClose={() => setShown(undefined)} onAim={setAim} />
      )}
      {aim !== undefined && (
        <KillConfirm aim={aim} onClose={() => setAim(undefined)} onDone={page.refresh} />
      )}
    </Page>
  )
}

/** The server counts all that are open; those that match are counted by reading them. */
function headline(
  { sessions, total, next }: SessionsPage,
  filter: SessionFilter,
  page: number,
): string {
  const all = `${counted(total, 'session')} ${total === 1 ? 'is' : 'are'} open`
  const first = page * PAGE_SIZE + 1
  const range = `${first} to ${first + sessions.length - 1}`
  const isWhole = page === 0 && next === null
  if (!isFiltered(filter)) return isWhole ? all : `${all}, ${range} here, oldest first`
  const found = isWhole ? String(sessions.length) : range
  return sessions.length === 0 ? `${all} in all` : `${found}${filterText(filter)}; ${all} in all`
}

function nextOf({ next }: SessionsPage, go: (after: number) => void): (() => void) | undefined {
  return next === null ? undefined : () => go(next)
}

interface LiveProps {
  readonly page: { readonly refresh: () => Promise<void> }
  readonly isLive: boolean
  readonly onLive: (isLive: boolean) => void
}

function LiveButtons({ page, isLive, onLive }: LiveProps) {
  return (
    <>
      <Button
        small
        pressed={isLive}
        onPress={() => onLive(!isLive)}
        title="Looks again every few seconds"
      >
        Live
      </Button>
      <IconButton icon="reload" label="Look again now" onPress={page.refresh} />
    </>
  )
}

interface PagesProps {
  /** From 1. */
  readonly page: number
  readonly onBack: (() => void) | undefined
  readonly onNext: (() => void) | undefined
}

function Pages({ page, onBack, onNext }: PagesProps) {
  if (onBack === undefined && onNext === undefined) return null
  return (
    <nav class="pages" aria-label="Pages of sessions">
      <Button small disabled={onBack === undefined} onPress={() => onBack?.()}>
        Back
      </Button>
      <span>page {page}</span>
      <Button small disabled={onNext === undefined} onPress={() => onNext?.()}>
        Next
      </Button>
    </nav>
  )
}
