// Everything that is pressed: buttons in three weights, buttons that are only a sign, and links that look like buttons.
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './button.css'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onPress?: () => unknown
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly type?: 'button' | 'submit'
  readonly small?: boolean
  /** Under way: cannot be pressed again, and says so. */
  readonly busy?: boolean
  readonly disabled?: boolean
  /** Why it cannot be pressed, or what it does in more words. */
  readonly title?: string
  readonly pressed?: boolean
  readonly autoFocus?: boolean
}

export function Button(props: ButtonProps) {
  const { children, onPress, kind = 'plain', type = 'button', small, busy, ...rest } = props
  const { disabled, title, pressed, autoFocus } = rest
  return (
    <button
      type={type}
      class={`button ${kind}${small ? ' small' : ''}`}
      disabled={disabled}
      // One that is disabled would lose the focus.
      aria-disabled={busy || undefined}
      aria-busy={busy}
      aria-pressed={pressed}
      title={title}
      autoFocus={autoFocus}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else void onPress?.()
      }}
    >
      {busy && <span class="spinner" aria-hidden="true" />}
      {children}
    </button>
  )
}

interface IconButtonProps {
  readonly icon: IconName
  /** Read out, and shown when pointed at. */
  readonly label: string
  readonly onPress: () => unknown
  readonly kind?: 'quiet' | 'danger'
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly expanded?: boolean
}

export function IconButton(props: IconButtonProps) {
  const { icon, label, onPress, kind = 'quiet', disabled, pressed, expanded } = props
  return (
    <button
      type="button"
      class={`icon-button ${kind}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={() => void onPress()}
    >
      <Icon name={icon} />
    </button>
  )
}
