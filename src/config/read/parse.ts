// XML text to a tree of elements that know their places in the text. fast-xml-parser makes the tree and
// tells where each element starts and ends; markup.ts has refused before what it must not be given.
import { XMLParser } from 'fast-xml-parser'
import { BalancerError, messageOf } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Steps } from '../../base/steps.ts'
import type { FaultList } from './fault.ts'
import { type StartTags, scanMarkup } from './markup.ts'
import { type Attribute, type StartTag, decode } from './start-tag.ts'

export interface Element {
  readonly name: string
  /** The start tag, or the whole element where it closes itself. */
  readonly tag: StartTag
  /** Offset of `<`. */
  readonly start: number
  /** Behind the end tag. */
  readonly end: number
  /** In the order of the text; notes are among them. */
  readonly children: readonly Element[]
  /** Text and CDATA directly inside, without comments. */
  readonly text: string
}

/** Read a text into its root element; undefined where it is not XML, and then `faults` says why. */
export function* parseMarkup(text: string, faults: FaultList): Steps<Element | undefined> {
  const tags = yield* scanMarkup(text, faults)
  if (tags === undefined || faults.full) return undefined
  try {
    const nodes: readonly Node[] = parser().parse(text)
    const root = nodes.find((node) => placesOf(node) !== undefined)
    if (root === undefined) throw new Error('it has no root')
    return yield* elementOf(root, tags)
  } catch (error) {
    // What markup.ts let through is read by both in the same way; if not, the document is not ours to edit.
    faults.fault(0, `the document cannot be read: ${messageOf(error)}`)
    return undefined
  }
}

/** The attribute of that name; the first where it was given twice, which is a fault reported elsewhere. */
export function attributeOf(element: Element | undefined, name: string): Attribute | undefined {
  if (element === undefined) return undefined
  for (const attribute of element.tag.attributes) if (attribute.name === name) return attribute
  return undefined
}

/** The children of that name, in the order of the text. */
export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The only child of that name. */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name)
}

/** What `preserveOrder` gives: one key, which is the name of the element or says that it is text. */
type Node = Readonly<Record<string, unknown>>

interface Places {
  readonly startIndex: number
  readonly endIndex: number
}

const PLACES = XMLParser.getMetaDataSymbol() as unknown as symbol
const TEXT = '#text'
const CDATA = '#cdata'

function parser(): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    captureMetaData: true,
    ignoreDeclaration: true,
    // Attributes, entities and numbers are read by us, who know their places and meaning.
    ignoreAttributes: true,
    processEntities: false,
    parseTagValue: false,
    trimValues: false,
    jPath: false,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    maxNestedTags: LIMITS.configDepthMax + 1,
  })
}

function* elementOf(node: Node, tags: StartTags): Steps<Element> {
  const children: Element[] = []
  let text = ''
  for (const inside of nodesIn(node, nameOf(node))) {
    text += textOf(inside)
    if (placesOf(inside) === undefined) continue
    yield
    const isEmpty = nodesIn(inside, nameOf(inside)).length === 0
    children.push(isEmpty ? elementWith([], '', inside, tags) : yield* elementOf(inside, tags))
  }
  return elementWith(children, text, node, tags)
}

function elementWith(
  children: readonly Element[],
  text: string,
  node: Node,
  tags: StartTags,
): Element {
  const name = nameOf(node)
  const { startIndex: start, endIndex: end } = placesOf(node) ?? { startIndex: 0, endIndex: 0 }
  const tag = tags.get(start)
  if (tag?.name !== name) {
    throw new BalancerError('INTERNAL', `two readers of one document disagree about <${name}>`)
  }
  return { name, tag, start, end, children, text }
}

// Its only key that is not a symbol.
function nameOf(node: Node): string {
  for (const name in node) return name
  return ''
}

function textOf(node: Node): string {
  const plain = node[TEXT]
  if (typeof plain === 'string') return decode(plain)
  const parts = node[CDATA] === undefined ? [] : nodesIn(node, CDATA)
  return parts
    .map((part) => part[TEXT])
    .filter((raw) => typeof raw === 'string')
    .join('')
}

function nodesIn(node: Node, name: string): readonly Node[] {
  const inside = node[name]
  return Array.isArray(inside) ? inside : []
}

function placesOf(node: object): Places | undefined {
  return (node as Readonly<Record<symbol, Places | undefined>>)[PLACES]
}
