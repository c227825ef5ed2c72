// By what sessions are found. What is typed counts when it is sent, so that nothing is asked for half a word.
import { useEffect, useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { filterOf, isFiltered, NO_FILTER, type SessionFilter } from './session-filter.ts'

interface FilterFormProps {
  readonly filter: SessionFilter
  readonly onFilter: (filter: SessionFilter) => void
}

export function FilterForm({ filter, onFilter }: FilterFormProps) {
  const [typed, setTyped] = useState(filter)
  // A client or host that was pressed in the list is a filter as well.
  useEffect(() => setTyped(filter), [filter])
  const submit = (event: Event) => {
    event.preventDefault()
    onFilter(filterOf(typed))
  }
  return (
    <form class="filter" onSubmit={submit} role="search" aria-label="Find sessions">
      <Field
        label="Service, group, host or listener"
        placeholder="web/main/a"
        type="search"
        value={typed.scope}
        onInput={(scope) => setTyped({ ...typed, scope })}
      />
      <Field
        label="Client"
        placeholder="192.0.2.7, or a part of it"
        type="search"
        value={typed.client}
        onInput={(client) => setTyped({ ...typed, client })}
      />
      <Button type="submit">Find</Button>
      {isFiltered(filter) && (
        <Button kind="quiet" onPress={() => onFilter(NO_FILTER)}>
          Show all
        </Button>
      )}
    </form>
  )
}
