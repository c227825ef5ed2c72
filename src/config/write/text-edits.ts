// Edits of a document's text: what is not named by an edit keeps its bytes. Edits are collected first and
// carried out together, so that every place is one of the original text.
import { type Element, attributeOf } from '../read/parse.ts'
import { type Layout, type Shape, escapeValue, renderChildren, renderShape } from './shape.ts'

/** Where a new child goes: behind or before one that stays, or before or behind all of them. */
export type Place = { readonly behind: Element } | { readonly before: Element } | 'first' | 'last'

/** A new element, or the text of one that is moved. */
export type Content = Shape | string

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

interface Insertion {
  readonly place: Place
  readonly content: Content
}

export class TextEdits {
  readonly #text: string
  readonly #root: Element
  readonly #step: string
  readonly #newline: string
  readonly #edits: Edit[] = []
  readonly #removed = new Set<Element>()
  readonly #insertions = new Map<Element, Insertion[]>()

  constructor(text: string, root: Element, newline = text.includes('\r\n') ? '\r\n' : '\n') {
    this.#text = text
    this.#root = root
    this.#newline = newline
    this.#step = this.#stepInside(root) ?? '  '
  }

  /** How much further in than the line of its parent the first child stands that has a line of its own. */
  #stepInside(root: Element): string | undefined {
    const parents = [root]
    for (const parent of parents) {
      const outer = this.#blanksBefore(parent)
      for (const child of parent.children) {
        const inner = this.#indentOf(child)
        if (inner?.startsWith(outer) && inner !== outer) return inner.slice(outer.length)
        // A document that is one long line is not looked through for what is not there.
        if (parents.push(child) > STEP_LOOKS) return undefined
      }
    }
    return undefined
  }

  /** Edits of the same text that are carried out apart, for an element that is moved. */
  another(): TextEdits {
    return new TextEdits(this.#text, this.#root, this.#newline)
  }

  /** Give an attribute another value in its place and its quotes, or append it behind the others. */
  setAttribute(element: Element, name: string, value: string): void {
    const attribute = attributeOf(element, name)
    if (attribute === undefined) {
      const { attributesEnd } = element.tag
      this.#replace(attributesEnd, attributesEnd, ` ${name}="${escapeValue(value)}"`)
    } else {
      const { valueStart, valueEnd } = attribute
      this.#replace(valueStart, valueEnd, escapeValue(value, this.#text[valueEnd]))
    }
  }

  /** Replace an element that has nothing worth keeping inside. */
  replace(element: Element, shape: Shape): void {
    this.#replace(element.start, element.end, renderShape(shape, this.#layout(undefined)))
  }

  /** Take an element out, and its line with it where it stands alone. */
  remove(element: Element): void {
    this.#removed.add(element)
    const { start, end } = this.#linesOf(element) ?? this.#withBlanks(element)
    this.#replace(start, end, '')
  }

  insert(parent: Element, place: Place, content: Content): void {
    const insertions = this.#insertions.get(parent) ?? []
    insertions.push({ place, content })
    this.#insertions.set(parent, insertions)
  }

  /** The text from `start` to `end` with all edits carried out. */
  apply(start = 0, end = this.#text.length): string {
    for (const [parent, insertions] of this.#insertions) this.#carryOut(parent, insertions)
    this.#insertions.clear()
    const pieces: string[] = []
    let at = start
    for (const edit of this.#edits.toSorted(byPlace)) {
      pieces.push(this.#text.slice(at, edit.start), edit.text)
      at = edit.end
    }
    return pieces.join('') + this.#text.slice(at, end)
  }

  #carryOut(parent: Element, insertions: readonly Insertion[]): void {
    if (this.#hasRoom(parent)) {
      for (const { place, content } of insertions) this.#insertBehind(parent, place, content)
      return
    }
    const layout = this.#layout(this.#indentOf(parent))
    const inside = insertions.map(({ content }) => content)
    // Texts are of moved elements, and those have a sibling; here are only shapes.
    const children = renderChildren(
      inside.filter((content) => typeof content !== 'string'),
      layout,
    )
    if (parent.tag.selfClosing) {
      this.#replace(parent.tag.attributesEnd, parent.end, `>${children}</${parent.name}>`)
    } else {
      this.#replace(parent.tag.end, parent.tag.end, children)
    }
  }

  // Is there a line, or a sibling on the same line, where a child can be put?
  #hasRoom({ tag, end, children }: Element): boolean {
    return (
      children.length > 0 || (!tag.selfClosing && this.#text.slice(tag.end, end).includes('\n'))
    )
  }

  #insertBehind(parent: Element, place: Place, content: Content): void {
    const anchor = this.#anchorOf(parent, place)
    const indent = this.#indentInside(parent)
    const rendered =
      typeof content === 'string' ? content : renderShape(content, this.#layout(indent))
    const behind = anchor === undefined ? parent.tag.end : anchor.end
    if (indent === undefined) {
      this.#replace(behind, behind, rendered)
    } else {
      const offset = this.#behindComments(behind)
      this.#replace(offset, offset, `${this.#newline}${indent}${rendered}`)
    }
  }

  // The child behind which it goes; undefined where it goes right behind the start tag.
  #anchorOf(parent: Element, place: Place): Element | undefined {
    if (place === 'first') return undefined
    if (place !== 'last' && 'behind' in place) return place.behind
    const end = place === 'last' ? parent.end : place.before.start
    return parent.children.findLast((child) => child.start < end && !this.#removed.has(child))
  }

  // What stands behind an element on its line, and says something about it, stays there.
  #behindComments(offset: number): number {
    COMMENTS_TO_LINE_END.lastIndex = offset
    return offset + (COMMENTS_TO_LINE_END.exec(this.#text)?.[0].length ?? 0)
  }

  #indentInside(parent: Element): string | undefined {
    const [sibling] = parent.children
    if (sibling !== undefined) return this.#indentOf(sibling)
    return this.#blanksBefore(parent) + this.#step
  }

  /** The blanks that the line of an element begins with. */
  #blanksBefore({ start }: Element): string {
    BLANKS.lastIndex = this.#lineStart(start)
    return BLANKS.exec(this.#text)?.[0] ?? ''
  }

  /** The blanks in front of an element; undefined where something else stands there. */
  #indentOf(element: Element): string | undefined {
    const before = this.#text.slice(this.#lineStart(element.start), element.start)
    return /^\uFEFF?[ \t]*$/.test(before) ? before.replace('\uFEFF', '') : undefined
  }

  #linesOf(element: Element): { start: number; end: number } | undefined {
    if (this.#indentOf(element) === undefined) return undefined
    LINE_END.lastIndex = element.end
    const rest = LINE_END.exec(this.#text)?.[0]
    if (rest === undefined) return undefined
    return { start: this.#lineStart(element.start), end: element.end + rest.length }
  }

  #withBlanks({ start, end }: Element): { start: number; end: number } {
    BLANKS.lastIndex = end
    return { start, end: end + (BLANKS.exec(this.#text)?.[0].length ?? 0) }
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1
  }

  #layout(indent: string | undefined): Layout {
    return { indent, step: this.#step, newline: this.#newline }
  }

  #replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text })
  }
}

/** Elements that are looked at to find out how far a child is indented. */
const STEP_LOOKS = 64

const COMMENTS_TO_LINE_END = /(?:[ \t]*<!--(?:(?!-->)[^\r\n])*-->)*[ \t]*(?=\r?\n)/y
const BLANKS = /[ \t]*/y
const LINE_END = /[ \t]*\r?\n/y

// At one place, what is inserted comes before what is replaced; among insertions the first comes first.
function byPlace(a: Edit, b: Edit): number {
  return a.start - b.start || a.end - b.end
}
