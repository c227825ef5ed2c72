// The ways to end many sessions at once that fit what is looked at: all of this page, all of the host, all of the client.
import type { SessionRow } from '../../api/types.ts'
import { Button } from '../../parts/button.tsx'
import { isAddress, type KillAim, type SessionFilter } from './session-filter.ts'

interface KillManyProps {
  readonly filter: SessionFilter
  readonly shown: readonly SessionRow[]
  readonly onAim: (aim: KillAim) => void
}

export function KillMany({ filter: { scope, client }, shown, onAim }: KillManyProps) {
  if (shown.length === 0) return null
  const ids = shown.map(({ id }) => id)
  const isHost = scope.split('/').length === 3 && !scope.includes('/listen/')
  return (
    <div class="page-actions">
      <Button small kind="danger" onPress={() => onAim({ kind: 'shown', ids })}>
        End the {ids.length} shown …
      </Button>
      {isHost && (
        <Button small kind="danger" onPress={() => onAim({ kind: 'host', path: scope })}>
          End all of {scope} …
        </Button>
      )}
      {isAddress(client) && (
        <Button small kind="danger" onPress={() => onAim({ kind: 'client', client })}>
          End all from {client} …
        </Button>
      )}
    </div>
  )
}
