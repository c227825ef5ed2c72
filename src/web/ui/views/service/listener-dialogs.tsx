// Asks where to open a port, where to move it, how it is set up, and before it is closed.
import { useState } from 'preact/hooks'
import { get } from '../../api/call.ts'
import type { ListenerRow } from '../../api/types.ts'
import { LISTENER_PROXIES } from '../../api/words.ts'
import { Confirm } from '../../parts/confirm.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { finishing } from '../../text/format.ts'
import { Gone } from './asked.tsx'
import { SetFields } from './set-fields.tsx'

interface ListenerDialogProps {
  readonly listener: ListenerRow
  readonly onClose: () => void
}

interface AddressFieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
}

function AddressField(props: AddressFieldProps) {
  const hint = '0.0.0.0:8080 for every address, [::1]:8080, 127.0.0.1:0 for any free port.'
  return <Field {...props} hint={hint} required autoFocus />
}

export function OpenListener({
  service,
  onClose,
}: {
  readonly service: string
  readonly onClose: () => void
}) {
  const [address, setAddress] = useState('')
  return (
    <Confirm
      title={`Open a port for ${service}`}
      kind="primary"
      sentence="Clients that come in there become sessions of this service at once."
      act="Open the port"
      onClose={onClose}
      run={() => edit('listen-add', { service, address: address.trim() })}
      isReady={address.trim() !== ''}
    >
      <AddressField label="Address" value={address} onInput={setAddress} />
    </Confirm>
  )
}

export function MoveListener({ listener, onClose }: ListenerDialogProps) {
  const [address, setAddress] = useState(listener.address)
  const sentence = async () => {
    const { open } = await listenerNow(listener)
    return `The new address is opened with the same settings, then ${listener.address} is closed to new clients; ${finishing(open)}.`
  }
  return (
    <Confirm
      title={`Move ${listener.address}`}
      kind="primary"
      sentence={sentence}
      act="Move the port"
      onClose={onClose}
      run={() => edit('listen-move', { listener: listener.path, address: address.trim() })}
      isReady={address.trim() !== ''}
    >
      <AddressField label="New address" value={address} onInput={setAddress} />
    </Confirm>
  )
}

export function CloseListener({ listener, onClose }: ListenerDialogProps) {
  const sentence = async () => {
    const { open } = await listenerNow(listener)
    return `No more clients come in at ${listener.address}; ${finishing(open)}.`
  }
  return (
    <Confirm
      title={`Close ${listener.address}`}
      sentence={sentence}
      act="Close the port"
      onClose={onClose}
      run={() => edit('listen-remove', { listener: listener.path })}
    />
  )
}

interface ListenerSettingsProps extends ListenerDialogProps {
  readonly isGone: boolean
}

export function ListenerSettings({ listener, isGone, onClose }: ListenerSettingsProps) {
  const { path, maxSessions, proxy, allow, deny } = listener
  return (
    <Dialog title={`Settings of ${listener.address}`} onClose={onClose} wide>
      <Gone path={path} isGone={isGone} />
      <SetFields
        command="set-listener"
        of={{ target: path }}
        fields={[
          {
            name: 'maxSessions',
            label: 'Sessions at most',
            value: String(maxSessions),
            hint: 'Of this listener at once; 0 sets no limit of its own.',
          },
          {
            name: 'proxy',
            label: 'PROXY header',
            value: proxy,
            options: LISTENER_PROXIES,
            hint: 'require: every client must send one first.',
          },
          {
            name: 'allow',
            label: 'Allow',
            value: textOfList(allow),
            hint: 'Addresses or networks, separated by blanks; empty lets everybody in.',
          },
          { name: 'deny', label: 'Deny', value: textOfList(deny), hint: 'Even when allowed.' },
        ]}
      />
    </Dialog>
  )
}

/** As the file has it: separated by blanks. */
export function textOfList(list: readonly string[] | string): string {
  return typeof list === 'string' ? list : list.join(' ')
}

async function listenerNow(listener: ListenerRow): Promise<ListenerRow> {
  const [now = listener] = await get<readonly ListenerRow[]>(
    `/listeners?scope=${encodeURIComponent(listener.path)}`,
  )
  return now
}
