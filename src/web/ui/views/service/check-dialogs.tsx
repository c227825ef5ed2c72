// Asks for a new check of a group, for other values of one, and before one is taken away.
import { useState } from 'preact/hooks'
import { Problem } from '../../api/problem.ts'
import type { CheckValues, GroupRow } from '../../api/types.ts'
import { CHECK_TYPES } from '../../api/words.ts'
import { useAction } from '../../parts/action.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { edit } from '../../state/edit.ts'
import { me } from '../../state/me.ts'
import { useStore } from '../../state/store.ts'
import { fieldsOf, nameOf, STANDARD, typedOf } from './check-text.ts'
import { groupNow } from './group-dialogs.tsx'
import { SetFields } from './set-fields.tsx'

type CheckType = CheckValues['type']

export function AddCheck({
  group: { path },
  onClose,
}: {
  readonly group: GroupRow
  readonly onClose: () => void
}) {
  const [type, setType] = useState<CheckType>('http')
  const [values, setValues] = useState(typedOf(STANDARD))
  const types = useTypes('tcp')
  const fields = fieldsOf(type)
  const adding = useAction((told) => {
    const said = fields.map(({ name }) => [name, values[name]?.trim() ?? ''] as const)
    const given = said.filter(([, value]) => value !== '')
    return edit('add-check', { group: path, type, ...Object.fromEntries(given) }, told)
  })
  return (
    <FormDialog
      title={`Add a check to ${path}`}
      act="Add the check"
      action={adding}
      onClose={onClose}
      isReady={type !== 'exec' || values['command']?.trim() !== ''}
      wide
    >
      <p>It looks at every host of the group from now on, and can take each of them out.</p>
      <Field
        label="How it looks"
        value={type}
        onInput={(next) => setType(next as CheckType)}
        options={types.map((value) => ({ value, title: TITLES[value] }))}
      />
      <div class="fields">
        {fields.map(({ of: _of, name, ...shown }) => (
          <Field
            key={name}
            {...shown}
            value={values[name] ?? ''}
            onInput={(value) => setValues({ ...values, [name]: value })}
            error={adding.problem?.faultOf(name)}
          />
        ))}
      </div>
    </FormDialog>
  )
}

const TITLES: Readonly<Record<CheckType, string>> = {
  tcp: 'tcp: connects',
  http: 'http: asks, and looks at the answer',
  exec: 'exec: runs a program',
}

/** A program runs with the rights of the balancer, so only role full may choose one. */
function useTypes(now: CheckType): readonly CheckType[] {
  const isFull = useStore(me)?.role === 'full'
  return CHECK_TYPES.filter((type) => type !== 'exec' || isFull || now === 'exec')
}

interface CheckDialogProps {
  readonly group: GroupRow
  /** From 1. */
  readonly place: number
  /** The one that is meant. */
  readonly check: CheckValues
  readonly onClose: () => void
}

export function ChangeCheck({ group: { path }, place, check, onClose }: CheckDialogProps) {
  const values = typedOf(check)
  // Without a program it cannot be one that runs it; that is another check.
  const types = useTypes(check.type).filter((type) => type !== 'exec' || check.command !== '')
  const type = { name: 'type', label: 'How it looks', options: types }
  const own = fieldsOf(check.type).map(({ name, label, hint }) => ({ name, label, hint }))
  const fields = [type, ...own].map((field) => ({ ...field, value: values[field.name] ?? '' }))
  return (
    <Dialog title={`Check ${place} of ${path}`} onClose={onClose} wide>
      <SetFields command="set-check" of={{ group: path, place }} fields={fields} />
    </Dialog>
  )
}

export function RemoveCheck({ group: { path }, place, check, onClose }: CheckDialogProps) {
  const remove = async () => {
    await requireSame(path, place, check)
    await edit('remove-check', { group: path, place })
  }
  return (
    <Confirm
      title={`Remove check ${place} of ${path}`}
      sentence={`${nameOf(check)} looks at the hosts no more. Those that it took out come back as others do; no session ends.`}
      act="Remove the check"
      onClose={onClose}
      run={remove}
    />
  )
}

/** A check is called by its place, where another one may stand by now. @throws Problem */
async function requireSame(path: string, place: number, check: CheckValues): Promise<void> {
  const now = (await groupNow(path))?.checks[place - 1]
  if (JSON.stringify(now) === JSON.stringify(check)) return
  const there = now === undefined ? 'there is none any more' : `${nameOf(now)} is there now`
  throw new Problem({
    title: 'Somebody changed it meanwhile',
    status: 412,
    detail: `check ${place} of ${path} is another one: ${there}`,
    code: 'CHANGED_MEANWHILE',
  })
}
