// Asks before a host gets no more sessions: drained, with what is to come of it when it is empty, or disabled.
import { useState } from 'preact/hooks'
import { get } from '../../api/call.ts'
import type { GroupRow, HostRow } from '../../api/types.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { finishing } from '../../text/format.ts'
import { isLastReady } from './live-host.ts'

export interface HostDialogProps {
  readonly host: HostRow
  readonly group: GroupRow
  /** All of the group. */
  readonly hosts: readonly HostRow[]
  readonly onClose: () => void
}

const THEN = [
  { value: '', title: 'nothing: it goes on draining' },
  { value: 'disable', title: 'disable it' },
  { value: 'remove', title: 'remove it' },
  { value: 'kill', title: 'nothing, but end what is left at the end of the time' },
] as const

export function DrainHost({ host, group, hosts, onClose }: HostDialogProps) {
  const [then, setThen] = useState('')
  const [timeout, setTimeout] = useState('10m')
  const { path } = host
  const drain = () => {
    if (then === '') return edit('drain-host', { host: path })
    // oxlint-disable-next-line unicorn/no-thenable -- Flags are named as they are typed; nothing here is called.
    return drainToTheEnd({ host: path, wait: true, timeout, then })
  }
  return (
    <Confirm
      title={`Drain ${path}`}
      kind="primary"
      sentence={() => consequenceOf(host, group, hosts)}
      act="Drain the host"
      onClose={onClose}
      run={drain}
    >
      <Field label="When it is empty" value={then} onInput={setThen} options={THEN} />
      {then !== '' && (
        <Field
          label="Wait at most"
          value={timeout}
          onInput={setTimeout}
          hint="Such as 30s, 10m or 2h. The count-down stands in the row of the host, and among the jobs."
        />
      )}
    </Confirm>
  )
}

export function DisableHost({ host, group, hosts, onClose }: HostDialogProps) {
  return (
    <Confirm
      title={`Disable ${host.path}`}
      sentence={() => consequenceOf(host, group, hosts)}
      act="Disable the host"
      onClose={onClose}
      run={() => edit('disable-host', { host: host.path })}
    />
  )
}

/** It goes on after the dialog is closed, and when this page is. @returns when it has begun @throws Problem where it has not */
function drainToTheEnd(body: Readonly<Record<string, unknown>>): Promise<void> {
  return new Promise((resolve, reject) => {
    // Why it failed later is told where the jobs are.
    edit('drain-host', body, { async: true, onJob: () => resolve() }).then(() => resolve(), reject)
  })
}

async function consequenceOf(
  host: HostRow,
  group: GroupRow,
  hosts: readonly HostRow[],
): Promise<string> {
  const now = await hostNow(host)
  const what = `${host.path} gets no new sessions; ${finishing(now.open)}.`
  if (!group.enabled || !isLastReady(host, hosts)) return what
  return `${what} It is the last host of ${group.name} that is ready: new clients will find nobody.`
}

/** As it is at this moment, for its open sessions. */
export async function hostNow(host: HostRow): Promise<HostRow> {
  const [now = host] = await get<readonly HostRow[]>(
    `/hosts?scope=${encodeURIComponent(host.path)}`,
  )
  return now
}
