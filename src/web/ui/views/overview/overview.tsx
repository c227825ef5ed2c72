// The services at one look: what goes through each, and what is wrong.
import { useState } from 'preact/hooks'
import type { ServiceRow } from '../../api/types.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Page } from '../../parts/page.tsx'
import { Reading } from '../../parts/reading.tsx'
import { ServiceBadges } from '../../parts/service-badges.tsx'
import { TrafficFigures } from '../../parts/traffic-figures.tsx'
import { hrefOf } from '../../route.ts'
import { services } from '../../state/services.ts'
import { useStore } from '../../state/store.ts'
import { AddService } from './add-service.tsx'
import './overview.css'

export function OverviewView() {
  const found = useStore(services)
  const { value: rows } = found
  const [isAdding, setAdding] = useState(false)
  const add = (
    <Can command="add-service">
      <Button onPress={() => setAdding(true)}>
        <Icon name="plus" />
        Add a service
      </Button>
    </Can>
  )
  return (
    <Page title="Overview" actions={rows && rows.length > 0 && add}>
      <Reading of={found} what="the services" />
      {rows?.length === 0 && (
        <Empty title="There are no services yet.">
          <p>A service is a front door: addresses where clients come in, and hosts behind them.</p>
          {add}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <ul class="services">
          {rows.map((row) => (
            <li key={row.name}>
              <ServiceCard service={row} />
            </li>
          ))}
        </ul>
      )}
      {isAdding && <AddService onClose={() => setAdding(false)} />}
    </Page>
  )
}

function ServiceCard({ service }: { readonly service: ServiceRow }) {
  const { name, listeners, bound, enabledGroup, ready, hosts } = service
  // A port of the system's choosing is known only when it is open.
  const addresses = listeners.map((address, index) => bound[index] || address)
  return (
    <article class="card service-card">
      <div class="service-facts">
        <div class="row">
          <h2>
            <a href={hrefOf({ view: 'service', name })}>{name}</a>
          </h2>
          {ready === hosts && hosts > 0 && (
            <Badge tone="good" icon="check">
              all ready
            </Badge>
          )}
          <ServiceBadges service={service} />
        </div>
        <p class="muted small-text">
          <strong>
            {ready}/{hosts}
          </strong>{' '}
          hosts ready{enabledGroup !== '' && ` in ${enabledGroup}`}
          {addresses.length > 0 && ` · at ${addresses.join(', ')}`}
        </p>
      </div>
      <TrafficFigures service={name} />
    </article>
  )
}
