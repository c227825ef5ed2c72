// One figure of the traffic: what it is called, how much it is now, and its curve of the last two minutes.
import type { Ring } from '../state/ring.ts'
import { Sparkline } from './sparkline.tsx'
import './figure.css'

interface FigureProps {
  readonly title: string
  readonly value: string
  readonly ring: Ring
  readonly tone?: 'accent' | 'good' | 'bad' | 'muted'
  /** See Sparkline. */
  readonly most?: number
}

export function Figure({ title, value, ring, tone = 'accent', most }: FigureProps) {
  return (
    <div class="figure">
      <span class="figure-title">{title}</span>
      <span class="figure-value">{value}</span>
      <Sparkline label={`${title}, the last two minutes`} ring={ring} tone={tone} most={most} />
    </div>
  )
}
