// In place of a list that has nothing in it: why, and what to do next.
import type { ComponentChildren } from 'preact'
import './empty.css'

interface EmptyProps {
  readonly title: string
  readonly children?: ComponentChildren
}

export function Empty({ title, children }: EmptyProps) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  )
}
