// Asks for another name of a service, a group or a host, all of which go on as they are.
import { useState } from 'preact/hooks'
import { Confirm } from '../../parts/confirm.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'

interface RenameProps {
  readonly what: 'service' | 'group' | 'host'
  readonly path: string
  readonly name: string
  readonly onClose: () => void
  /** It is called so now; not told of an edit of a candidate, which is not in effect. */
  readonly onRenamed?: (name: string) => unknown
}

export function Rename({ what, path, name, onClose, onRenamed }: RenameProps) {
  const [next, setNext] = useState(name)
  const rename = async () => {
    const done = await edit(`rename-${what}`, { [what]: path, name: next.trim() })
    if (done.candidate !== true) await onRenamed?.(next.trim())
  }
  return (
    <Confirm
      title={`Rename ${path}`}
      kind="primary"
      sentence={GOES_ON[what]}
      act={`Rename the ${what}`}
      onClose={onClose}
      run={rename}
      isReady={!['', name].includes(next.trim())}
    >
      <Field label="New name" value={next} onInput={setNext} autoFocus />
    </Confirm>
  )
}

const GOES_ON: Readonly<Record<RenameProps['what'], string>> = {
  service: 'Its addresses, sessions and counters stay; only its name is another one.',
  group: 'Its hosts and their sessions stay, and it serves on if it does.',
  host: 'Its sessions, counters and health stay; only its name is another one.',
}
