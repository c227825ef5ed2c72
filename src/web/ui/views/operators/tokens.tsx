// The tokens by which programs get in: made and shown once, and revoked.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { type Told } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { edit } from '../../state/edit.ts'
import { useLoadedBy } from '../../state/loaded.ts'
import { serverNow } from '../../state/server-clock.ts'
import { visibleLine } from '../text/visible.ts'
import { expiryText, isSoon, type Token } from './people.ts'
import { TokenDialog } from './token-dialog.tsx'

export function Tokens() {
  const [isMaking, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Token>()
  const found = useLoadedBy(async () => (await command<readonly Token[]>('token-list')).result, '')
  const rows = found.value ?? []
  return (
    <Section
      title="Tokens of programs"
      actions={
        <Can command="token-create">
          <Button small onPress={() => setMaking(true)}>
            Make a token …
          </Button>
        </Can>
      }
    >
      <Reading of={found} what="the tokens" />
      {found.value && (
        <Table
          caption="Tokens"
          rows={rows}
          keyOf={({ name }) => name}
          columns={columnsOf(setRemoving)}
          empty={<Empty title="No program gets in by a token." />}
        />
      )}
      {isMaking && (
        <TokenDialog
          taken={rows.map(({ name }) => name)}
          onClose={() => setMaking(false)}
          onDone={found.refresh}
        />
      )}
      {removing && (
        <Confirm
          title={`Revoke the token ${visibleLine(removing.name)}?`}
          sentence={`Whatever uses ${visibleLine(removing.name)} is refused from now on; the token cannot be brought back. Sessions of clients are not touched.`}
          act="Revoke it"
          onClose={() => setRemoving(undefined)}
          run={async (told: Told) => {
            await edit('token-remove', { token: removing.name }, { ...told, undo: false })
            await found.refresh()
          }}
        />
      )}
    </Section>
  )
}

function columnsOf(onRemove: (token: Token) => void): readonly Column<Token>[] {
  const now = serverNow()
  return [
    { id: 'name', title: 'Token', of: ({ name }) => visibleLine(name) },
    { id: 'role', title: 'Role', of: ({ role }) => role },
    {
      id: 'expires',
      title: 'Expires',
      of: ({ expires }) => expires,
      cell: (token) => (
        <span title={token.expires ?? ''}>
          {isSoon(token, now) ? (
            <Badge tone={token.expired ? 'bad' : 'warn'}>{expiryText(token, now)}</Badge>
          ) : (
            expiryText(token, now)
          )}
        </span>
      ),
    },
    {
      id: 'remove',
      title: 'Revoke it',
      untitled: true,
      class: 'buttons',
      cell: (token) => (
        <Can command="token-remove">
          <IconButton
            icon="trash"
            kind="danger"
            label={`Revoke ${visibleLine(token.name)}`}
            onPress={() => onRemove(token)}
          />
        </Can>
      ),
    },
  ]
}
