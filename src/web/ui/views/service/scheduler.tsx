// The rule by which a group gives out sessions, chosen in its row.
import type { GroupRow } from '../../api/types.ts'
import { SCHEDULERS } from '../../api/words.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Can } from '../../parts/can.tsx'
import { edit } from '../../state/edit.ts'

export function Scheduler({ group }: { readonly group: GroupRow }) {
  const { path, scheduler, ask } = group
  const setting = useAction((_told, value: string) =>
    edit('set-group', { target: path, field: 'scheduler', value }),
  )
  // A function that was given at the prompt is asked before the rule of the file.
  const own = ask === '' ? '' : `${ask}(), then ${scheduler}`
  return (
    <Can command="set-group" otherwise={own || scheduler}>
      <span class="stack">
        <select
          class="inline"
          aria-label={`Scheduler of ${path}`}
          value={scheduler}
          aria-busy={setting.busy}
          onChange={({ currentTarget }) => {
            const { value } = currentTarget
            // Until it is done, what is shown is what is.
            currentTarget.value = scheduler
            void setting.start(value)
          }}
        >
          {SCHEDULERS.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {own !== '' && <span class="small-text muted">{own}</span>}
        <ProblemText problem={setting.problem} />
      </span>
    </Can>
  )
}
