// A new token: what it is called, what it may, how long it is one; and the token itself, this once.
import { useState } from 'preact/hooks'
import type { Done } from '../../api/types.ts'
import { type Told, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { edit } from '../../state/edit.ts'
import { notice } from '../../state/notices.ts'
import { copied } from '../text/copied.ts'
import { expiryFault, nameFault, ROLE_OPTIONS } from './people.ts'

interface Made extends Done {
  readonly token: string | null
}

interface TokenDialogProps {
  readonly taken: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

export function TokenDialog({ taken, onClose, onDone }: TokenDialogProps) {
  const [made, setMade] = useState<Made>()
  if (made === undefined)
    return (
      <Make
        taken={taken}
        onClose={onClose}
        onMade={(next) => {
          setMade(next)
          void onDone()
        }}
      />
    )
  return <Shown made={made} onClose={onClose} />
}

interface MakeProps {
  readonly taken: readonly string[]
  readonly onClose: () => void
  readonly onMade: (made: Made) => void
}

function Make({ taken, onClose, onMade }: MakeProps) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('readonly')
  const [expires, setExpires] = useState('90d')
  const [nameError, expiryError] = [nameFault(name, taken), expiryFault(expires)]
  const isFine = nameError === '' && expiryError === ''
  const action = useAction(async (told: Told) => {
    onMade((await edit('token-create', { name, role, expires }, { ...told, undo: false })) as Made)
  })
  return (
    <FormDialog
      title="Make a token"
      act="Make it"
      action={action}
      onClose={onClose}
      // It is shown next, in the place of this.
      onDone={() => {}}
      isReady={isFine}
    >
      <Field
        label="Name"
        value={name}
        onInput={setName}
        hint="What its program is called"
        error={name === '' || nameError === '' ? undefined : nameError}
        required
        autoFocus
      />
      <Field label="Role" value={role} onInput={setRole} options={ROLE_OPTIONS} />
      <Field
        label="Expires"
        value={expires}
        onInput={setExpires}
        hint="A time from now (30d, 12h), never, or a date with its time"
        error={expiryError === '' ? undefined : expiryError}
      />
    </FormDialog>
  )
}

function Shown({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const token = made.token ?? ''
  return (
    <Dialog
      title="The token, this once"
      locked
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onPress={async () => notice(await copied(token, 'Token'))}>
            Copy
          </Button>
          <Button kind="primary" onPress={onClose}>
            I have it
          </Button>
        </>
      }
    >
      <p>{made.message}.</p>
      <pre class="boxed token" tabIndex={0} aria-label="The token">
        <code>{token}</code>
      </pre>
      <p class="muted">
        It is kept nowhere and never shown again. A program sends it as{' '}
        <code>Authorization: Bearer …</code>
      </p>
      {made.candidate === true && (
        <p class="warn">It is in your candidate: it lets nobody in until you commit that.</p>
      )}
    </Dialog>
  )
}
