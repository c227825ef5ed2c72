// The lines in which two texts differ, as `diff` would print them, without places.

export function changedLines(from: string, to: string): string[] {
  const [a, b] = [from.split('\n'), to.split('\n')]
  const lengths = commonLengths(a, b)
  const changed: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      changed.push(`-${a[i++]}`)
    } else {
      changed.push(`+${b[j++]}`)
    }
  }
  return changed
}

// Length of the longest common run of lines, from each pair of places to the ends.
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from(a.concat(''), () => b.concat('').map(() => 0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const longest = Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
      lengths[i]![j] = a[i] === b[j] ? at(lengths, i + 1, j + 1) + 1 : longest
    }
  }
  return lengths
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0
}
