// The hosts of a service, a group at a time: what is wanted of each, what was seen of it, what it carries.
import { useMemo, useState } from 'preact/hooks'
import type { GroupRow, HostRow, ServiceRow } from '../../api/types.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { Table } from '../../parts/table.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { hostFigures } from '../../state/services.ts'
import { useStore } from '../../state/store.ts'
import { AddHost } from './add-host.tsx'
import { useAsked } from './asked.tsx'
import { hostColumns, type HostQuestion } from './host-columns.tsx'
import { HostDetails } from './host-details.tsx'
import { DisableHost, DrainHost } from './host-intents.tsx'
import { type LiveHost, liveHost, matches, weightEnd } from './live-host.ts'
import './hosts.css'

/** As many are seen at a glance. */
const FILTERED_FROM = 12

interface HostsProps {
  readonly service: ServiceRow
  readonly groups: readonly GroupRow[]
  readonly hosts: readonly HostRow[]
}

export function Hosts({ service, groups, hosts }: HostsProps) {
  // The group that served when one came here stays, also when another one begins to serve.
  const [chosen, choose] = useState(service.enabledGroup)
  /** Path of the group: another one may be shown by the time that the form is filled in. */
  const [addingTo, addTo] = useState<string>()
  const shown =
    groups.find(({ name }) => name === chosen) ??
    groups.find(({ name }) => name === service.enabledGroup) ??
    groups[0]
  if (shown === undefined) return null
  return (
    <Section
      title="Hosts"
      actions={
        <Can command="add-host">
          <Button onPress={() => addTo(shown.path)}>
            <Icon name="plus" />
            Add a host
          </Button>
        </Can>
      }
    >
      <Tabs
        label="Groups"
        tabs={groups.map((group) => ({ id: group.name, title: <GroupTab group={group} /> }))}
        shown={shown.name}
        onShow={choose}
      >
        <HostTable group={shown} hosts={hosts} />
      </Tabs>
      {addingTo !== undefined && <AddHost group={addingTo} onClose={() => addTo(undefined)} />}
    </Section>
  )
}

function GroupTab({ group: { name, enabled, panic } }: { readonly group: GroupRow }) {
  return (
    <span class="row">
      {name}
      {enabled && <Badge tone="accent">serves</Badge>}
      {panic && <Badge tone="bad">PANIC</Badge>}
    </span>
  )
}

function HostTable({ group, hosts }: Pick<HostsProps, 'hosts'> & { readonly group: GroupRow }) {
  const figures = useStore(hostFigures)
  const [wanted, want] = useState('')
  const rows = useMemo(() => {
    const own = hosts.filter((host) => host.group === group.name)
    return own.map((host) => liveHost(host, figures))
  }, [hosts, group.name, figures])
  const { asked, ask, close } = useAsked<HostQuestion, LiveHost>(rows)
  // Nothing is left out without the field that says so.
  const isFiltered = rows.length > FILTERED_FROM
  const found = useMemo(
    () => (isFiltered ? rows.filter((host) => matches(host, wanted)) : rows),
    [rows, wanted, isFiltered],
  )
  const end = weightEnd(rows.map(({ weight }) => weight))
  const shared = { group, hosts: rows, onClose: close }
  return (
    <>
      {isFiltered && (
        <div class="host-filter">
          <Field
            label="Find a host"
            type="search"
            value={wanted}
            onInput={want}
            hint={`${found.length} of ${rows.length}: by name, address, intent, health or reason`}
          />
        </div>
      )}
      <Table
        caption={`Hosts of ${group.path}`}
        columns={hostColumns({ end, group, ask })}
        rows={found}
        keyOf={({ path }) => path}
        empty={<NoHost group={group} isFiltered={rows.length > 0} />}
      />
      {asked?.what === 'details' && (
        <HostDetails host={asked.row} isGone={asked.isGone} {...shared} />
      )}
      {asked?.what === 'drain' && <DrainHost host={asked.row} {...shared} />}
      {asked?.what === 'disable' && <DisableHost host={asked.row} {...shared} />}
    </>
  )
}

function NoHost({ group, isFiltered }: { readonly group: GroupRow; readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No host is like this." />
  return (
    <Empty title={`There is no host in ${group.name}.`}>
      <p>Clients of this group find nobody until there is one.</p>
    </Empty>
  )
}
