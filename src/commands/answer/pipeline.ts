// What pipes do to rows, one by one and in their order. A row is a line of text, a row of a table, an item of a
// list or a piece of a stream: whatever it is, a pipe looks at its text and passes it on whole.

export interface Row {
  /** What `match` and `except` look at. */
  readonly text: string
  /** What is printed in the end. */
  readonly value: unknown
}

/** One pipe at work. */
export interface Stage {
  /** What becomes of a row now; nothing where it is dropped, or held back until the end. */
  push(row: Row): readonly Row[]
  /** What was held back. */
  end(): readonly Row[]
  /** It lets no more rows through. */
  readonly full: boolean
}

const NONE: readonly Row[] = []

/** Several pipes in a row. */
export class Pipeline {
  readonly #stages: readonly Stage[]

  constructor(stages: readonly Stage[]) {
    this.#stages = stages
  }

  /** Whatever comes, no more will come out. */
  get full(): boolean {
    return this.#stages.some((stage) => stage.full)
  }

  push(row: Row): readonly Row[] {
    return this.#through([row], 0)
  }

  /** What the pipes held back, each passing it on to those behind it. */
  end(): readonly Row[] {
    return this.#stages.flatMap((stage, index) => this.#through(stage.end(), index + 1))
  }

  /** All rows of an answer that is there as a whole. */
  all(rows: readonly Row[]): readonly Row[] {
    const out: Row[] = []
    for (const row of rows) {
      if (this.full) break
      out.push(...this.push(row))
    }
    return [...out, ...this.end()]
  }

  #through(rows: readonly Row[], from: number): readonly Row[] {
    return this.#stages.slice(from).reduce((left, stage) => {
      return left.flatMap((row) => stage.push(row))
    }, rows)
  }
}

/** Rows that contain a text, or those that do not; small and capital letters are the same. */
export function matching(text: string, wanted: boolean): Stage {
  const needle = text.toLowerCase()
  return {
    push: (row) => (row.text.toLowerCase().includes(needle) === wanted ? [row] : NONE),
    end: () => NONE,
    full: false,
  }
}

/** How many rows came, once no more do. */
export function counting(): Stage {
  let count = 0
  return {
    push() {
      count++
      return NONE
    },
    end: () => [{ text: String(count), value: { count } }],
    full: false,
  }
}

export function first(most: number): Stage {
  let room = most
  return {
    push: (row) => (room-- > 0 ? [row] : NONE),
    end: () => NONE,
    get full() {
      return room <= 0
    },
  }
}

/** The rows that came last, once no more do. */
export function last(most: number): Stage {
  const held: Row[] = []
  return {
    push(row) {
      held.push(row)
      if (held.length > most) held.shift()
      return NONE
    },
    end: () => held,
    full: false,
  }
}

/** Passes everything on. */
export function passing(): Stage {
  return { push: (row) => [row], end: () => NONE, full: false }
}
