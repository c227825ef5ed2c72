// Asks for a new group, before another one serves, and before one is removed.
import { useState } from 'preact/hooks'
import { get } from '../../api/call.ts'
import type { GroupRow, ServiceRow } from '../../api/types.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Checkbox, Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { counted, finishing } from '../../text/format.ts'

interface GroupDialogProps {
  readonly group: GroupRow
  readonly onClose: () => void
}

export function AddGroup({
  service,
  onClose,
}: {
  readonly service: string
  readonly onClose: () => void
}) {
  const [name, setName] = useState('')
  return (
    <Confirm
      title={`Add a group to ${service}`}
      kind="primary"
      sentence="It is empty at first. It serves at once where it is the only one, else when it is switched to."
      act="Add the group"
      onClose={onClose}
      run={() => edit('add-group', { place: `${service}/${name.trim()}` })}
      isReady={name.trim() !== ''}
    >
      <Field label="Name" value={name} onInput={setName} required autoFocus />
    </Confirm>
  )
}

export function SwitchGroup({
  service,
  group,
  onClose,
}: GroupDialogProps & { readonly service: ServiceRow }) {
  const { enabledGroup } = service
  const sentence = async () => {
    const [next = group, before] = await Promise.all([groupNow(group.path), beforeNow(service)])
    const stay =
      before === undefined ? '' : ` ${openOf(before.open)} of ${before.name} stay where they are.`
    const nobody =
      next.ready === 0 ? ' None of its hosts is ready: new clients will find nobody.' : ''
    return `New clients of ${service.name} go to ${group.name}, which has ${counted(next.ready, 'host')} ready${enabledGroup ? `, and no more to ${enabledGroup}` : ''}.${stay}${nobody}`
  }
  return (
    <Confirm
      title={`Let ${group.path} serve`}
      kind="primary"
      sentence={sentence}
      act={`Switch to ${group.name}`}
      onClose={onClose}
      run={() => edit('enable-group', { group: group.path })}
    />
  )
}

export function RemoveGroup({ group, onClose }: GroupDialogProps) {
  const [force, setForce] = useState(false)
  const sentence = async () => {
    const { open, hosts } = (await groupNow(group.path)) ?? group
    const last = group.enabled ? ' It is the one that serves: new clients will find nobody.' : ''
    return `The group ${group.path} is removed with its ${counted(hosts.length, 'host')}; ${finishing(open)}.${last}`
  }
  return (
    <Confirm
      title={`Remove the group ${group.path}`}
      sentence={sentence}
      act="Remove the group"
      onClose={onClose}
      run={() => edit('remove-group', { group: group.path, ...(force ? { force } : {}) })}
    >
      {group.enabled && (
        <Checkbox
          label="Even though it serves, where it is the last group"
          checked={force}
          onChange={setForce}
        />
      )}
    </Confirm>
  )
}

/** As it is at this moment. */
export async function groupNow(path: string): Promise<GroupRow | undefined> {
  const [now] = await get<readonly GroupRow[]>(`/groups?scope=${encodeURIComponent(path)}`)
  return now
}

function beforeNow({ name, enabledGroup }: ServiceRow): Promise<GroupRow | undefined> {
  return enabledGroup === '' ? Promise.resolve(undefined) : groupNow(`${name}/${enabledGroup}`)
}

function openOf(open: number): string {
  return open === 1 ? '1 open session' : `${open === 0 ? 'No' : open} open sessions`
}
