// Dark or light: as the system has it, until somebody chooses; that choice is remembered in this browser.
import { createStore, type Store } from './store.ts'

export type Theme = 'dark' | 'light'

const KEY = 'sluice-theme'
const system = matchMedia('(prefers-color-scheme: dark)')

export const theme: Store<Theme> = createStore<Theme>(remembered() ?? ofSystem())

export function followTheme(): void {
  const show = () => {
    document.documentElement.dataset['theme'] = theme.get()
  }
  show()
  theme.subscribe(show)
  system.addEventListener('change', () => {
    if (remembered() === undefined) theme.set(ofSystem())
  })
}

export function chooseTheme(chosen: Theme): void {
  theme.set(chosen)
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // A browser that keeps nothing still shows it.
  }
}

function remembered(): Theme | undefined {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'dark' || kept === 'light' ? kept : undefined
  } catch {
    return undefined
  }
}

function ofSystem(): Theme {
  return system.matches ? 'dark' : 'light'
}
