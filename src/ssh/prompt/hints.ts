// Slips on the live objects that JavaScript lets pass without a word: a name that is not there, a write that
// changes nothing. Looks only at plain chains of names that begin with `lb` or `services`, so that nothing
// but the getters of the model is ever run for a hint.
import { BalancerError } from '../../base/errors.ts'
import { didYouMean } from '../../base/nearest.ts'

/** `.name`, `?.name`, `['name']`, `[0]` */
const STEP =
  /\s*(?:\??\.\s*([A-Za-z_$][\w$]*)|(?:\?\.)?\[\s*(?:'([^'\\]*)'|"([^"\\]*)"|(\d+))\s*\])/y
const ASSIGNED = /^\s*(?:(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--)/
const ROOT = /^\s*(?:(?:\+\+|--)\s*|(delete)\s+)?(lb|services)(?![\w$])/
/** Names that one hint lists. */
const LISTED_MAX = 12

/** What `lb` or `services` is where the line was typed; undefined where it is the operator's own. */
export type Roots = (name: string) => unknown

interface Chain {
  readonly root: string
  readonly names: readonly string[]
  /** Is its end written to, or deleted? */
  readonly written: 'assigned' | 'deleted' | undefined
}

/** @throws BalancerError REFUSED where the line writes to what cannot be written */
export function refuseLostWrite(line: string, roots: Roots): void {
  const chain = chainOf(line)
  if (chain?.written === undefined) return
  const { root, written } = chain
  const name = chain.names.at(-1)
  const owner = valueOf(roots, root, chain.names.slice(0, -1))
  if (typeof owner !== 'object' || owner === null) return
  if (name === undefined)
    throw refused(line, `${root} is the balancer's; let ${root} = … makes one of your own`)
  if (written === 'assigned' && takesWrite(owner, name)) return
  if (isRecord(owner))
    throw refused(line, 'what it holds comes and goes by verbs, such as addHost and removeHost')
  if (!(name in owner)) throw refused(line, `there is no ${name}${near(name, namesOf(owner))}`)
  throw refused(line, `${name} cannot be ${written}${isVerb(owner, name) ? '; call it' : ''}`)
}

/** What to say of a line whose names lead nowhere: `groups has main, spare, did you mean main?` */
export function missingName(line: string, roots: Roots): string | undefined {
  const chain = chainOf(line)
  if (chain === undefined || chain.written !== undefined) return undefined
  for (const [index, name] of chain.names.entries()) {
    const owner = valueOf(roots, chain.root, chain.names.slice(0, index))
    if (typeof owner !== 'object' || owner === null) return undefined
    if (name in owner) continue
    const place = chain.names[index - 1] ?? chain.root
    return `undefined: ${place} ${sentenceFor(name, owner)}`
  }
  return undefined
}

function sentenceFor(name: string, owner: object): string {
  const names = namesOf(owner)
  if (!isRecord(owner)) return `has no ${name}${near(name, names)}`
  if (names.length === 0) return 'has nothing in it'
  const more = names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : ''
  return `has ${names.slice(0, LISTED_MAX).join(', ')}${more}${near(name, names).replace(/^,/, ';')}`
}

function chainOf(line: string): Chain | undefined {
  const start = ROOT.exec(line)
  if (start === null) return undefined
  const names: string[] = []
  let end = start[0].length
  for (;;) {
    STEP.lastIndex = end
    const step = STEP.exec(line)
    if (step === null) break
    names.push(step.slice(1).find((part) => part !== undefined) ?? '')
    end = STEP.lastIndex
  }
  const [, deleted, root = ''] = start
  const assigned = /^\s*(?:\+\+|--)/.test(line) || ASSIGNED.test(line.slice(end))
  const written = deleted === undefined ? undefined : 'deleted'
  return { root, names, written: assigned ? 'assigned' : written }
}

function valueOf(roots: Roots, root: string, names: readonly string[]): unknown {
  let value = roots(root)
  for (const name of names) {
    // A function may be the operator's own (`ask`), and so may be what hangs on it.
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return value
}

/** Would an assignment do what it says, or at least refuse by itself? */
function takesWrite(owner: object, name: string): boolean {
  for (let each: object | null = owner; each !== null; each = Object.getPrototypeOf(each)) {
    const property = Object.getOwnPropertyDescriptor(each, name)
    if (property === undefined) continue
    if (property.get !== undefined || property.set !== undefined) return property.set !== undefined
    return property.writable === true && (each === owner || Object.isExtensible(owner))
  }
  return Object.isExtensible(owner)
}

/** Children by name: `services`, `groups`, `hosts`, `listeners`. */
function isRecord(owner: object): boolean {
  return Object.getPrototypeOf(owner) === null
}

function isVerb(owner: object, name: string): boolean {
  const property = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(owner), name)
  return typeof property?.value === 'function'
}

function namesOf(owner: object): readonly string[] {
  if (isRecord(owner)) return Object.keys(owner)
  const inherited = Object.getOwnPropertyNames(Object.getPrototypeOf(owner))
  return [...Object.keys(owner), ...inherited].filter((name) => name !== 'constructor')
}

function near(name: string, names: readonly string[]): string {
  return didYouMean(name, names)
}

function refused(line: string, why: string): BalancerError {
  const what = line.trim().replace(/\s+/g, ' ')
  const shown = what.length > 60 ? `${what.slice(0, 60)}…` : what
  return new BalancerError('REFUSED', `${shown}: ${why}`)
}
