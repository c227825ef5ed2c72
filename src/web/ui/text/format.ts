// Figures and times as people read them. Pure.

const UNITS = ['', 'k', 'M', 'G', 'T'] as const

/** `12`, `1.2k`, `34M`: four signs at most. */
export function short(value: number): string {
  return scaled(value, 1_000, UNITS)
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** `1.2 MB` */
export function bytes(value: number): string {
  return scaled(value, 1_000, BYTE_UNITS, ' ')
}

/** `1.2 MB/s` */
export function bytesPerSecond(value: number): string {
  return `${bytes(value)}/s`
}

/** `0.4/s`, `12/s` */
export function perSecond(value: number): string {
  return `${short(value)}/s`
}

/** `1 session`, `2 sessions` */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `1 open session finishes`, `3 open sessions finish`, `no session is open` */
export function finishing(open: number): string {
  if (open === 0) return 'no session is open'
  return open === 1 ? '1 open session finishes' : `${open} open sessions finish`
}

/** `250ms`, `12s`, `9m40s`, `2h5m`, `3d4h`: two units at most. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))}ms`
  const seconds = Math.round(ms / 1_000)
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(seconds / unit))
  if (days) return two(days, 'd', hours! % 24, 'h')
  if (hours) return two(hours, 'h', minutes! % 60, 'm')
  if (minutes) return two(minutes, 'm', seconds % 60, 's')
  return `${seconds}s`
}

/** As the file and the commands take it: `5s`, `1500ms`; 0 is `0s`. */
export function typedDuration(ms: number): string {
  const unit = (
    [
      [3_600_000, 'h'],
      [60_000, 'm'],
      [1_000, 's'],
    ] as const
  ).find(([size]) => ms > 0 && ms % size === 0)
  if (unit) return `${ms / unit[0]}${unit[1]}`
  return ms === 0 ? '0s' : `${ms}ms`
}

/** `just now`, `3m ago` @param now by the clock of the server, which told the time */
export function ago(time: string | number, now: number): string {
  const ms = now - new Date(time).getTime()
  return ms < 2_000 ? 'just now' : `${span(ms)} ago`
}

/** `in 12s`, or `now` @param now by the clock of the server, which told the time */
export function until(time: string | number, now: number): string {
  const ms = new Date(time).getTime() - now
  return ms <= 0 ? 'now' : `in ${span(Math.ceil(ms / 1_000) * 1_000)}`
}

/** `2026-11-20 14:03:07`, in the time of the reader. */
export function moment(time: string | number): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return String(time)
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(padded).join(':')
  return `${year}-${padded(month)}-${padded(day)} ${clock}`
}

/** Whatever a field holds, on one line. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function scaled(value: number, step: number, units: readonly string[], gap = ''): string {
  if (!Number.isFinite(value)) return '–'
  let [left, at] = [value, 0]
  while (Math.abs(left) >= step - 0.5 && at < units.length - 1) [left, at] = [left / step, at + 1]
  const digits = left !== 0 && Math.abs(left) < 9.95 && (at > 0 || !Number.isInteger(left)) ? 1 : 0
  return `${left.toFixed(digits)}${gap}${units[at] ?? ''}`
}

function two(count: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${count}${unit}` : `${count}${unit}${rest}${restUnit}`
}

function padded(part: number): string {
  return String(part).padStart(2, '0')
}
