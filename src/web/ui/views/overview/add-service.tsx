// Asks for the name of a new service, and goes there: its view says what comes next.
import { useState } from 'preact/hooks'
import { useAction } from '../../parts/action.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { go } from '../../router.ts'
import { edit } from '../../state/edit.ts'
import { services } from '../../state/services.ts'

export function AddService({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const adding = useAction(async () => {
    const { candidate } = await edit('add-service', { name: name.trim() })
    // One of a candidate is not there yet.
    if (candidate) return
    // Its view says that there is none, until it is known.
    await services.refresh()
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
