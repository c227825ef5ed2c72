// Room for what stands in front of the page: as high as that is, the page goes on below its end, so that whatever lies behind
// can be scrolled up.
import { useEffect } from 'preact/hooks'

interface Place {
  readonly current: HTMLElement | null
}

/** @param name of the property of the stylesheet that holds the height: `--notices` */
export function useRoom(place: Place, name: `--${string}`): void {
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const { style } = document.documentElement
    const size = new ResizeObserver(() => style.setProperty(name, `${element.offsetHeight}px`))
    size.observe(element)
    return () => {
      size.disconnect()
      style.removeProperty(name)
    }
  }, [])
}
