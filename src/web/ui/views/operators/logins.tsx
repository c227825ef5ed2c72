// Who is logged in now: from where, how, since when; and the end of a log-in.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import type { Me } from '../../api/types.ts'
import { type Told } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { edit } from '../../state/edit.ts'
import { useLoadedBy } from '../../state/loaded.ts'
import { me } from '../../state/me.ts'
import { useStore } from '../../state/store.ts'
import { moment, span } from '../../text/format.ts'
import { useWhileVisible } from '../live/while-visible.ts'
import { visibleLine } from '../text/visible.ts'
import { type Login, mayLogOut } from './people.ts'

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 5_000

export function Logins() {
  const who = useStore(me)
  const [ending, setEnding] = useState<Login>()
  const found = useLoadedBy(
    async () => (await command<readonly Login[]>('show-operators')).result,
    '',
  )
  useWhileVisible(found.refresh, LOOK_MS, ending === undefined)
  if (!who) return null
  return (
    <Section title="Logged in now">
      <Reading of={found} what="who is here" />
      {found.value && (
        <Table
          caption="Log-ins"
          rows={found.value}
          keyOf={({ id }) => id}
          columns={columnsOf(who, setEnding)}
        />
      )}
      {ending && (
        <Confirm
          title={`Log out ${visibleLine(ending.operator)}?`}
          sentence={sentenceOf(ending, who)}
          act="Log out"
          onClose={() => setEnding(undefined)}
          run={async (told: Told) => {
            await edit('logout', { who: String(ending.id) }, { ...told, undo: false })
            await found.refresh()
          }}
        />
      )}
    </Section>
  )
}

function sentenceOf({ id, address, how, operator }: Login, who: Me): string {
  const which = `Log-in ${id} from ${visibleLine(address)}, ${visibleLine(how)}, ends at once`
  const told =
    id === who.login
      ? 'That is this page'
      : `${visibleLine(operator)} is told by whom and may log in again`
  return `${which}. ${told}. Sessions of clients are not touched.`
}

function columnsOf(who: Me, onEnd: (login: Login) => void): readonly Column<Login>[] {
  return [
    {
      id: 'operator',
      title: 'Operator',
      of: ({ operator }) => operator,
      cell: ({ operator, id }) => (
        <span class="row">
          {visibleLine(operator)} {id === who.login && <Badge tone="accent">this page</Badge>}
        </span>
      ),
    },
    { id: 'role', title: 'Role', of: ({ role }) => role },
    { id: 'from', title: 'From', of: ({ address }) => visibleLine(address) },
    { id: 'how', title: 'How', of: ({ how }) => visibleLine(how) },
    { id: 'open', title: 'Open', of: ({ channels }) => visibleLine(channels.join(', ')) },
    { id: 'since', title: 'Since', of: ({ since }) => since, cell: ({ since }) => moment(since) },
    {
      id: 'idle',
      title: 'Idle',
      of: ({ idleMs }) => idleMs,
      cell: ({ idleMs }) => span(idleMs),
      right: true,
    },
    {
      id: 'end',
      title: 'End it',
      untitled: true,
      class: 'buttons',
      cell: (login) =>
        mayLogOut(login, who) && (
          <Can command="logout">
            <Button small onPress={() => onEnd(login)} title={`End log-in ${login.id}`}>
              Log out …
            </Button>
          </Can>
        ),
    },
  ]
}
