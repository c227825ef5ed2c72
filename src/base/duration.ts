// Durations as operators write them: a number with its unit. Milliseconds inside, text outside.

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** What is accepted, in the words every refusal uses. */
export const DURATION_FORM = 'a number with its unit: 250ms, 5s, 1.5m, 1h or 2d'

const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** Milliseconds of `5s`, `250ms`, `1.5m`, `1h`, `2d`; undefined where the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text.trim())
  if (match === null) return undefined
  return Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS])
}

/** The shortest exact text: 90_000 is `90s`, 3_600_000 is `1h`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms >= UNITS[unit] && ms % UNITS[unit] === 0) return `${ms / UNITS[unit]}${unit}`
  }
  return `${ms}ms`
}
