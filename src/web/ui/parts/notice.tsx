// Where the notices stand: in the middle below, where the least is pressed; read out as they come, each with what can be done
// about it.
import { useEffect, useRef } from 'preact/hooks'
import { closeNotice, holdNotices, type NoticeRow, notices, type Tone } from '../state/notices.ts'
import { useStore } from '../state/store.ts'
import { Button, IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import { useRoom } from './room.ts'
import './notice.css'

const ICONS: Readonly<Record<Tone, IconName>> = {
  info: 'info',
  good: 'check',
  warn: 'warn',
  bad: 'cross',
}

export function Notices() {
  const shown = useStore(notices)
  const place = useRef<HTMLElement>(null)
  useRoom(place, '--notices')
  useEscape()
  // Whoever was at one that is gone may be at none now, and nobody tells.
  useEffect(() => {
    if (!place.current?.matches(':hover, :focus-within')) holdNotices(false)
  }, [shown])
  return (
    <section
      ref={place}
      class="notices"
      aria-label="Notices"
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => holdNotices(true)}
      onPointerLeave={() => holdNotices(false)}
      onFocusIn={() => holdNotices(true)}
      onFocusOut={() => holdNotices(false)}
    >
      {shown.map((row) => (
        <Notice key={row.id} row={row} />
      ))}
    </section>
  )
}

/** Esc closes the newest, unless it closes something else. */
function useEscape(): void {
  useEffect(() => {
    const close = ({ key, defaultPrevented }: KeyboardEvent) => {
      const newest = notices.get().at(-1)
      const isTaken = defaultPrevented || document.querySelector('dialog[open]') !== null
      if (key === 'Escape' && newest !== undefined && !isTaken) closeNotice(newest.id)
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
}

function Notice({ row: { id, tone, text, action } }: { readonly row: NoticeRow }) {
  const act = () => {
    closeNotice(id)
    action?.run()
  }
  return (
    <div class={`notice ${tone}`}>
      <Icon name={ICONS[tone]} />
      <p>{text}</p>
      {action && (
        <Button kind="quiet" small onPress={act}>
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label="Close the notice" onPress={() => closeNotice(id)} />
    </div>
  )
}
