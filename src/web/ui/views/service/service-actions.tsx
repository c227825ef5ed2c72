// What can be done with a service as a whole: hold its new clients for a moment, log its sessions, rename
// it, remove it.
import { useState } from 'preact/hooks'
import type { ServiceRow } from '../../api/types.ts'
import { get } from '../../api/call.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Can } from '../../parts/can.tsx'
import { Confirm } from '../../parts/confirm.tsx'
import { Checkbox, Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { go } from '../../router.ts'
import { edit } from '../../state/edit.ts'
import { services } from '../../state/services.ts'
import { finishing } from '../../text/format.ts'
import { Rename } from './rename.tsx'

type Asked = 'pause' | 'remove' | 'rename' | undefined

export function ServiceActions({ service }: { readonly service: ServiceRow }) {
  const [asked, ask] = useState<Asked>()
  const close = () => ask(undefined)
  const { name, pausedUntil } = service
  // Its view says that there is none of that name, until it is known.
  const goTo = async (next: string) => {
    await services.refresh()
    go({ view: 'service', name: next })
  }
  return (
    <>
      <AccessLog service={service} />
      {pausedUntil === null ? (
        <Can command="pause-service">
          <Button onPress={() => ask('pause')}>
            <Icon name="pause" />
            Pause
          </Button>
        </Can>
      ) : (
        <Resume name={name} />
      )}
      <Can command="rename-service">
        <Button onPress={() => ask('rename')}>
          <Icon name="edit" />
          Rename
        </Button>
      </Can>
      <Can command="remove-service">
        <Button onPress={() => ask('remove')}>
          <Icon name="trash" />
          Remove
        </Button>
      </Can>
      {asked === 'pause' && <Pause name={name} onClose={close} />}
      {asked === 'rename' && (
        <Rename what="service" path={name} name={name} onClose={close} onRenamed={goTo} />
      )}
      {asked === 'remove' && <Remove service={service} onClose={close} />}
    </>
  )
}

function AccessLog({ service: { name, accessLog } }: { readonly service: ServiceRow }) {
  const setting = useAction((_told, value: boolean) =>
    edit('set-service', { target: name, field: 'accessLog', value: String(value) }),
  )
  return (
    <Can command="set-service" otherwise={accessLog && <span class="muted">access log on</span>}>
      <Checkbox
        label="Access log"
        checked={accessLog}
        onChange={(value) => void setting.start(value)}
      />
      <ProblemText problem={setting.problem} />
    </Can>
  )
}

function Resume({ name }: { readonly name: string }) {
  const resuming = useAction(() => edit('resume-service', { service: name }, { undo: false }))
  return (
    <Can command="resume-service">
      <Button kind="primary" busy={resuming.busy} onPress={() => resuming.start()}>
        Resume
      </Button>
      <ProblemText problem={resuming.problem} />
    </Can>
  )
}

interface OfService {
  readonly name: string
  readonly onClose: () => void
}

function Pause({ name, onClose }: OfService) {
  const [maxHold, setMaxHold] = useState('30s')
  return (
    <Confirm
      title={`Pause ${name}`}
      kind="primary"
      sentence="New clients wait until it is resumed, or until the time below is over. Open sessions go on."
      act="Let new clients wait"
      onClose={onClose}
      run={() => edit('pause-service', { service: name, maxHold }, { undo: false })}
    >
      <Field label="At most" value={maxHold} onInput={setMaxHold} hint="Such as 20s or 2m." />
    </Confirm>
  )
}

function Remove({
  service,
  onClose,
}: {
  readonly service: ServiceRow
  readonly onClose: () => void
}) {
  const { name } = service
  const sentence = async () => {
    const [row = service] = await get<readonly ServiceRow[]>(
      `/services?scope=${encodeURIComponent(name)}`,
    )
    const addresses = row.listeners.length
    const what = addresses === 1 ? 'its address is closed' : `its ${addresses} addresses are closed`
    return `The service ${name} is removed with everything in it: ${what} to new clients, ${finishing(row.open)}.`
  }
  const remove = async () => {
    const { candidate } = await edit('remove-service', { service: name })
    if (!candidate) go({ view: 'overview' })
  }
  return (
    <Confirm
      title={`Remove the service ${name}`}
      sentence={sentence}
      act="Remove the service"
      onClose={onClose}
      run={remove}
    />
  )
}
