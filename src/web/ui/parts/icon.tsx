// The signs of the page, drawn in the colour of the text around them. They never stand for a word: they stand beside one,
// or in a button that has a label.
import './icon.css'

const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.5 3.5L13 5',
  cross: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  warn: 'M8 2.5l6 11H2zM8 6.5v3.5M8 12v.01',
  info: 'M8 7.5V12M8 4.5v.01M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13z',
  sun: 'M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  moon: 'M13.5 9.5A6 6 0 016.5 2.5a6 6 0 107 7z',
  more: 'M3 8h.6M7.7 8h.6M12.4 8h.6',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  plus: 'M8 3v10M3 8h10',
  drain: 'M3 3h10l-3.5 5v4l-3 1.5V8z',
  circle: 'M8 4a4 4 0 100 8 4 4 0 000-8z',
  leave: 'M6 3H3v10h3M7 8h6.5M11 5l3 3-3 3',
  reload: 'M13 8a5 5 0 11-1.5-3.5L13 6M13 2.5V6H9.5',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.5 9h6l.5-9',
  edit: 'M3 13l.7-3L11 2.7l2.3 2.3L6 12.3z',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
