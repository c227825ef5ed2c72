// A curve of the last two minutes, drawn by uPlot. It follows the traffic by itself, without the component being drawn
// again; it rests while it is out of sight or the page is in the background.
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
// oxlint-disable-next-line no-restricted-imports -- The package has its stylesheet there.
import 'uplot/dist/uPlot.min.css'
import type { Ring } from '../state/ring.ts'
import { theme } from '../state/theme.ts'
import { HISTORY_SECONDS, traffic } from '../state/traffic.ts'
import './sparkline.css'

interface SparklineProps {
  /** What it shows, read out: `sessions per second, last two minutes`. */
  readonly label: string
  readonly ring: Ring
  readonly tone?: 'accent' | 'good' | 'bad' | 'muted'
  /** The top of the curve is at least this high, so that nothing does not look like much. */
  readonly most?: number
}

const HEIGHT_PX = 36
const SECONDS = Array.from({ length: HISTORY_SECONDS }, (_, index) => index)

export function Sparkline({ label, ring, tone = 'accent', most = 1 }: SparklineProps) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (element === null) return
    return drawCurve(element, ring, tone, most)
  }, [ring, tone, most])
  return <div class="sparkline" ref={place} role="img" aria-label={label} />
}

/** A curve is made when it is first seen: of a hundred services, most are not. @returns ends it */
function drawCurve(element: HTMLElement, ring: Ring, tone: string, most: number): () => void {
  let plot: uPlot | undefined
  let isSeen = false
  let width = 0
  let picture = 0
  const draw = () => {
    picture = 0
    if (!isSeen || document.hidden || width === 0) return
    if (plot !== undefined && plot.width !== width) plot.setSize({ width, height: HEIGHT_PX })
    plot ??= new uPlot(optionsOf(element, width, tone, most), [SECONDS, ring.values()], element)
    plot.setData([SECONDS, ring.values()])
  }
  const soon = () => {
    if (picture === 0 && isSeen && !document.hidden) picture = requestAnimationFrame(draw)
  }
  const size = new ResizeObserver((entries) => {
    width = Math.floor(entries.at(-1)?.contentRect.width ?? 0)
    soon()
  })
  const sight = new IntersectionObserver((entries) => {
    // Several may come at once; the last is how it is now.
    isSeen = entries.at(-1)?.isIntersecting ?? false
    soon()
  })
  size.observe(element)
  sight.observe(element)
  document.addEventListener('visibilitychange', soon)
  const ends = [traffic.subscribe(soon), theme.subscribe(soon)]
  return () => {
    ends.forEach((end) => end())
    document.removeEventListener('visibilitychange', soon)
    size.disconnect()
    sight.disconnect()
    cancelAnimationFrame(picture)
    plot?.destroy()
  }
}

function optionsOf(element: HTMLElement, width: number, tone: string, most: number): uPlot.Options {
  // Asked for at each drawing: the theme may be another one by then.
  const colour = (name: string) => () => getComputedStyle(element).getPropertyValue(name).trim()
  return {
    width,
    height: HEIGHT_PX,
    padding: [2, 0, 2, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    axes: [{ show: false }, { show: false }],
    scales: {
      x: { time: false, range: [0, HISTORY_SECONDS - 1] },
      y: { range: (_plot, _low, high) => [0, Math.max(most, (high ?? 0) * 1.1)] },
    },
    series: [
      {},
      {
        stroke: colour(`--${tone}`),
        fill: colour(`--${tone}-faint`),
        width: 1.5,
        points: { show: false },
      },
    ],
  }
}
