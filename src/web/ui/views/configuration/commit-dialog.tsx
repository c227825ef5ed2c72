// Putting a candidate in effect: what that changes, how many sessions it concerns, why it is done, and whether it takes itself
// back unless it is confirmed.
import { useState } from 'preact/hooks'
import { command } from '../../api/call.ts'
import { type Told, useAction } from '../../parts/action.tsx'
import { Checkbox, Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { notice } from '../../state/notices.ts'
import { markStale } from '../../state/stale.ts'
import { moment } from '../../text/format.ts'
import { LockOut, wantsForce } from '../operators/lock-out.tsx'
import { type Difference, summaryOf } from '../text/difference.ts'
import { DifferenceList } from '../text/difference-list.tsx'
import { Affected } from './affected-note.tsx'
import { hasDraft } from './candidate-document.ts'
import { commentFault, CONFIRM_TIMES, confirmFault } from './commit-form.ts'

interface Committed {
  readonly differences: readonly Difference[]
  readonly revision: number
  readonly written: boolean
  readonly unsaved: string | null
  readonly confirmBefore: string | null
}

interface Said {
  readonly comment: string
  /** '' where it stays for good. */
  readonly confirmed: string
  readonly watchTraffic: boolean
  readonly force: boolean
}

interface CommitDialogProps {
  readonly differences: readonly Difference[]
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

export function CommitDialog({ differences, onClose, onDone }: CommitDialogProps) {
  const [said, setSaid] = useState<Said>(NOTHING_SAID)
  const action = useAction(async (told: Told) => {
    const { result } = await command<Committed>('commit', bodyOf(said), told)
    notice({ tone: 'good', text: sentenceOf(result) })
    markStale()
    await onDone()
  })
  const isFine = commentFault(said.comment) === '' && confirmFault(said.confirmed) === ''
  return (
    <FormDialog
      title="Commit your candidate?"
      act="Commit"
      wide
      action={action}
      onClose={onClose}
      isReady={isFine}
      below={
        (said.force || wantsForce(action.problem)) && (
          <LockOut force={said.force} onForce={(force) => setSaid({ ...said, force })} />
        )
      }
    >
      <What differences={differences} />
      <Terms said={said} onSay={(more) => setSaid({ ...said, ...more })} />
    </FormDialog>
  )
}

const NOTHING_SAID: Said = { comment: '', confirmed: '', watchTraffic: false, force: false }

function What({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <>
      {hasDraft() && (
        <p class="warn">What you typed into the document and did not send yet is not part of it.</p>
      )}
      <p>
        {differences.length === 0
          ? 'Nothing would change: the candidate is closed.'
          : `${summaryOf(differences)} in effect at once, all or nothing:`}
      </p>
      <DifferenceList differences={differences} />
      <Affected differences={differences} />
    </>
  )
}

interface TermsProps {
  readonly said: Said
  readonly onSay: (more: Partial<Said>) => void
}

function Terms({ said: { comment, confirmed, watchTraffic }, onSay }: TermsProps) {
  return (
    <>
      <Field
        label="Comment"
        value={comment}
        onInput={(next) => onSay({ comment: next })}
        hint="Why; the history shows it"
        error={commentFault(comment) || undefined}
        autoFocus
      />
      <Field
        label="To be confirmed"
        value={confirmed}
        onInput={(next) => onSay({ confirmed: next })}
        options={TIMES}
        error={confirmFault(confirmed) || undefined}
      />
      {confirmed !== '' && (
        <Checkbox
          label="Undo it at once when traffic gets clearly worse"
          checked={watchTraffic}
          onChange={(next) => onSay({ watchTraffic: next })}
        />
      )}
    </>
  )
}

const TIMES = CONFIRM_TIMES.map((value) => {
  return { value, title: value === '' ? 'no, it stays' : `within ${value}, else undone` }
})

function bodyOf({ comment, confirmed, watchTraffic, force }: Said) {
  return {
    ...(comment === '' ? {} : { comment }),
    ...(confirmed === '' ? {} : { confirmed, ...(watchTraffic ? { watchTraffic } : {}) }),
    ...(force ? { force } : {}),
  }
}

function sentenceOf({ differences, revision, written, unsaved, confirmBefore }: Committed): string {
  if (differences.length === 0) return 'Nothing to commit: the candidate is closed.'
  const why = unsaved ?? 'the file says the same'
  const saved = written ? `saved as revision ${revision}` : `not saved: ${why}`
  const next =
    confirmBefore === null
      ? ''
      : ` It is undone at ${moment(confirmBefore)} unless it is confirmed.`
  return `${summaryOf(differences)} in effect, ${saved}.${next}`
}
