// Asks for a new host of a group.
import { useState } from 'preact/hooks'
import type { Problem } from '../../api/problem.ts'
import { useAction } from '../../parts/action.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { edit } from '../../state/edit.ts'

interface AddHostProps {
  /** Its path. */
  readonly group: string
  readonly onClose: () => void
}

const EMPTY = { name: '', address: '', weight: '1', state: 'enabled' }

export function AddHost({ group, onClose }: AddHostProps) {
  const [values, setValues] = useState(EMPTY)
  const adding = useAction(() => {
    const { name, ...rest } = values
    return edit('add-host', { place: `${group}/${name.trim()}`, ...rest })
  })
  const isWhole = values.name.trim() !== '' && values.address.trim() !== ''
  return (
    <FormDialog
      title={`Add a host to ${group}`}
      act="Add the host"
      action={adding}
      onClose={onClose}
      isReady={isWhole}
    >
      <Fields values={values} onValues={setValues} problem={adding.problem} />
    </FormDialog>
  )
}

interface FieldsProps {
  readonly values: typeof EMPTY
  readonly onValues: (values: typeof EMPTY) => void
  readonly problem: Problem | undefined
}

function Fields({ values, onValues, problem }: FieldsProps) {
  const of = (name: keyof typeof EMPTY) => ({
    value: values[name],
    onInput: (value: string) => onValues({ ...values, [name]: value }),
    error: problem?.faultOf(name),
  })
  return (
    <>
      <Field label="Name" {...of('name')} required autoFocus />
      <Field
        label="Address"
        {...of('address')}
        hint="Where it listens: 10.0.0.4:80, [2001:db8::7]:80, name.example:80."
        required
      />
      <div class="fields">
        <Field label="Weight" {...of('weight')} type="number" min={0} max={256} />
        <Field label="State" {...of('state')} options={STATES} />
      </div>
    </>
  )
}

const STATES = [
  { value: 'enabled', title: 'enabled: gets sessions' },
  { value: 'disabled', title: 'disabled: waits' },
] as const
