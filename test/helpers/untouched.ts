// What an edit left alone, looked at from outside: both texts are parsed, what is the same thing in both is paired
// by its name, and where the snapshots say that nothing changed the bytes must be the same. Knows nothing of how
// edits are made.
import { LISTEN_ADDRESS, NAME, SECTION_OF } from '../../src/config/read/grammar.ts'
import { type Element, attributeOf } from '../../src/config/read/parse.ts'
import type { Document } from '../../src/config/read/read.ts'
import type { SettingName } from '../../src/model/setting-fields.ts'
import type { BalancerSnapshot } from '../../src/model/snapshot.ts'

/** What was touched and had no reason to be; each with the text before and after. */
export function touchedForNothing(before: Document, after: Document): string[] {
  const comparison = new Comparison(before, after)
  comparison.compare('', before.root, after.root)
  return comparison.found
}

const CONTAINERS: ReadonlySet<string> = new Set(
  'config pdconfig service group admin manager user'.split(' '),
)

class Comparison {
  readonly found: string[] = []
  readonly #before: Document
  readonly #after: Document
  readonly #from: ReadonlyMap<string, string>
  readonly #to: ReadonlyMap<string, string>

  constructor(before: Document, after: Document) {
    this.#before = before
    this.#after = after
    this.#from = valuesByPath(before.snapshot)
    this.#to = valuesByPath(after.snapshot)
  }

  compare(path: string, a: Element, b: Element): void {
    const unnamed = a.name === 'host' && attributeOf(a, NAME.attribute) === undefined
    const unchanged = !unnamed && this.#from.get(path) === this.#to.get(path)
    if (!CONTAINERS.has(a.name)) {
      if (unchanged) this.#expectSame(path, [a.start, a.end], [b.start, b.end])
      return
    }
    const tags = [a, b].map(({ tag }) => [tag.start, tag.attributesEnd] as const)
    if (unchanged && tags[0] !== undefined && tags[1] !== undefined)
      this.#expectSame(path, tags[0], tags[1])
    const [inA, inB] = [keyed(this.#before.text, a), keyed(this.#after.text, b)]
    for (const [key, child] of inA) {
      const other = inB.get(key)
      if (other !== undefined) this.compare(`${path}/${key}`, child, other)
    }
    if (!a.tag.selfClosing) this.#compareGaps(path, a, b, inA, inB)
  }

  // Between two neighbours that are there before and after, with what went and what came left out.
  #compareGaps(
    path: string,
    a: Element,
    b: Element,
    inA: ReadonlyMap<string, Element>,
    inB: ReadonlyMap<string, Element>,
  ): void {
    const stay = [...inA.keys()].filter((key) => inB.has(key))
    // Where the order changed, what stands between has no one place.
    if (stay.join('\n') !== [...inB.keys()].filter((key) => inA.has(key)).join('\n')) return
    // What comes may be what goes under another name, and have another place.
    if (ORDERED.some((name) => goesIn(inA, inB, name) && goesIn(inB, inA, name))) return
    let [fromA, fromB] = [a.tag.end, b.tag.end]
    for (const key of [...stay, undefined]) {
      const [childA, childB] = key === undefined ? [] : [inA.get(key), inB.get(key)]
      const [toA, toB] = [childA?.start ?? a.end, childB?.start ?? b.end]
      const one = without(this.#before.text, fromA, toA, a.children)
      const other = without(this.#after.text, fromB, toB, b.children)
      const exact = !one.cut && !other.cut
      if (exact ? one.text !== other.text : blanksOut(one.text) !== blanksOut(other.text))
        this.#tell(`${path} before ${key ?? 'its end'}`, one.text, other.text)
      ;[fromA, fromB] = [childA?.end ?? a.end, childB?.end ?? b.end]
    }
  }

  #expectSame(path: string, a: readonly [number, number], b: readonly [number, number]): void {
    const [one, other] = [this.#before.text.slice(...a), this.#after.text.slice(...b)]
    if (one !== other) this.#tell(path, one, other)
  }

  #tell(path: string, one: string, other: string): void {
    this.found.push(`${path}: ${JSON.stringify(one)} became ${JSON.stringify(other)}`)
  }
}

const ORDERED = ['host', 'check', 'key']

function goesIn(
  from: ReadonlyMap<string, Element>,
  to: ReadonlyMap<string, Element>,
  name: string,
): boolean {
  return [...from].some(([key, child]) => child.name === name && !to.has(key))
}

/** The text of a range without the children that lie in it. */
function without(text: string, start: number, end: number, children: readonly Element[]) {
  const inside = children.filter((child) => child.start >= start && child.end <= end)
  let [kept, at] = ['', start]
  for (const child of inside) {
    kept += text.slice(at, child.start)
    at = child.end
  }
  return { text: kept + text.slice(at, end), cut: inside.length > 0 }
}

function blanksOut(text: string): string {
  return text.replace(/\s+/g, '')
}

/** The children by what they are called; where nothing calls them, by their bytes. */
function keyed(text: string, parent: Element): ReadonlyMap<string, Element> {
  const byKey = new Map<string, Element>()
  let hosts = 0
  for (const child of parent.children) {
    const name = attributeOf(child, NAME.attribute)?.value
    let key = child.name
    if (['service', 'group', 'user', 'token'].includes(child.name)) key += ` ${name}`
    if (child.name === 'host') key += ` ${name ?? `host.${hosts}`}`
    if (child.name === 'host') hosts++
    if (child.name === 'listen') key += ` ${LISTEN_ADDRESS.read(attributeOf(child, 'ip')?.value)}`
    if (['check', 'key', 'note'].includes(child.name))
      key += ` ${text.slice(child.start, child.end)}`
    let number = 0
    while (byKey.has(`${key}#${number}`)) number++
    byKey.set(`${key}#${number}`, child)
  }
  return byKey
}

/** What each element says, without its children, by the path that `keyed` gives it. */
function valuesByPath({
  services,
  users,
  tokens,
  settings,
}: BalancerSnapshot): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  const say = (path: string, value: unknown) => values.set(path, JSON.stringify(value))
  for (const { name, listeners, groups, enabledGroup, ...own } of services) {
    const service = `/service ${name}#0`
    say(service, own)
    say(`${service}/enable#0`, enabledGroup)
    for (const listener of listeners) say(`${service}/listen ${listener.address}#0`, listener)
    for (const { hosts, checks: _, ...group } of groups) {
      say(`${service}/group ${group.name}#0`, [group, group.name === enabledGroup])
      for (const host of hosts) say(`${service}/group ${group.name}#0/host ${host.name}#0`, host)
    }
  }
  for (const { keys: _, ...user } of users) say(`/admin#0/user ${user.name}#0`, user)
  for (const token of tokens) say(`/admin#0/token ${token.name}#0`, token)
  for (const [name, value] of Object.entries(settings)) {
    const section = SECTION_OF[name as SettingName]
    say(section === undefined ? `/${name}#0` : `/${section}#0/${name}#0`, value)
  }
  // Old spellings: the page in <admin>, the interval in <checktime>.
  say('/admin#0', settings.web)
  say('/checktime#0', settings.hostCheck)
  return values
}
