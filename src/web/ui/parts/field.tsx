// One value that is asked for: its label, where it is typed or chosen, what is accepted, and what is wrong with it.
import { useId } from 'preact/hooks'
import './field.css'

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  /** What is accepted, or what it does. */
  readonly hint?: string
  /** What is wrong with it, as the server said: `problem?.faultOf('weight')`. */
  readonly error?: string | undefined
  readonly type?: 'text' | 'password' | 'number' | 'search'
  readonly name?: string
  readonly min?: number
  readonly max?: number
  readonly placeholder?: string
  readonly required?: boolean
  readonly disabled?: boolean
  readonly autoFocus?: boolean
  readonly autoComplete?: string
  /** Instead of typing: the values there are. */
  readonly options?: readonly (string | { readonly value: string; readonly title: string })[]
  /** More than one line. */
  readonly rows?: number
}

export function Field(props: FieldProps) {
  const { label, ...input } = props
  const { hint, error, required } = input
  const id = useId()
  return (
    <div class={error === undefined ? 'field' : 'field wrong'}>
      <label for={id}>
        {label}
        {required && <span class="muted"> (required)</span>}
      </label>
      <Input {...input} id={id} />
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {error}
        </p>
      )}
    </div>
  )
}

function Input({ id, ...props }: Omit<FieldProps, 'label'> & { readonly id: string }) {
  const { value, onInput, hint, error, options, rows, autoComplete = 'off', ...rest } = props
  const described = [hint && `${id}-hint`, error && `${id}-fault`].filter(Boolean).join(' ')
  const shared = {
    id,
    value,
    ...rest,
    'aria-describedby': described || undefined,
    'aria-invalid': error === undefined ? undefined : ('true' as const),
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      onInput(currentTarget.value)
    },
  }
  if (rows !== undefined)
    return <textarea {...shared} rows={rows} spellcheck={false} autocomplete="off" />
  if (options !== undefined) return <Choice {...shared} options={options} />
  // The element is typed once for each kind of input; these all take the same.
  const typed = { ...shared, type: (rest.type ?? 'text') as 'text' }
  return <input {...typed} autocomplete={autoComplete} spellcheck={false} autocapitalize="off" />
}

type ChoiceProps = Required<Pick<FieldProps, 'options'>> & { readonly id: string }

function Choice({ options, ...rest }: ChoiceProps) {
  return (
    <select {...rest}>
      {options.map((option) => {
        const { value, title } =
          typeof option === 'string' ? { value: option, title: option } : option
        return (
          <option key={value} value={value}>
            {title}
          </option>
        )
      })}
    </select>
  )
}

interface CheckboxProps {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly hint?: string
  readonly disabled?: boolean
}

export function Checkbox({ label, checked, onChange, hint, disabled }: CheckboxProps) {
  const id = useId()
  return (
    <div class="field checkbox">
      <input
        type="checkbox"
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
