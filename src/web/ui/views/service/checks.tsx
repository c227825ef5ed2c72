// How the looks at one host went: for each check a strip of the last hundred, newest at the right. Read when it is shown, and
// again when the host's health is another one or somebody asks.
import { useEffect, useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import type { CheckRow, HostRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Loading } from '../../parts/progress.tsx'
import { ago, counted, span } from '../../text/format.ts'

const SHOWN_MAX = 100

export function Checks({ host: { path, health, healthSince } }: { readonly host: HostRow }) {
  const [rows, setRows] = useState<readonly CheckRow[]>()
  const reading = useAction(async () => {
    const { result } = await command<readonly CheckRow[]>('show-checks', { scope: path })
    setRows(result)
  })
  useEffect(() => void reading.start(), [path, health, healthSince])
  return (
    <div class="stack">
      <ProblemText problem={reading.problem} />
      {rows === undefined && !reading.problem && <Loading what="the checks" />}
      {rows?.length === 0 && (
        <Empty title="No check looks at this host.">
          <p>Only the connects of clients tell whether it is up.</p>
        </Empty>
      )}
      {rows?.map((row) => (
        <Check key={row.check} row={row} />
      ))}
      {rows && (
        <div class="row">
          <Button small busy={reading.busy} onPress={() => reading.start()}>
            <Icon name="reload" />
            Read again
          </Button>
        </div>
      )}
    </div>
  )
}

function Check({ row }: { readonly row: CheckRow }) {
  const { check, results, good, bad, rise, fall, lastAt, tookMs, nextMs, reason } = row
  const facts = [
    bad > 0
      ? `${bad} bad in a row${fall > 0 ? `, ${fall} take it out` : ''}`
      : `${good} good in a row`,
    rise > 0 && bad > 0 ? `${rise} good bring it back` : '',
    lastAt === null ? 'not looked yet' : `last ${ago(lastAt)}`,
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
