// The sessions that are open now: found by object and by client, looked at one by one, and ended.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { keepFocus, Page } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
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
import './sessions.css'

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 4_000

interface Place {
  readonly filter: SessionFilter
  /** The last session of each page before this one. */
  readonly before: readonly number[]
}

/** @param scope path of an object whose sessions are wanted; left out, all */
export function SessionsView({ scope = '' }: { readonly scope?: string }) {
  const [place, setPlace] = useState<Place>({ filter: { ...NO_FILTER, scope }, before: [] })
  const { filter, before } = place
  const onFilter = (next: SessionFilter) => setPlace({ filter: next, before: [] })
  const setBefore = (next: readonly number[]) => setPlace({ filter, before: next })
  const [isLive, setLive] = useState(true)
  const [shown, setShown] = useState<number>()
  const [aim, setAim] = useState<KillAim>()
  const query = queryOf(filter, before.at(-1) ?? 0)
  const page = useLoaded<SessionsPage>(`/sessions?${query}`)
  // A row that is about to be ended should not move away under the finger.
  useWhileVisible(page.refresh, LOOK_MS, isLive && aim === undefined)
  const { value } = page
  // What was pressed for it may have been in the list before.
  useEffect(keepFocus, [query])
  return (
    <Page title="Sessions" actions={<LiveButtons page={page} isLive={isLive} onLive={setLive} />}>
      <FilterForm filter={filter} onFilter={onFilter} />
      <Told about={query} text={value && headline(value, filter, before.length)} />
      <Reading of={page} what="the sessions" />
      {value !== undefined && (
        <>
          <div class="list-bar">
            <p>{headline(value, filter, before.length)}</p>
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

interface ToldProps {
  readonly about: string
  /** Undefined while it is not known. */
  readonly text: string | undefined
}

/** What was found is read out once, and not again each time that the figures are others. */
function Told({ about, text }: ToldProps) {
  const first = useRef({ about: '', text: '' })
  if (first.current.about !== about && text !== undefined) first.current = { about, text }
  return (
    <p class="unseen" aria-live="polite">
      {first.current.text}
    </p>
  )
}

/** The server counts all that are open; those that match are counted by reading them. */
function headline(
  { sessions, total, next }: SessionsPage,
  filter: SessionFilter,
  page: number,
): string {
  const all = `${counted(total, 'session')} ${total === 1 ? 'is' : 'are'} open`
  if (sessions.length === 0) return isFiltered(filter) ? `${all} in all` : all
  const first = page * PAGE_SIZE + 1
  const range = `${first} to ${first + sessions.length - 1}`
  const isWhole = page === 0 && next === null
  if (!isFiltered(filter)) return isWhole ? all : `${all}, ${range} here, oldest first`
  const found = isWhole ? String(sessions.length) : range
  return `${found}${filterText(filter)}; ${all} in all`
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
