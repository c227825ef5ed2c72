// That something takes longer: a bar as far as it is known how far it is, else one that only moves.
import './progress.css'

interface ProgressProps {
  readonly label: string
  /** 0 to 1; left out where nobody knows. */
  readonly done?: number
  /** Not read out, because it is another one all the time. */
  readonly quiet?: boolean
}

export function Progress({ label, done, quiet = false }: ProgressProps) {
  return (
    <div class="progress">
      <progress aria-label={label} {...(done === undefined ? {} : { value: done, max: 1 })} />
      <span aria-live={quiet ? 'off' : 'polite'}>{label}</span>
    </div>
  )
}

/** In place of what is still being read. */
export function Loading({ what }: { readonly what: string }) {
  return <Progress label={`Reading ${what} …`} />
}
