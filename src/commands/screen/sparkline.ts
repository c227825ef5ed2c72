// A row of figures as a row of small bars.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/**
 * The newest figure stands at the right. Where there are more figures than columns, each bar is the largest of its
 * share, so that a peak is never lost.
 *
 * @param per figures of one bar
 */
export function sparkline(figures: readonly number[], columns: number, per: number): string {
  const newest = columns > 0 ? figures.slice(-columns * per) : []
  const bars: number[] = []
  for (let end = newest.length; end > 0; end -= per)
    bars.unshift(Math.max(...newest.slice(Math.max(0, end - per), end)))
  const most = Math.max(...bars, 0)
  return bars
    .map((figure) => barOf(figure, most))
    .join('')
    .padStart(columns)
}

function barOf(figure: number, most: number): string {
  if (most <= 0 || figure <= 0) return BARS[0]
  return BARS[Math.ceil((figure / most) * (BARS.length - 1))] ?? BARS[0]
}
