// The frame of a view: its title in the page and in the window, what can be done with the whole, and the rest.
import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import './page.css'

interface PageProps {
  readonly title: string
  /** Beside the title: badges. */
  readonly beside?: ComponentChildren
  /** At the right: buttons. */
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

export function Page({ title, beside, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – Sluice`
  }, [title])
  // Whoever came here by a link is told where that is, and goes on from here.
  useEffect(keepFocus, [])
  return (
    <main id="main">
      <div class="page-head">
        <h1 tabIndex={-1}>{title}</h1>
        {beside}
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {children}
    </main>
  )
}

/** Where the keys begin in a view. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>('#main h1')?.focus()
}

/** Where what had the focus is gone, the keys begin at the title again. */
export function keepFocus(): void {
  if (document.activeElement === document.body) focusTitle()
}

interface SectionProps {
  readonly title: string
  readonly beside?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

export function Section({ title, beside, actions, children }: SectionProps) {
  const id = useId()
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{title}</h2>
        {beside}
        {actions && <div class="page-actions">{actions}</div>}
      </div>
      {children}
    </section>
  )
}
