// How the looks at one host went: for each check a strip of the last hundred, newest at the right. Read when it is shown, and
// again when the host's health is another one or somebody asks.
import { command } from '../../api/call.ts'
import type { CheckRow, HostRow } from '../../api/types.ts'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Reading } from '../../parts/reading.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { serverNow } from '../../state/server-clock.ts'
import { ago, counted, span } from '../../text/format.ts'
import './checks.css'

const SHOWN_MAX = 100

export function Checks({ host: { path } }: { readonly host: HostRow }) {
  const looks = useLoadedBy(() => looksAt(path), path)
  const { value: rows } = looks
  return (
    <div class="stack">
      <Reading of={looks} what="the checks" />
      {rows?.length === 0 && (
        <Empty title="No check looks at this host.">
          <p>Only the connects of clients tell whether it is up.</p>
        </Empty>
      )}
      {rows?.map((row) => (
        <Check key={row.check} row={row} />
      ))}
      <div class="row">
        <Button small onPress={looks.refresh}>
          <Icon name="reload" />
          Read again
        </Button>
      </div>
    </div>
  )
}

/** @param scope path of a host or of a group @throws Problem */
export async function looksAt(scope: string): Promise<readonly CheckRow[]> {
  return (await command<readonly CheckRow[]>('show-checks', { scope })).result
}

function Check({ row }: { readonly row: CheckRow }) {
  const { check, results, good, bad, rise, fall, lastAt, tookMs, nextMs, reason } = row
  const facts = [
    bad > 0
      ? `${bad} bad in a row${fall > 0 ? `, ${fall} take it out` : ''}`
      : `${good} good in a row`,
    rise > 0 && bad > 0 ? `${rise} good bring it back` : '',
    lastAt === null ? 'not looked yet' : `last ${ago(lastAt, serverNow())}`,
    tookMs === null ? '' : `took ${span(tookMs)}`,
    nextMs === null ? '' : `next in ${span(nextMs)}`,
  ]
  return (
    <div class="check">
      <h3>{check}</h3>
      <Strip results={results} />
      <p class="muted small-text">{facts.filter(Boolean).join(' · ')}</p>
      {reason !== '' && <p class="small-text bad">{reason}</p>}
    </div>
  )
}

const LOOKS = { '+': 'good', '-': 'bad', '?': 'blind' } as const

/** The last hundred of these signs, newest at the right. */
export function Strip({ results }: { readonly results: string }) {
  const signs = results.slice(-SHOWN_MAX).split('')
  const bad = signs.filter((sign) => sign === '-').length
  const label = `${counted(signs.length, 'look')}, ${bad} bad, newest last`
  return (
    <div class="strip" role="img" aria-label={label} title={label}>
      {signs.map((sign, index) => (
        <span key={index} class={LOOKS[sign as keyof typeof LOOKS] ?? 'blind'} />
      ))}
    </div>
  )
}
