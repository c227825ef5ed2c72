// What is out of the ordinary with a service, in words.
import type { ServiceRow } from '../api/types.ts'
import { serverNow } from '../state/server-clock.ts'
import { useStore } from '../state/store.ts'
import { traffic } from '../state/traffic.ts'
import { counted, until } from '../text/format.ts'
import { Badge } from './badge.tsx'

export function ServiceBadges({ service }: { readonly service: ServiceRow }) {
  const { panic, pausedUntil, hosts, ready, listeners } = service
  return (
    <>
      {panic && (
        <Badge tone="bad" icon="warn" title="So many hosts are down that all of them are tried">
          PANIC
        </Badge>
      )}
      {pausedUntil !== null && <Paused name={service.name} to={pausedUntil} />}
      {hosts > 0 && ready === 0 && !panic && (
        <Badge tone="bad" icon="cross">
          no host is ready
        </Badge>
      )}
      {hosts > 0 && ready > 0 && ready < hosts && (
        <Badge tone="warn" icon="warn">
          {counted(hosts - ready, 'host')} not ready
        </Badge>
      )}
      {hosts === 0 && <Badge tone="warn">no hosts</Badge>}
      {listeners.length === 0 && <Badge tone="warn">no listener</Badge>}
    </>
  )
}

function Paused({ name, to }: { readonly name: string; readonly to: string }) {
  const waiting = useStore(traffic)?.services[name]?.waiting ?? 0
  return (
    <Badge
      tone="warn"
      icon="pause"
      title="New clients wait, at most as long as the pause was given"
    >
      paused, ends {until(to, serverNow())}
      {waiting > 0 && `, ${counted(waiting, 'client')} wait${waiting === 1 ? 's' : ''}`}
    </Badge>
  )
}
