// The settings of one thing: each that was changed is one `set` command, so that each is refused, told and undone alone.
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Done } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { edit } from '../../state/edit.ts'
import { useMay } from '../../state/commands.ts'

export interface SettableField {
  /** As it is typed behind `set`: `connectTimeout`. */
  readonly name: string
  readonly label: string
  /** As it is now, as it is typed. */
  readonly value: string
  readonly hint?: string
  readonly options?: readonly string[]
}

interface SetFieldsProps {
  /** `set-group` */
  readonly command: string
  /** Whose they are: the arguments in front of the field. */
  readonly of: Readonly<Record<string, unknown>>
  readonly fields: readonly SettableField[]
}

export function SetFields({ command, of, fields }: SetFieldsProps) {
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({})
  const [refused, setRefused] = useState<string>()
  const isAllowed = useMay(command)
  const changed = fields.filter(({ name, value }) => (drafts[name] ?? value) !== value)
  const forget = (name: string) =>
    setDrafts((now) => Object.fromEntries(Object.entries(now).filter(([each]) => each !== name)))
  const sent = useSent(fields, forget)
  const setting = useAction(async () => {
    for (const { name } of changed) {
      setRefused(name)
      await sent(name, () => edit(command, { ...of, field: name, value: drafts[name] ?? '' }))
    }
    setRefused(undefined)
  })
  return (
    <div class="stack settings">
      <div class="fields">
        {fields.map(({ name, value, ...shown }) => (
          <Field
            key={name}
            {...shown}
            value={drafts[name] ?? value}
            disabled={!isAllowed || setting.busy}
            error={refused === name ? setting.problem?.detail : undefined}
            onInput={(draft) => setDrafts({ ...drafts, [name]: draft })}
          />
        ))}
      </div>
      <ProblemText problem={refused === undefined ? setting.problem : undefined} />
      {isAllowed && (
        <div class="row">
          <Button
            kind="primary"
            busy={setting.busy}
            disabled={changed.length === 0}
            onPress={() => setting.start()}
          >
            {changed.length > 1 ? `Set ${changed.length} fields` : 'Set'}
          </Button>
        </div>
      )}
    </div>
  )
}

/**
 * What was set is shown as it was typed until it is known how it is now, or until it was refused.
 *
 * @returns sends one of them @throws Problem
 */
function useSent(fields: readonly SettableField[], onKnown: (name: string) => void) {
  const waiting = useRef(new Set<string>())
  const known = useRef<ReadonlyMap<string, string>>(new Map())
  const now = new Map(fields.map(({ name, value }) => [name, value]))
  useEffect(() => {
    for (const [name, value] of now)
      if (known.current.get(name) !== value && waiting.current.delete(name)) onKnown(name)
    known.current = now
  }, [JSON.stringify([...now])])
  return async (name: string, send: () => Promise<Done>) => {
    waiting.current.add(name)
    try {
      const { before, after, candidate } = await send()
      // That it is another one is not told of what is as it was, or is not in effect.
      const isTold = candidate !== true && JSON.stringify(before) !== JSON.stringify(after)
      if (!isTold && waiting.current.delete(name)) onKnown(name)
    } catch (error) {
      waiting.current.delete(name)
      throw error
    }
  }
}
