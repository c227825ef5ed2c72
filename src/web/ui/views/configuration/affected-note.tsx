// How many open sessions a change of the configuration concerns, asked of the server at that moment.
import { get } from '../../api/call.ts'
import type { HostRow, ListenerRow } from '../../api/types.ts'
import { ProblemText } from '../../parts/action.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import type { Difference } from '../text/difference.ts'
import { affectedText, type OpenNow } from './affected.ts'

export function Affected({ differences }: { readonly differences: readonly Difference[] }) {
  const now = useLoadedBy(openNow, '')
  if (differences.length === 0) return null
  return (
    <>
      <ProblemText problem={now.problem} />
      {now.value && <p class="affected">{affectedText(differences, now.value)}</p>}
    </>
  )
}

/** @throws Problem */
async function openNow(): Promise<OpenNow> {
  const [hosts, listeners] = await Promise.all([
    get<readonly HostRow[]>('/hosts'),
    get<readonly ListenerRow[]>('/listeners'),
  ])
  return { hosts, listeners }
}
