// Adding, changing and removing an operator. A password goes to the server as what is read, never as part of a line that is
// kept.
import { useState } from 'preact/hooks'
import { PROOFS } from '../../api/words.ts'
import { type Told, useAction } from '../../parts/action.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { edit } from '../../state/edit.ts'
import { visibleLine } from '../text/visible.ts'
import { LockOut } from './lock-out.tsx'
import { nameFault, proofText, removalText, ROLE_OPTIONS, type User } from './people.ts'

interface DialogProps {
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

export function AddUser({
  taken,
  onClose,
  onDone,
}: DialogProps & { readonly taken: readonly string[] }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('readonly')
  const [password, setPassword] = useState('')
  const [key, setKey] = useState('')
  const fault = nameFault(name, taken)
  const action = useAction(async (told: Told) => {
    // What was done stays done where the next step is refused, and the list shows it.
    try {
      await edit('user-add', { name, role }, { ...told, undo: false })
      if (password !== '') await setPasswordOf(name, password, told)
      if (key.trim() !== '')
        await edit('key-add', { user: name, input: key }, { ...told, undo: false })
    } finally {
      await onDone()
    }
  })
  return (
    <FormDialog
      title="Add an operator"
      act="Add"
      action={action}
      onClose={onClose}
      isReady={fault === ''}
    >
      <Field
        label="Name"
        value={name}
        onInput={setName}
        error={name === '' || fault === '' ? undefined : fault}
        required
        autoFocus
      />
      <Field label="Role" value={role} onInput={setRole} options={ROLE_OPTIONS} />
      <Field
        label="Password"
        type="password"
        value={password}
        onInput={setPassword}
        autoComplete="new-password"
        hint="Left out: a key lets in. Only its hash is kept."
      />
      <Field
        label="Public keys"
        rows={3}
        value={key}
        onInput={setKey}
        placeholder="ssh-ed25519 AAAA… name@laptop"
        hint="One a line, as in id_ed25519.pub"
      />
    </FormDialog>
  )
}

export function ChangeUser({ user, onClose, onDone }: DialogProps & { readonly user: User }) {
  const [role, setRole] = useState(user.role)
  const [auth, setAuth] = useState(user.auth)
  const [password, setPassword] = useState('')
  const [force, setForce] = useState(false)
  const action = useAction(async (told: Told) => {
    const { name } = user
    const set = (field: string, value: string) =>
      edit('user-set', { user: name, field, value, ...(force ? { force } : {}) }, told)
    try {
      // What is asked for comes last: it may need the password that is set here.
      if (password !== '') await setPasswordOf(name, password, told)
      if (role !== user.role) await set('role', role)
      if (auth !== user.auth) await set('auth', auth)
    } finally {
      await onDone()
    }
  })
  const isSame = role === user.role && auth === user.auth && password === ''
  return (
    <FormDialog
      title={`Change ${visibleLine(user.name)}`}
      act="Change"
      action={action}
      onClose={onClose}
      isReady={!isSame}
    >
      <p class="muted">
        Has {proofText(user)}. Another role counts for log-ins that are open, too.
      </p>
      <Field label="Role" value={role} onInput={setRole} options={ROLE_OPTIONS} />
      <Field label="Asked for at log-in" value={auth} onInput={setAuth} options={PROOFS} />
      <Field
        label="New password"
        type="password"
        value={password}
        onInput={setPassword}
        autoComplete="new-password"
        hint="Left out: it stays as it is"
      />
      <LockOut force={force} onForce={setForce} />
    </FormDialog>
  )
}

export function RemoveUser({ user, onClose, onDone }: DialogProps & { readonly user: User }) {
  const [force, setForce] = useState(false)
  return (
    <Confirm
      title={`Remove ${visibleLine(user.name)}?`}
      sentence={removalText({ ...user, name: visibleLine(user.name) })}
      act="Remove the operator"
      onClose={onClose}
      run={async (told: Told) => {
        await edit('user-remove', { user: user.name, ...(force ? { force } : {}) }, told)
        await onDone()
      }}
    >
      <LockOut force={force} onForce={setForce} />
    </Confirm>
  )
}

/** @throws Problem */
async function setPasswordOf(user: string, password: string, told: Told): Promise<void> {
  await edit('user-set', { user, field: 'password', input: password }, { ...told, undo: false })
}
