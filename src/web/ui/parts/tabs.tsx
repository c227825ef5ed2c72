// A few views of one thing of which one is shown: arrow keys go from one title to the next.
import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import './tabs.css'

interface TabsProps<Id extends string> {
  /** What they are views of, read out. */
  readonly label: string
  readonly tabs: readonly { readonly id: Id; readonly title: ComponentChildren }[]
  readonly shown: Id
  readonly onShow: (id: Id) => void
  readonly children: ComponentChildren
}

export function Tabs<Id extends string>({ label, tabs, shown, onShow, children }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null)
  const base = useId()
  const step = (event: KeyboardEvent) => {
    const now = tabs.findIndex(({ id }) => id === shown)
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const at = (to + tabs.length) % tabs.length
    const next = tabs[at]
    if (next === undefined) return
    onShow(next.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={step}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${base}-${id}`}
            aria-selected={id === shown}
            aria-controls={`${base}-panel`}
            tabIndex={id === shown ? 0 : -1}
            onClick={() => onShow(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${shown}`}>
        {children}
      </div>
    </div>
  )
}
