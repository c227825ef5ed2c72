// That something takes longer: a bar as far as it is known how far it is, else one that only moves.

interface ProgressProps {
  readonly label: string
  /** 0 to 1; left out where nobody knows. */
  readonly done?: number
}

export function Progress({ label, done }: ProgressProps) {
  return (
    <div class="progress">
      <progress aria-label={label} {...(done === undefined ? {} : { value: done, max: 1 })} />
      <span aria-live="polite">{label}</span>
    </div>
  )
}

/** In place of what is still being read. */
export function Loading({ what }: { readonly what: string }) {
  return <Progress label={`Reading ${what} …`} />
}
