// What the server refuses, as it says it (RFC 9457), and what the page could not even ask.

export interface Fault {
  /** JSON pointer into what was sent: `/weight`. */
  readonly path: string
  readonly detail: string
}

export interface ProblemFields {
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors?: readonly Fault[]
  readonly [more: string]: unknown
}

/** Thrown by everything in call.ts. Status 0: there was no answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  /** Values that are not accepted. */
  readonly errors: readonly Fault[]
  /** Everything that was said, with what belongs to this kind of problem: of a 412, `current`. */
  readonly fields: ProblemFields

  constructor(fields: ProblemFields) {
    super(`${fields.title}: ${fields.detail}`)
    const { title, status, detail, code, errors = [] } = fields
    this.title = title
    this.status = status
    this.detail = detail
    this.code = code
    this.errors = errors
    this.fields = fields
  }

  /** Somebody else was faster. */
  get isChanged(): boolean {
    return this.status === 412
  }

  /** What is there instead of what was edited, as the server says it; undefined where it does not. */
  get current(): string | undefined {
    const { current } = this.fields
    if (current === undefined || typeof current === 'string') return current
    return current === null ? 'nothing' : JSON.stringify(current, undefined, 2)
  }

  /** What the server says of its flags, in the words of the page, where the same is a box beside the button. */
  get detailHere(): string {
    return this.detail.replaceAll('say --force', 'tick the box')
  }

  /** What is wrong with one field of a form; undefined where nothing is. */
  faultOf(name: string): string | undefined {
    return this.errors.find(({ path }) => path.replace(/^[/?]/, '') === name)?.detail
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return new Problem({ title: 'The page failed', status: 0, detail, code: 'PAGE' })
}
