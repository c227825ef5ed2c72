// What an operator says with a commit: a comment in one line, and a time in which it has to be confirmed.

/** Characters of a comment. */
const COMMENT_MAX = 1_000

/** Times that are offered; '' commits for good. */
export const CONFIRM_TIMES = ['', '1m', '5m', '15m', '1h'] as const

/** Why a comment is not accepted; '' where it is. */
export function commentFault(comment: string): string {
  if (comment.length > COMMENT_MAX)
    return `a comment has at most ${COMMENT_MAX} characters, this has ${comment.length}`
  return /\p{Cc}/u.test(comment) ? 'a comment is one line of printable text' : ''
}

/** Why a time to confirm is not accepted; '' where it is. */
export function confirmFault(time: string): string {
  if (time === '') return ''
  const ms = spanOf(time)
  if (ms === undefined) return 'a time has a unit: 90s, 5m, 1h'
  return ms >= 1_000 && ms <= 24 * 3_600_000 ? '' : 'a time to confirm is from 1s to 24h'
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

function spanOf(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  const unit = found?.[2] as keyof typeof UNITS | undefined
  return unit === undefined ? undefined : Number(found?.[1]) * UNITS[unit]
}
