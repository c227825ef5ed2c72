// The settings of one thing: each that was changed is one `set` command, so that each is refused, told and undone alone.
import { useState } from 'preact/hooks'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { useMay } from '../../state/commands.ts'

export interface SettableField {
  /** As it is typed behind `set`: `connectTimeout`. */
  readonly name: string
  readonly label: string
  /** As it is now, as it is typed. */
  readonly value: string
  readonly hint?: string
  readonly options?: readonly string[]
}

interface SetFieldsProps {
  /** `set-group` */
  readonly command: string
  /** Whose they are: the arguments in front of the field. */
  readonly of: Readonly<Record<string, unknown>>
  readonly fields: readonly SettableField[]
  readonly onDone?: () => void
}

export function SetFields({ command, of, fields, onDone }: SetFieldsProps) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({})
  const [refused, setRefused] = useState<string>()
  const isAllowed = useMay(command)
  const changed = fields.filter(({ name, value }) => (drafts[name] ?? value) !== value)
  const setting = useAction(async () => {
    setRefused(undefined)
    for (const { name } of changed) {
      setRefused(name)
      await edit(command, { ...of, field: name, value: drafts[name] ?? '' })
    }
    setRefused(undefined)
    setDrafts({})
    onDone?.()
  })
  return (
    <div class="stack settings">
      <div class="fields">
        {fields.map(({ name, value, ...shown }) => (
          <Field
            key={name}
            {...shown}
            value={drafts[name] ?? value}
            disabled={!isAllowed || setting.busy}
            error={refused === name ? setting.problem?.detail : undefined}
            onInput={(draft) => setDrafts({ ...drafts, [name]: draft })}
          />
        ))}
      </div>
      <ProblemText problem={refused === undefined ? setting.problem : undefined} />
      {isAllowed && (
        <div class="row">
          <Button
            kind="primary"
            busy={setting.busy}
            disabled={changed.length === 0}
            onPress={() => setting.start()}
          >
            {changed.length > 1 ? `Set ${changed.length} fields` : 'Set'}
          </Button>
        </div>
      )}
    </div>
  )
}
