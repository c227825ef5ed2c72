// A page of sessions as a table. Clients and hosts are filters when they are pressed.
import type { SessionRow } from '../../api/types.ts'
import { IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { bytes, span } from '../../text/format.ts'
import { serverNow } from '../../state/server-clock.ts'
import { visibleLine } from '../text/visible.ts'
import { clientIp, hostPathOf, type KillAim, type SessionFilter } from './session-filter.ts'

interface SessionTableProps {
  readonly rows: readonly SessionRow[]
  readonly onShow: (id: number) => void
  readonly onAim: (aim: KillAim) => void
  readonly onFilter: (more: Partial<SessionFilter>) => void
}

export function SessionTable({ rows, ...acts }: SessionTableProps) {
  if (rows.length === 0) return null
  return (
    <Table caption="Open sessions" rows={rows} keyOf={({ id }) => id} columns={columnsOf(acts)} />
  )
}

const FIGURES: readonly Column<SessionRow>[] = [
  { id: 'listener', title: 'Listener', of: ({ listener }) => visibleLine(listener) },
  { id: 'step', title: 'Step', of: ({ step }) => visibleLine(step) },
  { id: 'age', title: 'Open for', of: ageOf, cell: (row) => span(ageOf(row)), right: true },
  {
    id: 'idle',
    title: 'Idle',
    of: ({ idleMs }) => idleMs,
    cell: ({ idleMs }) => span(idleMs),
    right: true,
  },
  {
    id: 'fromClient',
    title: 'From client',
    of: ({ bytesFromClient }) => bytesFromClient,
    cell: ({ bytesFromClient }) => bytes(bytesFromClient),
    right: true,
  },
  {
    id: 'fromHost',
    title: 'From host',
    of: ({ bytesFromHost }) => bytesFromHost,
    cell: ({ bytesFromHost }) => bytes(bytesFromHost),
    right: true,
  },
]

type Acts = Omit<SessionTableProps, 'rows'>

function columnsOf({ onShow, onAim, onFilter }: Acts): readonly Column<SessionRow>[] {
  return [
    {
      id: 'id',
      title: 'Session',
      of: ({ id }) => id,
      cell: ({ id }) => (
        <Pressed text={String(id)} title="Details of this session" onPress={() => onShow(id)} />
      ),
    },
    {
      id: 'client',
      title: 'Client',
      of: ({ client }) => client,
      cell: ({ client }) => <ClientCell client={client} onFilter={onFilter} />,
    },
    {
      id: 'host',
      title: 'Host',
      of: hostPathOf,
      cell: (row) => <HostCell path={hostPathOf(row)} onFilter={onFilter} />,
    },
    ...FIGURES,
    {
      id: 'end',
      title: 'End it',
      untitled: true,
      class: 'buttons',
      cell: ({ id }) => <EndCell id={id} onAim={onAim} />,
    },
  ]
}

function ClientCell({ client, onFilter }: Pick<Acts, 'onFilter'> & { readonly client: string }) {
  const ip = clientIp(client)
  const only = () => onFilter({ client: ip })
  return <Pressed text={visibleLine(client)} title={`Only from ${ip}`} onPress={only} />
}

function HostCell({ path, onFilter }: Pick<Acts, 'onFilter'> & { readonly path: string }) {
  const only = () => onFilter({ scope: path })
  return <Pressed text={visibleLine(path)} title={`Only of ${path}`} onPress={only} />
}

function EndCell({ id, onAim }: Pick<Acts, 'onAim'> & { readonly id: number }) {
  const end = () => onAim({ kind: 'session', id })
  return (
    <Can command="kill-session">
      <IconButton icon="cross" kind="danger" label={`End session ${id}`} onPress={end} />
    </Can>
  )
}

interface PressedProps {
  readonly text: string
  readonly title: string
  readonly onPress: () => void
}

function Pressed({ text, title, onPress }: PressedProps) {
  if (text === '') return <span class="muted">–</span>
  return (
    <button type="button" class="text-button" title={title} onClick={onPress}>
      {text}
    </button>
  )
}

function ageOf({ since }: SessionRow): number {
  return Math.max(0, serverNow() - Date.parse(since))
}
