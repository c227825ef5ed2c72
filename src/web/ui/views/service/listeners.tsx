// The addresses at which clients of a service come in: opened, moved, set up, closed.
import { useState } from 'preact/hooks'
import type { ListenerRow } from '../../api/types.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { short } from '../../text/format.ts'
import { useAsked } from './asked.tsx'
import {
  CloseListener,
  ListenerSettings,
  MoveListener,
  OpenListener,
  textOfList,
} from './listener-dialogs.tsx'

interface ListenersProps {
  readonly service: string
  readonly listeners: readonly ListenerRow[]
}

type Question = 'move' | 'settings' | 'close'
type Ask = (what: Question, path: string) => void

export function Listeners({ service, listeners }: ListenersProps) {
  const [isOpening, setOpening] = useState(false)
  const { asked, ask, close } = useAsked<Question, ListenerRow>(listeners)
  return (
    <Section
      title="Listeners"
      actions={
        <Can command="listen-add">
          <Button onPress={() => setOpening(true)}>
            <Icon name="plus" />
            Open a port
          </Button>
        </Can>
      }
    >
      <Table
        caption={`Listeners of ${service}`}
        columns={columnsOf(ask)}
        rows={listeners}
        keyOf={({ path }) => path}
        empty={
          <Empty title="No port is open.">
            <p>Clients of this service have nowhere to come in.</p>
          </Empty>
        }
      />
      {isOpening && <OpenListener service={service} onClose={() => setOpening(false)} />}
      {asked?.what === 'move' && <MoveListener listener={asked.row} onClose={close} />}
      {asked?.what === 'settings' && (
        <ListenerSettings listener={asked.row} isGone={asked.isGone} onClose={close} />
      )}
      {asked?.what === 'close' && <CloseListener listener={asked.row} onClose={close} />}
    </Section>
  )
}

function columnsOf(ask: Ask): readonly Column<ListenerRow>[] {
  return [
    {
      id: 'address',
      title: 'Address',
      of: ({ address }) => address,
      cell: (listener) => <Address listener={listener} />,
    },
    {
      id: 'state',
      title: 'State',
      of: ({ state }) => state,
      cell: ({ state }) => (
        <Badge tone={state === 'open' ? 'good' : 'bad'} icon={state === 'open' ? 'check' : 'cross'}>
          {state}
        </Badge>
      ),
    },
    {
      id: 'max',
      title: 'Sessions at most',
      of: ({ maxSessions }) => maxSessions,
      cell: ({ maxSessions }) => (maxSessions === 0 ? 'no limit' : short(maxSessions)),
      right: true,
    },
    { id: 'who', title: 'Who may', cell: (listener) => whoMay(listener) },
    {
      id: 'buttons',
      title: 'What can be done',
      untitled: true,
      class: 'buttons',
      cell: ({ path }) => <Buttons path={path} ask={ask} />,
    },
  ]
}

function Address({ listener: { address, bound } }: { readonly listener: ListenerRow }) {
  return (
    <span class="row">
      <code>{address}</code>
      {bound !== '' && bound !== address && <span class="muted small-text">at {bound}</span>}
    </span>
  )
}

function whoMay({ allow, deny, proxy }: ListenerRow): string {
  const [allowed, denied] = [textOfList(allow), textOfList(deny)]
  const who = allowed === '' ? 'everybody' : allowed
  const but = denied === '' ? '' : ` but not ${denied}`
  return `${who}${but}${proxy === 'require' ? ', with a PROXY header' : ''}`
}

function Buttons({ path, ask }: { readonly path: string; readonly ask: Ask }) {
  return (
    <span class="row">
      <Can command="listen-move">
        <Button small onPress={() => ask('move', path)}>
          Move
        </Button>
      </Can>
      <Button small onPress={() => ask('settings', path)}>
        Settings
      </Button>
      <Can command="listen-remove">
        <Button small onPress={() => ask('close', path)}>
          Close
        </Button>
      </Can>
    </span>
  )
}
