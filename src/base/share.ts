// Plain data made of the very parts of other data wherever both say the same. Snapshots that share their parts are
// compared at a glance, however many hosts they have, and are kept beside each other for the price of one.

/** `data`, said by as many objects and arrays of `known` as can say it; `known` itself where it is the same. */
export function sharing<Data>(data: Data, known: unknown): Data {
  return shared(data, known) as Data
}

function shared(data: unknown, known: unknown): unknown {
  if (data === known || typeof data !== 'object' || data === null) return data
  if (typeof known !== 'object' || known === null) return data
  if (Array.isArray(data)) return Array.isArray(known) ? sharedList(data, known) : data
  return Array.isArray(known) ? data : sharedFields(data as Fields, known as Fields)
}

type Fields = Readonly<Record<string, unknown>>

function sharedFields(data: Fields, known: Fields): Fields {
  let [count, differs] = [0, false]
  const parts: Record<string, unknown> = {}
  for (const name in data) {
    parts[name] = shared(data[name], known[name])
    differs ||= parts[name] !== known[name]
    count++
  }
  return differs || count !== Object.keys(known).length ? parts : known
}

function sharedList(data: readonly unknown[], known: readonly unknown[]): readonly unknown[] {
  let byName: ReadonlyMap<unknown, unknown> | undefined
  const counterpart = (item: unknown, at: number): unknown => {
    if (item === known[at]) return item
    const name = nameOf(item)
    if (name === undefined || nameOf(known[at]) === name) return known[at]
    byName ??= new Map(known.map((each) => [nameOf(each), each]))
    return byName.get(name)
  }
  const items = data.map((item, at) => shared(item, counterpart(item, at)))
  const same = items.length === known.length && items.every((item, at) => item === known[at])
  return same ? known : items
}

function nameOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'name' in item ? item.name : undefined
}
