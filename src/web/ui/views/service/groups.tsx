// The groups of a service: which one serves, by which rule each gives out sessions, how it looks at
// its hosts, how it is set up.
import { useState } from 'preact/hooks'
import type { GroupRow, ServiceRow } from '../../api/types.ts'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Section } from '../../parts/page.tsx'
import { type Column, Table } from '../../parts/table.tsx'
import { short } from '../../text/format.ts'
import { type Asked, useAsked } from './asked.tsx'
import { AddGroup, RemoveGroup, SwitchGroup } from './group-dialogs.tsx'
import { nameOf } from './check-text.ts'
import { GroupChecks } from './group-checks.tsx'
import { GroupSettings } from './group-settings.tsx'
import { Rebalance, RebalanceState } from './rebalance.tsx'
import { Scheduler } from './scheduler.tsx'

interface GroupsProps {
  readonly service: ServiceRow
  readonly groups: readonly GroupRow[]
}

type Question = 'switch' | 'remove' | 'settings' | 'rebalance' | 'checks'

export function Groups({ service, groups }: GroupsProps) {
  const [isAdding, setAdding] = useState(false)
  const { asked, ask, close } = useAsked<Question, GroupRow>(groups)
  return (
    <Section
      title="Groups"
      actions={
        <Can command="add-group">
          <Button onPress={() => setAdding(true)}>
            <Icon name="plus" />
            Add a group
          </Button>
        </Can>
      }
    >
      <Table
        caption={`Groups of ${service.name}`}
        columns={columnsOf(ask)}
        rows={groups}
        keyOf={({ path }) => path}
        empty={
          <Empty title="There is no group yet.">
            <p>A group is a set of hosts; the first one serves at once.</p>
          </Empty>
        }
      />
      {isAdding && <AddGroup service={service.name} onClose={() => setAdding(false)} />}
      {asked && <QuestionOf {...asked} service={service} onClose={close} />}
    </Section>
  )
}

interface QuestionProps extends Asked<Question, GroupRow> {
  readonly service: ServiceRow
  readonly onClose: () => void
}

function QuestionOf({ what, row: group, isGone, service, onClose }: QuestionProps) {
  switch (what) {
    case 'switch':
      return <SwitchGroup service={service} group={group} onClose={onClose} />
    case 'remove':
      return <RemoveGroup group={group} onClose={onClose} />
    case 'settings':
      return <GroupSettings group={group} isGone={isGone} onClose={onClose} />
    case 'checks':
      return <GroupChecks group={group} isGone={isGone} onClose={onClose} />
    case 'rebalance':
      return <Rebalance group={group} onClose={onClose} />
    default:
      return what satisfies never
  }
}

type Ask = (what: Question, path: string) => void

function columnsOf(ask: Ask): readonly Column<GroupRow>[] {
  return [
    {
      id: 'name',
      title: 'Group',
      of: ({ name }) => name,
      cell: (group) => <Name group={group} />,
    },
    {
      id: 'scheduler',
      title: 'Scheduler',
      of: ({ scheduler }) => scheduler,
      cell: (group) => <Scheduler group={group} />,
    },
    {
      id: 'ready',
      title: 'Ready',
      of: ({ ready }) => ready,
      cell: ({ ready, hosts }) => `${ready}/${hosts.length}`,
      right: true,
    },
    {
      id: 'checks',
      title: 'Checks',
      of: ({ checks }) => checks.length,
      cell: (group) => <Checks group={group} ask={ask} />,
    },
    {
      id: 'max',
      title: 'Sessions at most',
      of: ({ maxSessions }) => maxSessions,
      cell: ({ maxSessions }) => (maxSessions === 0 ? 'no limit' : short(maxSessions)),
      right: true,
    },
    {
      id: 'buttons',
      title: 'What can be done',
      untitled: true,
      class: 'buttons',
      cell: (group) => <Buttons group={group} ask={ask} />,
    },
  ]
}

function Name({ group: { name, enabled, panic, rebalance } }: { readonly group: GroupRow }) {
  return (
    <span class="row">
      <strong>{name}</strong>
      {enabled && (
        <Badge tone="accent" icon="check">
          serves
        </Badge>
      )}
      {panic && (
        <Badge tone="bad" icon="warn">
          PANIC
        </Badge>
      )}
      {rebalance && <RebalanceState rebalance={rebalance} />}
    </span>
  )
}

function Checks({ group: { path, checks }, ask }: { readonly group: GroupRow; readonly ask: Ask }) {
  const names = checks.map(nameOf).join(', ') || 'none'
  return (
    <button
      type="button"
      class="text-button"
      aria-label={`Checks of ${path}: ${names}`}
      onClick={() => ask('checks', path)}
    >
      {names}
    </button>
  )
}

function Buttons({
  group: { path, enabled },
  ask,
}: {
  readonly group: GroupRow
  readonly ask: Ask
}) {
  return (
    <span class="row">
      {!enabled && (
        <Can command="enable-group">
          <Button small kind="primary" onPress={() => ask('switch', path)}>
            Let it serve
          </Button>
        </Can>
      )}
      {enabled && (
        <Can command="rebalance-group">
          <Button small onPress={() => ask('rebalance', path)}>
            Rebalance
          </Button>
        </Can>
      )}
      <Button small onPress={() => ask('settings', path)}>
        Settings
      </Button>
      <Can command="remove-group">
        <Button small onPress={() => ask('remove', path)}>
          <Icon name="trash" />
          Remove
        </Button>
      </Can>
    </span>
  )
}
