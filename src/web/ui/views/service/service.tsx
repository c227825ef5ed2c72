// One service: what goes through it, its hosts, its groups, its listeners, and what can be done with them.
import { useEffect } from 'preact/hooks'
import type { GroupRow, HostRow, ListenerRow, ServiceRow } from '../../api/types.ts'
import { ProblemText } from '../../parts/action.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Page } from '../../parts/page.tsx'
import { Loading } from '../../parts/progress.tsx'
import { Reading } from '../../parts/reading.tsx'
import { ServiceBadges } from '../../parts/service-badges.tsx'
import { TrafficFigures } from '../../parts/traffic-figures.tsx'
import { hrefOf } from '../../route.ts'
import { useLoaded } from '../../state/loaded.ts'
import { lookAtService, services } from '../../state/services.ts'
import { useStore } from '../../state/store.ts'
import { Groups } from './groups.tsx'
import { Hosts } from './hosts.tsx'
import { Listeners } from './listeners.tsx'
import { ServiceActions } from './service-actions.tsx'
import './service.css'

export function ServiceView({ name }: { readonly name: string }) {
  const found = useStore(services)
  const { value: rows } = found
  const row = rows?.find((each) => each.name === name)
  if (row !== undefined) return <Whole service={row} />
  return (
    <Page title={name}>
      <Reading of={found} what="the service" />
      {rows && (
        <Empty title={`There is no service ${name}.`}>
          <p>
            <a href={hrefOf({ view: 'overview' })}>To the services there are</a>
          </p>
        </Empty>
      )}
    </Page>
  )
}

function Whole({ service }: { readonly service: ServiceRow }) {
  const { name } = service
  const scope = `?scope=${encodeURIComponent(name)}`
  const groups = useLoaded<readonly GroupRow[]>(`/groups${scope}`)
  const hosts = useLoaded<readonly HostRow[]>(`/hosts${scope}`)
  const listeners = useLoaded<readonly ListenerRow[]>(`/listeners${scope}`)
  const problem = hosts.problem ?? groups.problem ?? listeners.problem
  useEffect(() => lookAtService(name), [name])
  return (
    <Page
      title={name}
      beside={<ServiceBadges service={service} />}
      actions={<ServiceActions service={service} />}
    >
      <div class="card">
        <TrafficFigures service={name} />
      </div>
      <ProblemText problem={problem} />
      {hosts.value && groups.value ? (
        <Hosts service={service} groups={groups.value} hosts={hosts.value} />
      ) : (
        !problem && <Loading what="the hosts" />
      )}
      {groups.value && <Groups service={service} groups={groups.value} />}
      {listeners.value && <Listeners service={name} listeners={listeners.value} />}
    </Page>
  )
}
