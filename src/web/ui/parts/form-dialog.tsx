// A question that is answered by filling in something: a button that does it, one that does not, and why it was refused.
import type { ComponentChildren } from 'preact'
import type { Problem } from '../api/problem.ts'
import { type Action, ProblemText } from './action.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Progress } from './progress.tsx'

interface FormDialogProps {
  readonly title: string
  /** On the button: `Add the host`. */
  readonly act: string
  readonly action: Action<[]>
  readonly onClose: () => void
  /** When it went through; left out, it closes. */
  readonly onDone?: () => void
  readonly children: ComponentChildren
  /** False: something is missing or wrong, and it cannot be pressed. */
  readonly isReady?: boolean
  readonly kind?: 'danger' | 'primary'
  readonly wide?: boolean
  /** Nothing is to be filled in first: Enter leaves it as it is. */
  readonly isQuestion?: boolean
  /** Shown where the act itself has none. */
  readonly problem?: Problem | undefined
  /** Below the problem: what may be said to do it all the same. */
  readonly below?: ComponentChildren
}

export function FormDialog(props: FormDialogProps) {
  const { title, act, action, onClose, children, wide, isQuestion, problem, below } = props
  const { isReady = true, kind = 'primary', onDone } = props
  const submit = async () => {
    if (isReady && (await action.start())) (onDone ?? onClose)()
  }
  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={onClose}
      onSubmit={submit}
      locked={action.busy}
      actions={
        <>
          <Button onPress={onClose} disabled={action.busy} autoFocus={isQuestion}>
            Cancel
          </Button>
          <Button kind={kind} type="submit" busy={action.busy} disabled={!isReady}>
            {act}
          </Button>
        </>
      }
    >
      {children}
      {action.note !== '' && <Progress label={action.note} />}
      <ProblemText problem={action.problem ?? problem} />
      {below}
    </Dialog>
  )
}
