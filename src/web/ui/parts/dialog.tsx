// A question in front of everything else: the browser's own dialog, which keeps the focus inside, closes with Esc and gives
// the focus back to what was pressed.
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { IconButton } from './button.tsx'
import { focusTitle } from './page.tsx'
import './dialog.css'

interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly onClose: () => void
  /** Buttons, last the one that does it. */
  readonly actions?: ComponentChildren
  /** Enter in a field does it as well. */
  readonly onSubmit?: () => unknown
  readonly wide?: boolean
  /** While something is under way it cannot be closed by mistake. */
  readonly locked?: boolean
}

export function Dialog(props: DialogProps) {
  const { title, children, onClose, actions, onSubmit, wide, locked } = props
  const element = useRef<HTMLDialogElement>(null)
  const isOver = useRef(false)
  const id = useId()
  // At once, so that keys go where they should from the first one to the first one after it.
  useLayoutEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      isOver.current = true
      dialog?.close()
      giveFocusTo(before)
    }
  }, [])
  const leave = (event: Event) => {
    event.preventDefault()
    if (!locked) onClose()
  }
  // A browser closes one by itself when Esc is pressed twice, whatever was said to the first.
  const closed = () => {
    if (isOver.current) return
    if (locked) element.current?.showModal()
    else onClose()
  }
  const submit = (event: Event) => {
    event.preventDefault()
    void onSubmit?.()
  }
  return (
    <dialog
      ref={element}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={leave}
      onClose={closed}
    >
      <form onSubmit={submit} noValidate>
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label="Close" onPress={onClose} disabled={locked ?? false} />
        </header>
        <Body>{children}</Body>
        {actions && <footer>{actions}</footer>}
      </form>
    </dialog>
  )
}

/** What was pressed may be gone by now: a host that was removed, say. */
function giveFocusTo(before: Element | null): void {
  if (before === null || before === document.body) return
  if (before instanceof HTMLElement && before.isConnected) before.focus()
  else focusTitle()
}

/** What is longer than the screen is scrolled with keys as well, so the focus has to get there. */
function Body({ children }: { readonly children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null)
  const [isLong, setLong] = useState(false)
  useLayoutEffect(() => {
    const { scrollHeight = 0, clientHeight = 0 } = element.current ?? {}
    setLong(scrollHeight > clientHeight)
  })
  return (
    <div ref={element} class="dialog-body" tabIndex={isLong ? 0 : undefined}>
      {children}
    </div>
  )
}
