// Log-ins are numbered in one row, over ssh and in the page alike: `logout N` ends the one that is meant.

let last = 0

/** Counts up from 1 over the life of the process. */
export function nextLoginNumber(): number {
  last += 1
  return last
}
