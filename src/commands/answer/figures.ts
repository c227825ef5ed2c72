// Figures in words for people: how long, how long ago, how many.

/** `1 session`, `3 sessions`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}

/** `1h2m3s ago`, for people. */
export function agoOf(time: number, now = Date.now()): string {
  return `${spanOf(now - time)} ago`
}

/** `1h2m`, `3m4s`, `5.2s`, `80ms`: the two largest units. */
export function spanOf(ms: number): string {
  const [whole, tenths] = [Math.round(ms), Math.round(ms / 100)]
  if (whole < 1_000) return `${Math.max(0, whole)}ms`
  if (tenths < 600) return `${tenths / 10}s`
  const long = Math.max(ms, 60_000)
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'm'],
    [1_000, 's'],
  ] as const
  const first = units.findIndex(([size]) => long >= size)
  const [[size, unit] = [1, ''], [nextSize, nextUnit] = [1, '']] = units.slice(first)
  const rest = Math.floor((long % size) / nextSize)
  return `${Math.floor(long / size)}${unit}${rest === 0 ? '' : `${rest}${nextUnit}`}`
}

/** `2026-11-21T10:28:36Z`: a time as JSON has it, to the second, for tables. */
export function toSecond(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z')
}
