// A view that fails does not take the rest of the page with it: what went wrong is said, and where to go from there.
import type { ComponentChildren } from 'preact'
import { useErrorBoundary } from 'preact/hooks'
import { problemOf } from '../api/problem.ts'
import { ProblemText } from '../parts/action.tsx'
import { Button } from '../parts/button.tsx'
import { Page } from '../parts/page.tsx'

export function Guarded({ children }: { readonly children: ComponentChildren }) {
  // The console has it as well, for whoever is asked about it.
  const [error, again] = useErrorBoundary((thrown) => reportError(thrown))
  if (error === undefined) return <>{children}</>
  return (
    <Page title="This view failed">
      <ProblemText problem={problemOf(error)} />
      <p>Nothing was changed by that. Traffic, and what you began elsewhere, go on.</p>
      <div class="row">
        <Button kind="primary" onPress={again}>
          Show it again
        </Button>
        <Button onPress={() => location.reload()}>Load the page again</Button>
      </div>
    </Page>
  )
}
