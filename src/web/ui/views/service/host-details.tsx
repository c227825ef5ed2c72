// One host in all: why it is as it is, how its checks went, its settings, and everything that can be done with it.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { HostRow } from '../../api/types.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { bytesPerSecond, moment, perSecond } from '../../text/format.ts'
import { Gone } from './asked.tsx'
import { Checks } from './checks.tsx'
import { IntentButtons } from './host-buttons.tsx'
import { DisableHost, DrainHost, type HostDialogProps } from './host-intents.tsx'
import { HostMore } from './host-more.tsx'
import { HealthBadge, IntentBadge } from './host-state.tsx'
import type { LiveHost } from './live-host.ts'
import { SetFields } from './set-fields.tsx'

interface HostDetailsProps extends HostDialogProps {
  readonly host: LiveHost
  readonly isGone: boolean
}

const TABS = [
  { id: 'checks', title: 'Checks' },
  { id: 'settings', title: 'Settings' },
] as const

export function HostDetails({ host, isGone, group, hosts, onClose }: HostDetailsProps) {
  const [tab, setTab] = useState<(typeof TABS)[number]['id']>('checks')
  const [asked, ask] = useState<'drain' | 'disable'>()
  const Intent = asked === 'drain' ? DrainHost : DisableHost
  return (
    <Dialog title={`Host ${host.path}`} onClose={onClose} wide>
      <Gone path={host.path} isGone={isGone} />
      <Facts host={host} group={group} />
      <div class="row">
        <IntentButtons host={host} ask={ask} />
        <HostMore host={host} group={group} hosts={hosts} onGone={onClose} />
      </div>
      <Tabs label={`Of ${host.path}`} tabs={TABS} shown={tab} onShow={setTab}>
        {tab === 'checks' ? <Checks host={host} /> : <Settings host={host} />}
      </Tabs>
      {asked && <Intent host={host} group={group} hosts={hosts} onClose={() => ask(undefined)} />}
    </Dialog>
  )
}

function Facts({ host, group }: Pick<HostDetailsProps, 'host' | 'group'>) {
  const { sessionsPerSecond, bytesPerSecond: rate, healthSince } = host
  return (
    <dl class="fact-list">
      <Fact title="Address">
        <code>{host.address}</code>
      </Fact>
      <Fact title="Intent">
        <IntentBadge host={host} />
      </Fact>
      <Fact title="Health">
        <HealthBadge host={host} group={group} />
        {healthSince !== null && <span class="muted small-text"> since {moment(healthSince)}</span>}
      </Fact>
      <Fact title="New sessions">{host.ready ? 'yes, it is ready' : `none: ${host.reason}`}</Fact>
      <Fact title="Sessions">
        {host.open} open, {host.total} in all, {host.failed} failed
      </Fact>
      <Fact title="Now">
        {sessionsPerSecond === null ? '–' : perSecond(sessionsPerSecond)},{' '}
        {rate === null ? '–' : bytesPerSecond(rate)}
      </Fact>
    </dl>
  )
}

function Fact({
  title,
  children,
}: {
  readonly title: string
  readonly children: ComponentChildren
}) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Settings({ host }: { readonly host: HostRow }) {
  return (
    <SetFields
      command="set-host"
      of={{ target: host.path }}
      fields={[
        {
          name: 'ip',
          label: 'Address',
          value: host.address,
          hint: 'New sessions go there; open ones stay where they are.',
        },
        {
          name: 'weight',
          label: 'Weight',
          value: String(host.weight),
          hint: 'Share of new sessions, 0 to 256; 0 gets none.',
        },
        {
          name: 'maxSessions',
          label: 'Sessions at most',
          value: String(host.maxSessions),
          hint: '0 sets no limit of its own.',
        },
      ]}
    />
  )
}
