// What is wanted of a host and what was seen of it, in a word each, with the reason.
import { Badge, type BadgeTone } from '../../parts/badge.tsx'
import type { IconName } from '../../parts/icon.tsx'
import type { GroupRow, HostRow, Intent } from '../../api/types.ts'
import { counted, moment } from '../../text/format.ts'

const INTENTS: Readonly<Record<Intent, { tone: BadgeTone; icon?: IconName }>> = {
  enabled: { tone: 'neutral' },
  draining: { tone: 'warn', icon: 'drain' },
  disabled: { tone: 'warn', icon: 'cross' },
}

export function IntentBadge({ host: { intent, open } }: { readonly host: HostRow }) {
  return (
    <span class="row state">
      <Badge {...INTENTS[intent]}>{intent}</Badge>
      {intent !== 'enabled' && (
        <span class="small-text muted">
          {open === 0 ? 'empty' : `${counted(open, 'session')} left`}
        </span>
      )}
    </span>
  )
}

interface HealthBadgeProps {
  readonly host: HostRow
  readonly group: GroupRow
}

export function HealthBadge({ host, group }: HealthBadgeProps) {
  const { health, healthReason, healthSince, reason, intent } = host
  const isNew = health === 'unknown' && healthReason === ''
  const since = healthSince === null ? '' : `since ${moment(healthSince)}`
  const why =
    healthReason || (intent === 'enabled' ? reason : '') || (isNew ? 'not looked at yet' : '')
  return (
    <span class="row state">
      <Badge {...healthLook(host)} title={isNew ? meaningOfUnknown(group) : since}>
        {health}
      </Badge>
      {why !== '' && <span class="small-text reason">{why}</span>}
    </span>
  )
}

function meaningOfUnknown({ checks }: GroupRow): string {
  const until = checks.length === 0 ? 'a connect of a client fails' : 'a check has looked at it'
  return `Nothing is wrong: it counts as up until ${until}`
}

function healthLook({ health }: HostRow): { tone: BadgeTone; icon?: IconName } {
  if (health === 'up') return { tone: 'good', icon: 'check' }
  if (health === 'down') return { tone: 'bad', icon: 'cross' }
  return { tone: 'neutral' }
}
