// Is plain data the same, all the way down? Asked of whole documents while traffic waits: what both sides share is not
// looked into, and nothing is made on the way.

/** Values, and arrays and objects of them; of what class they are does not matter. */
export function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object') return false
  if (one === null || other === null) return false
  if (!Array.isArray(one)) return !Array.isArray(other) && equalFields(one, other)
  if (!Array.isArray(other)) return false
  return one.length === other.length && one.every((item, at) => equal(item, other[at]))
}

function equalFields(one: object, other: object): boolean {
  let count = 0
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !equal(fieldOf(one, name), fieldOf(other, name)))
      return false
    count++
  }
  return count === Object.keys(other).length
}

function fieldOf(of: object, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name]
}
