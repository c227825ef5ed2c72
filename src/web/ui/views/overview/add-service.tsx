// Asks for the name of a new service, and goes there: its view says what comes next.
import { useState } from 'preact/hooks'
import { useAction } from '../../parts/action.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { go } from '../../router.ts'
import { edit } from '../../state/edit.ts'

export function AddService({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const adding = useAction(async () => {
    await edit('add-service', { name: name.trim() })
    go({ view: 'service', name: name.trim() })
  })
  return (
    <FormDialog
      title="Add a service"
      act="Add the service"
      action={adding}
      onClose={onClose}
      isReady={name.trim() !== ''}
    >
      <Field
        label="Name"
        value={name}
        onInput={setName}
        hint="It takes clients once it has a listener and a group with hosts."
        error={adding.problem?.faultOf('name')}
        autoFocus
        required
      />
    </FormDialog>
  )
}
