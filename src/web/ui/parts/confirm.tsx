// The question before something that cannot simply be taken back: what it will do, to how many sessions, and a button that
// names the act.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type Problem, problemOf } from '../api/problem.ts'
import { type Told, useAction } from './action.tsx'
import { FormDialog } from './form-dialog.tsx'
import { Progress } from './progress.tsx'

interface ConfirmProps {
  readonly title: string
  /** What it will do; asked of the server where it is a function, with a dry run for example. */
  readonly sentence: ComponentChildren | (() => Promise<string>)
  /** On the button: `Remove the host`. */
  readonly act: string
  readonly kind?: 'danger' | 'primary'
  readonly onClose: () => void
  /** Closes when it went through; a problem is shown here. */
  readonly run: (told: Told) => unknown
  /** False: something is missing or wrong, and it cannot be pressed. */
  readonly isReady?: boolean
  /** Settings of the act, above its button. */
  readonly children?: ComponentChildren
}

export function Confirm(props: ConfirmProps) {
  const { title, sentence, act, kind = 'danger', onClose, run, isReady = true, children } = props
  const asked = useSentence(sentence)
  const action = useAction(run)
  return (
    <FormDialog
      title={title}
      act={act}
      kind={kind}
      action={action}
      onClose={onClose}
      // What nobody can tell the consequence of is not done blindly.
      isReady={isReady && !asked.isAsking && asked.problem === undefined}
      isQuestion
      problem={asked.problem}
    >
      {asked.isAsking && <Progress label="Looking what it would do …" />}
      {asked.text !== '' && <p>{asked.text}</p>}
      {children}
    </FormDialog>
  )
}

interface Asked {
  readonly isAsking: boolean
  readonly text: ComponentChildren
  readonly problem?: Problem
}

function useSentence(sentence: ConfirmProps['sentence']): Asked {
  const isAsked = typeof sentence === 'function'
  const [asked, setAsked] = useState<Asked>({ isAsking: isAsked, text: '' })
  useEffect(() => {
    if (!isAsked) return
    let isShown = true
    const show = (next: Asked) => {
      if (isShown) setAsked(next)
    }
    sentence().then(
      (text: string) => show({ isAsking: false, text }),
      (error: unknown) => show({ isAsking: false, text: '', problem: problemOf(error) }),
    )
    return () => {
      isShown = false
    }
  }, [])
  return isAsked ? asked : { isAsking: false, text: sentence }
}
