// The keys that stand in the configuration: whose, which, and that one lets nobody in any more.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { type Told, useAction } from '../../parts/action.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Section } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { edit } from '../../state/edit.ts'
import { useLoadedBy } from '../../state/loaded.ts'
import { visibleLine } from '../text/visible.ts'
import type { Key } from './people.ts'
import { LockOut } from './lock-out.tsx'

export function Keys() {
  const [removing, setRemoving] = useState<Key>()
  const [isAdding, setAdding] = useState(false)
  const found = useLoadedBy(async () => (await command<readonly Key[]>('key-list')).result, '')
  return (
    <Section
      title="Keys"
      actions={
        <Can command="key-add">
          <Button small onPress={() => setAdding(true)}>
            Add a key …
          </Button>
        </Can>
      }
    >
      <Reading of={found} what="the keys" />
      {found.value && (
        <Table
          caption="Keys in the configuration"
          rows={found.value}
          keyOf={({ user, number }) => `${user} ${number}`}
          columns={columnsOf(setRemoving)}
          empty={<Empty title="No key stands in the configuration." />}
        />
      )}
      {isAdding && <AddKey onClose={() => setAdding(false)} onDone={found.refresh} />}
      {removing && (
        <RemoveKey row={removing} onClose={() => setRemoving(undefined)} onDone={found.refresh} />
      )}
    </Section>
  )
}

function columnsOf(onRemove: (key: Key) => void): readonly Column<Key>[] {
  return [
    { id: 'user', title: 'Operator', of: ({ user }) => visibleLine(user) },
    { id: 'type', title: 'Type', of: ({ type, bits }) => `${type} ${bits || ''}` },
    {
      id: 'fingerprint',
      title: 'Fingerprint',
      cell: ({ fingerprint, fault }) =>
        fault === '' ? <code>{fingerprint}</code> : <Badge tone="bad">{visibleLine(fault)}</Badge>,
    },
    { id: 'comment', title: 'Comment', of: ({ comment }) => visibleLine(comment) },
    { id: 'options', title: 'Options', of: ({ options }) => visibleLine(options) },
    {
      id: 'remove',
      title: 'Remove it',
      untitled: true,
      class: 'buttons',
      cell: (row) => (
        <Can command="key-remove">
          <IconButton
            icon="trash"
            kind="danger"
            label={`Remove key ${row.number} of ${visibleLine(row.user)}`}
            onPress={() => onRemove(row)}
          />
        </Can>
      ),
    },
  ]
}

interface DialogProps {
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function AddKey({ onClose, onDone }: DialogProps) {
  const [user, setUser] = useState('')
  const [text, setText] = useState('')
  const action = useAction(async (told: Told) => {
    await edit('key-add', { user: user.trim(), input: text }, told)
    await onDone()
  })
  const isReady = user.trim() !== '' && text.trim() !== ''
  return (
    <FormDialog title="Add a key" act="Add" action={action} onClose={onClose} isReady={isReady}>
      <Field label="Operator" value={user} onInput={setUser} required autoFocus />
      <Field
        label="Public keys"
        rows={4}
        value={text}
        onInput={setText}
        placeholder="ssh-ed25519 AAAA… name@laptop"
        hint="One a line, as in id_ed25519.pub"
        required
      />
    </FormDialog>
  )
}

function RemoveKey({ row, onClose, onDone }: DialogProps & { readonly row: Key }) {
  const [force, setForce] = useState(false)
  const { user, number, fingerprint } = row
  return (
    <Confirm
      title="Remove the key?"
      sentence={`${visibleLine(user)} gets in no more with ${fingerprint || `key ${number}`}; log-ins that are open by it end. Sessions of clients are not touched.`}
      act="Remove the key"
      onClose={onClose}
      run={async (told: Told) => {
        const key = fingerprint || String(number)
        await edit('key-remove', { user, key, ...(force ? { force } : {}) }, told)
        await onDone()
      }}
    >
      <LockOut force={force} onForce={setForce} />
    </Confirm>
  )
}
