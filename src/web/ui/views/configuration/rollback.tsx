// Back to a revision: what that would change is shown first, and how many sessions it concerns.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { type Told, useAction } from '../../parts/action.tsx'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Progress } from '../../parts/progress.tsx'
import { notice } from '../../state/notices.ts'
import { markStale } from '../../state/stale.ts'
import { useReadOnce } from '../live/read-once.ts'
import { LockOut, wantsForce } from '../operators/lock-out.tsx'
import { type Difference, summaryOf } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { Affected } from './affected-note.tsx'
import { commentFault } from './commit-form.ts'

interface RolledBack {
  readonly differences: readonly Difference[]
  readonly revision: number
  readonly written: boolean
  readonly unsaved: string | null
}

interface RollbackProps {
  readonly number: number
  readonly onClose: () => void
}

export function Rollback({ number, onClose }: RollbackProps) {
  const [comment, setComment] = useState('')
  const [force, setForce] = useState(false)
  const { value: trial, problem } = useReadOnce(() => rollback(number, { dryRun: true }))
  const action = useAction(async (told: Told) => {
    const flags = { ...(comment === '' ? {} : { comment }), ...(force ? { force } : {}) }
    const text = sentenceOf(number, await rollback(number, flags, told))
    notice({ tone: 'good', text })
    markStale()
  })
  const fault = commentFault(comment)
  const isReady = fault === '' && trial !== undefined && trial.differences.length > 0
  return (
    <FormDialog
      title={`Roll back to revision ${number}?`}
      act="Roll back"
      kind="danger"
      wide
      action={action}
      onClose={onClose}
      isReady={isReady}
      isQuestion
      problem={problem}
      below={(force || wantsForce(action.problem)) && <LockOut force={force} onForce={setForce} />}
    >
      {!trial && !problem && <Progress label="Looking what it would change …" />}
      {trial && <What differences={trial.differences} />}
      <Field
        label="Comment"
        value={comment}
        onInput={setComment}
        hint={`Left out: rollback to ${number}`}
        error={fault || undefined}
      />
    </FormDialog>
  )
}

function What({ differences }: { readonly differences: readonly Difference[] }) {
  if (differences.length === 0) return <p>What runs already says what the revision says.</p>
  return (
    <>
      <p>{`What runs changes, all or nothing, and is saved as a new revision: ${summaryOf(differences)}.`}</p>
      <DifferenceList differences={differences} />
      <Affected differences={differences} />
    </>
  )
}

/** @throws Problem */
async function rollback(
  revision: number,
  flags: Readonly<Record<string, unknown>>,
  told?: Told,
): Promise<RolledBack> {
  return (await command<RolledBack>('rollback', { revision, ...flags }, told)).result
}

function sentenceOf(
  number: number,
  { differences, revision, written, unsaved }: RolledBack,
): string {
  const why = unsaved ?? 'the file says the same'
  const saved = written ? `saved as revision ${revision}` : `not saved: ${why}`
  return `Rolled back to revision ${number}: ${summaryOf(differences)}, ${saved}.`
}
