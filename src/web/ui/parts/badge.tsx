// A state in one word: the colour says it again, never alone.
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './badge.css'

export type BadgeTone = 'neutral' | 'good' | 'warn' | 'bad' | 'accent'

interface BadgeProps {
  readonly children: ComponentChildren
  readonly tone?: BadgeTone
  readonly icon?: IconName
  /** More words, when pointed at. */
  readonly title?: string
}

export function Badge({ children, tone = 'neutral', icon, title }: BadgeProps) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  )
}
