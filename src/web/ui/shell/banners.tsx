// What concerns the whole and wants somebody to act: above every view, each with where to go.
import type { ComponentChildren } from 'preact'
import { connection } from '../api/events.ts'
import { Icon } from '../parts/icon.tsx'
import { hrefOf } from '../route.ts'
import { door, me } from '../state/me.ts'
import { serverNow } from '../state/server-clock.ts'
import { configState } from '../state/services.ts'
import { useStore } from '../state/store.ts'
import { traffic } from '../state/traffic.ts'
import { counted, until } from '../text/format.ts'

export function Banners() {
  const who = useStore(me)
  const { unsaved, conflicts = 0, pending } = useStore(configState) ?? {}
  const isLost = useStore(connection) === 'lost'
  const config = hrefOf({ view: 'config' })
  return (
    <div class="banners" role="status">
      {isLost && (
        <Banner tone="bad">
          The connection is lost: what is shown is how it was. It is tried again by itself.
        </Banner>
      )}
      <InsecureBanner />
      {pending && (
        <Banner tone="warn">
          A commit waits to be confirmed, else it takes itself back{' '}
          <CountDown to={pending.confirmBefore} />. <a href={config}>Confirm it</a>
        </Banner>
      )}
      {conflicts > 0 && (
        <Banner tone="warn">
          {counted(conflicts, 'conflict')} between the file and what runs.{' '}
          <a href={config}>Settle</a>
        </Banner>
      )}
      {unsaved && (
        <Banner tone="warn">
          What runs is not in the file: {unsaved}. <a href={config}>See what differs</a>
        </Banner>
      )}
      {who?.candidate && (
        <Banner tone="info">
          You have a candidate: what you edit takes effect when you commit it; what is shown is what
          runs. <a href={config}>To the candidate</a>
        </Banner>
      )}
    </div>
  )
}

/** Stands above the log-in, too: it is the password that would be read first. */
export function InsecureBanner() {
  const isInsecure = useStore(door)?.insecure ?? false
  if (!isInsecure) return null
  return (
    <Banner tone="bad">
      This page is not encrypted and can be reached from afar: passwords and everything else can be
      read on the way.
    </Banner>
  )
}

interface BannerProps {
  readonly tone: 'info' | 'warn' | 'bad'
  readonly children: ComponentChildren
}

function Banner({ tone, children }: BannerProps) {
  return (
    <p class={`banner ${tone}`}>
      <Icon name={tone === 'info' ? 'info' : 'warn'} />
      <span>{children}</span>
    </p>
  )
}

/** Each second of the traffic is one of the clock. */
function CountDown({ to }: { readonly to: string | undefined }) {
  useStore(traffic)
  return <span aria-live="off">{to === undefined ? 'soon' : until(to, serverNow())}</span>
}
