// The columns of the table of hosts.
import type { GroupRow } from '../../api/types.ts'
import type { Column } from '../../parts/table.tsx'
import { bytesPerSecond, perSecond, short } from '../../text/format.ts'
import { HostButtons } from './host-buttons.tsx'
import { HealthBadge, IntentBadge } from './host-state.tsx'
import type { LiveHost } from './live-host.ts'
import { Weight } from './weight.tsx'

interface Shown {
  /** Of the weight sliders. */
  readonly end: number
  readonly group: GroupRow
  readonly ask: (what: HostQuestion, path: string) => void
}

export type HostQuestion = 'details' | 'drain' | 'disable'

export function hostColumns({ end, group, ask }: Shown): readonly Column<LiveHost>[] {
  return [
    {
      id: 'name',
      title: 'Host',
      of: ({ name }) => name,
      cell: ({ name, path, address }) => (
        <button
          type="button"
          class="name-button"
          title={`Details of ${path}`}
          onClick={() => ask('details', path)}
        >
          {name} <span class="muted mono address">{address}</span>
        </button>
      ),
    },
    {
      id: 'weight',
      title: 'Weight',
      of: ({ weight }) => weight,
      cell: (host) => <Weight host={host} end={end} />,
    },
    {
      id: 'intent',
      title: 'Intent',
      of: ({ intent }) => intent,
      cell: (host) => <IntentBadge host={host} />,
    },
    {
      id: 'health',
      title: 'Health',
      of: ({ health }) => health,
      cell: (host) => <HealthBadge host={host} group={group} />,
    },
    {
      id: 'open',
      title: 'Open',
      of: (host) => host.open,
      cell: (host) => short(host.open),
      right: true,
    },
    ...rates(),
    {
      id: 'buttons',
      title: 'What can be done',
      untitled: true,
      class: 'buttons',
      cell: (host) => (
        <HostButtons
          host={host}
          ask={(what) => ask(what, host.path)}
          onDetails={() => ask('details', host.path)}
        />
      ),
    },
  ]
}

function rates(): readonly Column<LiveHost>[] {
  return [
    {
      id: 'sessions',
      title: 'Sessions',
      of: ({ sessionsPerSecond }) => sessionsPerSecond,
      cell: ({ sessionsPerSecond: rate }) => (rate === null ? '–' : perSecond(rate)),
      right: true,
    },
    {
      id: 'bytes',
      title: 'Traffic',
      of: (host) => host.bytesPerSecond,
      cell: ({ bytesPerSecond: rate }) => (rate === null ? '–' : bytesPerSecond(rate)),
      right: true,
    },
    {
      id: 'failed',
      title: 'Failed',
      of: ({ failed }) => failed,
      cell: ({ failed }) => (failed === 0 ? '0' : <span class="bad">{short(failed)}</span>),
      right: true,
    },
  ]
}
