// Who may log in: role, what is asked for, keys; added, changed and removed.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { useLoadedBy } from '../../state/loaded.ts'
import { visibleLine } from '../text/visible.ts'
import { type User } from './people.ts'
import { AddUser, ChangeUser, RemoveUser } from './user-dialogs.tsx'

type Asked =
  | { readonly kind: 'add' }
  | { readonly kind: 'change'; readonly user: User }
  | { readonly kind: 'remove'; readonly user: User }

export function Users() {
  const [asked, setAsked] = useState<Asked>()
  const found = useLoadedBy(async () => (await command<readonly User[]>('user-list')).result, '')
  const close = () => setAsked(undefined)
  const rows = found.value ?? []
  return (
    <Section
      title="Who may log in"
      actions={
        <Can command="user-add">
          <Button small onPress={() => setAsked({ kind: 'add' })}>
            Add an operator …
          </Button>
        </Can>
      }
    >
      <Reading of={found} what="the operators" />
      {found.value && (
        <Table
          caption="Operators"
          rows={rows}
          keyOf={({ name }) => name}
          columns={columnsOf(setAsked)}
          empty={<Empty title="Nobody may log in." />}
        />
      )}
      {asked?.kind === 'add' && (
        <AddUser taken={rows.map(({ name }) => name)} onClose={close} onDone={found.refresh} />
      )}
      {asked?.kind === 'change' && (
        <ChangeUser user={asked.user} onClose={close} onDone={found.refresh} />
      )}
      {asked?.kind === 'remove' && (
        <RemoveUser user={asked.user} onClose={close} onDone={found.refresh} />
      )}
    </Section>
  )
}

function columnsOf(onAsk: (asked: Asked) => void): readonly Column<User>[] {
  return [
    { id: 'name', title: 'Operator', of: ({ name }) => visibleLine(name) },
    { id: 'role', title: 'Role', of: ({ role }) => role },
    { id: 'auth', title: 'Asked for', of: ({ auth }) => auth },
    { id: 'password', title: 'Password', of: ({ password }) => (password ? 'set' : 'none') },
    { id: 'keys', title: 'Keys', of: ({ keys }) => keys, right: true },
    { id: 'logins', title: 'Logged in', of: ({ logins }) => logins, right: true },
    {
      id: 'acts',
      title: 'Change or remove',
      untitled: true,
      class: 'buttons',
      cell: (user) => (
        <div class="row">
          <Can command="user-set">
            <IconButton
              icon="edit"
              label={`Change ${visibleLine(user.name)}`}
              onPress={() => onAsk({ kind: 'change', user })}
            />
          </Can>
          <Can command="user-remove">
            <IconButton
              icon="trash"
              kind="danger"
              label={`Remove ${visibleLine(user.name)}`}
              onPress={() => onAsk({ kind: 'remove', user })}
            />
          </Can>
        </div>
      ),
    },
  ]
}
