// Looking again and again, gently: never two looks at once, none while nobody sees the page, and one as soon as somebody
// does again.
import { useEffect, useRef } from 'preact/hooks'

/**
 * @param everyMs pause between the end of a look and the next one
 * @param isOn false: not now
 */
export function useWhileVisible(look: () => Promise<void>, everyMs: number, isOn = true): void {
  const latest = useRef(look)
  latest.current = look
  useEffect(
    () => (isOn ? keepLooking(() => latest.current(), everyMs) : undefined),
    [everyMs, isOn],
  )
}

/** @returns ends it */
function keepLooking(look: () => Promise<void>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let [isLooking, isOver] = [false, false]
  const next = (): void => {
    clearTimeout(timer)
    if (!isOver && !document.hidden) timer = setTimeout(() => void now(), everyMs)
  }
  const now = async (): Promise<void> => {
    if (isLooking || isOver) return
    isLooking = true
    // Whoever looks shows why it failed; here it is only looked again.
    await look().catch(() => {})
    isLooking = false
    next()
  }
  const seen = (): void => {
    if (document.hidden) clearTimeout(timer)
    else void now()
  }
  document.addEventListener('visibilitychange', seen)
  next()
  return () => {
    isOver = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}
