// What is done less often with a host: looked at now, its sessions ended, renamed, put elsewhere in the order, removed.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import type { GroupRow, HostRow } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Checkbox, Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Progress } from '../../parts/progress.tsx'
import { edit } from '../../state/edit.ts'
import { markStale } from '../../state/stale.ts'
import { counted, finishing } from '../../text/format.ts'
import { hostNow } from './host-intents.tsx'
import { Rename } from './rename.tsx'

interface HostMoreProps {
  readonly host: HostRow
  readonly group: GroupRow
  /** All of the group, in their order. */
  readonly hosts: readonly HostRow[]
  /** It is not there any more, or not by this name. */
  readonly onGone: () => void
}

export function HostMore({ host, group, hosts, onGone }: HostMoreProps) {
  const [asked, ask] = useState<'kill' | 'move' | 'remove' | 'rename'>()
  const close = () => ask(undefined)
  return (
    <>
      <Can command="rename-host">
        <Button small onPress={() => ask('rename')}>
          Rename
        </Button>
      </Can>
      {hosts.length > 1 && (
        <Can command="move-host">
          <Button small onPress={() => ask('move')}>
            Move
          </Button>
        </Can>
      )}
      <Can command="kill-host">
        <Button small onPress={() => ask('kill')}>
          End its sessions
        </Button>
      </Can>
      <Can command="remove-host">
        <Button small onPress={() => ask('remove')}>
          <Icon name="trash" />
          Remove
        </Button>
      </Can>
      <Retry host={host} />
      {asked === 'kill' && <Kill host={host} onClose={close} />}
      {asked === 'move' && <Move host={host} hosts={hosts} onClose={close} />}
      {asked === 'rename' && (
        <Rename what="host" path={host.path} name={host.name} onClose={close} onRenamed={onGone} />
      )}
      {asked === 'remove' && <Remove host={host} group={group} onClose={close} onGone={onGone} />}
    </>
  )
}

function Retry({ host: { path } }: { readonly host: HostRow }) {
  const [seen, setSeen] = useState('')
  const looking = useAction(async (told) => {
    setSeen('')
    const { result } = await command<{ readonly message: string }>(
      'retry-host',
      { host: path },
      told,
    )
    setSeen(result.message)
    markStale()
  })
  return (
    <Can command="retry-host">
      <Button small busy={looking.busy} onPress={() => looking.start()}>
        Look at it now
      </Button>
      {looking.busy && <Progress label={looking.note || 'Looking …'} />}
      <span role="status">{seen}</span>
      <ProblemText problem={looking.problem} />
    </Can>
  )
}

interface AskedProps {
  readonly host: HostRow
  readonly onClose: () => void
}

function Kill({ host, onClose }: AskedProps) {
  const sentence = async () => {
    const { open, intent } = await hostNow(host)
    const more = intent === 'enabled' ? ' It is enabled, so new ones come at once.' : ''
    return `${counted(open, 'open session')} of ${host.path} ${open === 1 ? 'is' : 'are'} ended at once.${more}`
  }
  return (
    <Confirm
      title={`End the sessions of ${host.path}`}
      sentence={sentence}
      act="End the sessions"
      onClose={onClose}
      run={(told) => edit('kill-host', { host: host.path }, { ...told, undo: false })}
    />
  )
}

function Move({ host, hosts, onClose }: AskedProps & Pick<HostMoreProps, 'hosts'>) {
  const [before, setBefore] = useState('')
  const others = hosts.filter(({ path }) => path !== host.path)
  const move = () => edit('move-host', { host: host.path, ...(before === '' ? {} : { before }) })
  return (
    <Confirm
      title={`Move ${host.path}`}
      kind="primary"
      sentence="It stands at another place in the order of its group; its sessions, counters and health stay."
      act="Move the host"
      onClose={onClose}
      run={move}
    >
      <Field
        label="In front of"
        value={before}
        onInput={setBefore}
        options={[{ value: '', title: 'none: at the end' }, ...others.map(({ name }) => name)]}
      />
    </Confirm>
  )
}

function Remove({ host, group, onClose, onGone }: Omit<HostMoreProps, 'hosts'> & AskedProps) {
  const [force, setForce] = useState(false)
  const isLast = group.enabled && group.hosts.length === 1
  const sentence = async () => {
    const { open } = await hostNow(host)
    const last = isLast
      ? ` It is the last host of ${group.name}, which serves: new clients find nobody.`
      : ''
    return `${host.path} is taken out of its group; ${finishing(open)}.${last}`
  }
  const remove = async () => {
    await edit('remove-host', { host: host.path, ...(force ? { force } : {}) })
    onGone()
  }
  return (
    <Confirm
      title={`Remove ${host.path}`}
      sentence={sentence}
      act="Remove the host"
      onClose={onClose}
      run={remove}
    >
      {isLast && (
        <Checkbox label="Even though it is the last one" checked={force} onChange={setForce} />
      )}
    </Confirm>
  )
}
