// The end of long work before its time.
import { del } from '../../api/call.ts'
import type { Job } from '../../api/types.ts'
import { ProblemText, useAction } from '../../parts/action.tsx'
import { Button } from '../../parts/button.tsx'

export function Interrupt({ job: { job } }: { readonly job: Job }) {
  const action = useAction(() => del(`/jobs/${encodeURIComponent(job)}`))
  return (
    <>
      <Button
        small
        busy={action.busy}
        onPress={() => action.start()}
        title="Ends it where it is; what it did so far stays done"
      >
        Interrupt
      </Button>
      <ProblemText problem={action.problem} />
    </>
  )
}
