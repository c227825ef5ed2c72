// How long it still is until something happens by itself, for the eye and for the ear.
import { span } from '../../text/format.ts'

/** `4:59`, `1:00:00`: never below 0:00. */
export function countDownText(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1_000))
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  const two = (count: number) => String(count).padStart(2, '0')
  const rest = two(seconds % 60)
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${two(minutes)}:${rest}`
}

/** When to look again, in milliseconds: as the next second begins. */
export function untilNextSecond(leftMs: number): number {
  const rest = leftMs % 1_000
  return rest <= 0 ? 1_000 : rest
}

/**
 * What is to be read aloud: a minute, half a minute and ten seconds before the end, not each second.
 *
 * @returns '' where nothing is to be said
 */
export function countDownNews(leftMs: number): string {
  if (leftMs <= 0) return 'the time is over'
  const told = [10_000, 30_000, 60_000].find((ms) => leftMs <= ms)
  return told === undefined ? '' : `less than ${span(told)} left`
}
