// What a part of this bench finds, and how it tells it: progress goes to stderr, figures as JSON to stdout.

export interface Figure {
  /** What was measured, with its unit. */
  readonly name: string
  /** What the median of the rounds is held against; left out, it is for information. */
  readonly most?: number
  /** One of each round. */
  readonly values: readonly number[]
  /** The same in CPU time of Sluice, in milliseconds: what it would be if nobody else had work here. */
  readonly cpuMs?: readonly number[]
}

export function tell(figures: readonly Figure[]): void {
  console.log(JSON.stringify(figures))
}

export function say(line: string): void {
  console.error(line)
}
