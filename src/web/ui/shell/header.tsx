// The top of the page: where one can go, whether what is shown is live, who is logged in.
import { useEffect, useRef } from 'preact/hooks'
import { connection } from '../api/events.ts'
import { problemOf } from '../api/problem.ts'
import { useAction } from '../parts/action.tsx'
import { IconButton } from '../parts/button.tsx'
import { hrefOf, type Route } from '../route.ts'
import { logOut, me } from '../state/me.ts'
import { notice } from '../state/notices.ts'
import { useStore } from '../state/store.ts'
import { chooseTheme, theme } from '../state/theme.ts'
import { traffic } from '../state/traffic.ts'
import { counted } from '../text/format.ts'

interface Place {
  readonly title: string
  readonly route: Route
  /** Views that belong to it as well. */
  readonly also?: readonly Route['view'][]
}

const PLACES: readonly Place[] = [
  { title: 'Overview', route: { view: 'overview' }, also: ['service'] },
  { title: 'Sessions', route: { view: 'sessions' } },
  { title: 'Configuration', route: { view: 'config' }, also: ['revision'] },
  { title: 'Audit', route: { view: 'audit' } },
  { title: 'Log', route: { view: 'log' } },
  { title: 'Jobs', route: { view: 'jobs' } },
  { title: 'Operators', route: { view: 'operators' } },
]

export function Header({ route }: { readonly route: Route }) {
  const places = useRef<HTMLElement>(null)
  useEffect(() => {
    if (places.current !== null) showCurrent(places.current)
  }, [route.view])
  return (
    <header class="header">
      <a class="brand" href={hrefOf({ view: 'overview' })}>
        Sluice
      </a>
      <nav aria-label="Views" ref={places}>
        {PLACES.map(({ title, route: to, also = [] }) => (
          <a
            key={title}
            href={hrefOf(to)}
            aria-current={isAt(route, to, also) ? 'page' : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      <div class="who">
        <Live />
        <Operator />
        <ThemeButton />
        <LeaveButton />
      </div>
    </header>
  )
}

// On a narrow screen they do not fit beside each other. The page itself stays where it is.
function showCurrent(places: HTMLElement): void {
  const current = places.querySelector<HTMLElement>('[aria-current]')
  if (current === null) return
  const middle = current.offsetLeft - places.offsetLeft + current.offsetWidth / 2
  places.scrollLeft = middle - places.clientWidth / 2
}

function isAt({ view }: Route, to: Route, also: readonly Route['view'][]): boolean {
  return view === to.view || also.includes(view)
}

function Live() {
  const state = useStore(connection)
  const open = useStore(traffic)?.sessions
  const isOff = state === 'lost'
  const now = open === undefined ? 'live' : counted(open, 'session')
  const text = isOff ? 'not live' : state === 'open' ? now : 'connecting'
  const title = state === 'open' ? 'What is shown is live' : undefined
  return (
    <span class={isOff ? 'live off' : 'live'} title={title}>
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  )
}

function Operator() {
  const who = useStore(me)
  if (!who) return null
  return (
    <span class="operator">
      <strong>{who.operator}</strong> <span class="muted">{who.role}</span>
    </span>
  )
}

function ThemeButton() {
  const isDark = useStore(theme) === 'dark'
  return (
    <IconButton
      icon={isDark ? 'sun' : 'moon'}
      label={isDark ? 'Light colours' : 'Dark colours'}
      onPress={() => chooseTheme(isDark ? 'light' : 'dark')}
    />
  )
}

function LeaveButton() {
  const leaving = useAction(async () => {
    try {
      await logOut()
      notice({ tone: 'info', text: 'You are logged out.' })
    } catch (error) {
      // It had ended by itself.
      if (!me.get()) return
      const text = `You are still logged in: ${problemOf(error).detail}`
      notice({ tone: 'bad', text, stays: true })
    }
  })
  return (
    <IconButton
      icon="leave"
      label="Log out"
      disabled={leaving.busy}
      onPress={() => leaving.start()}
    />
  )
}
