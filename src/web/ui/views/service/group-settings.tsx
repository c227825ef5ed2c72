// The settings of a group, as the file names them, and its name.
import { useState } from 'preact/hooks'
import type { GroupRow } from '../../api/types.ts'
import { GROUP_PROXIES } from '../../api/words.ts'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { typedDuration } from '../../text/format.ts'
import { Gone } from './asked.tsx'
import { Rename } from './rename.tsx'
import { type SettableField, SetFields } from './set-fields.tsx'

interface GroupSettingsProps {
  readonly group: GroupRow
  readonly isGone: boolean
  readonly onClose: () => void
}

export function GroupSettings({ group, isGone, onClose }: GroupSettingsProps) {
  const [isRenaming, setRenaming] = useState(false)
  const { path, name } = group
  return (
    <Dialog title={`Settings of ${path}`} onClose={onClose} wide>
      <Gone path={path} isGone={isGone} />
      <Can command="rename-group">
        <div class="row">
          <Button small onPress={() => setRenaming(true)}>
            <Icon name="edit" />
            Rename
          </Button>
        </div>
      </Can>
      <SetFields command="set-group" of={{ target: path }} fields={fieldsOf(group)} />
      {isRenaming && (
        <Rename
          what="group"
          path={path}
          name={name}
          onClose={() => setRenaming(false)}
          onRenamed={onClose}
        />
      )}
    </Dialog>
  )
}

function fieldsOf(group: GroupRow): readonly SettableField[] {
  return [
    {
      name: 'connectTimeout',
      label: 'Connect time-out',
      value: typedDuration(group.connectTimeoutMs),
      hint: 'How long a host may take to accept a connection: 5s, 500ms.',
    },
    {
      name: 'idleTimeout',
      label: 'Idle time-out',
      value: typedDuration(group.idleTimeoutMs),
      hint: 'A session in which no byte moved for this long is closed; 0s never.',
    },
    {
      name: 'retries',
      label: 'Retries',
      value: String(group.retries),
      hint: 'Other hosts to try for a client; 255 tries every host once.',
    },
    {
      name: 'maxFails',
      label: 'Failures at most',
      value: String(group.maxFails),
      hint: 'Failed connects in a row that take a host out; 0 leaves that to the checks.',
    },
    {
      name: 'maxSessions',
      label: 'Sessions at most',
      value: String(group.maxSessions),
      hint: 'Of the group at once; 0 sets no limit of its own.',
    },
    {
      name: 'queue',
      label: 'Queue',
      value: String(group.queue),
      hint: 'Clients that may wait while every host is at its limit; 0 closes them at once.',
    },
    {
      name: 'queueTimeout',
      label: 'Queue time-out',
      value: typedDuration(group.queueTimeoutMs),
      hint: 'How long a client waits before it is closed.',
    },
    {
      name: 'proxy',
      label: 'PROXY header',
      value: group.proxy,
      options: GROUP_PROXIES,
      hint: 'Sent to the hosts, so that they see the real client.',
    },
  ]
}
