// Does a tree follow the grammar? Every element and attribute that does not is one fault at its place,
// which says what was found and what is accepted. What the values mean together is looked at elsewhere.
import { didYouMean } from '../../base/nearest.ts'
import type { Steps } from '../../base/steps.ts'
import type { FaultList } from './fault.ts'
import {
  type AnyField,
  type ElementRule,
  GRAMMAR,
  NOTE,
  ROOTS,
  SCHEMA_ATTRIBUTES,
  SCHEMA_NAMESPACE,
} from './grammar.ts'
import { type Element, attributeOf } from './parse.ts'
import type { Attribute } from './start-tag.ts'

/** Look at the whole tree. @returns false where the root is not ours, so that nothing else is to be said */
export function* checkGrammar(root: Element, faults: FaultList): Steps<boolean> {
  if (!ROOTS.some((name) => name === root.name)) {
    faults.fault(root.start, `the root element is <${ROOTS.join('> or <')}>, got <${root.name}>`)
    return false
  }
  yield* checkInside(root, checkTag(root, faults), faults)
  return true
}

/** The start tag alone. @returns what may stand inside; undefined where nobody looks there */
function checkTag(element: Element, faults: FaultList): ElementRule | undefined {
  const rule = GRAMMAR.get(element.name)
  if (rule === undefined || faults.full) return undefined
  checkAttributes(element, rule, faults)
  return rule
}

function* checkInside(
  element: Element,
  rule: ElementRule | undefined,
  faults: FaultList,
): Steps<void> {
  if (rule === undefined) return
  const seen = new Map<string, Element>()
  for (const child of element.children) {
    yield
    if (faults.full) return
    if (child.name === NOTE) {
      checkNote(child, faults)
      continue
    }
    if (rule.children.includes(child.name)) {
      checkOnce(child, seen, faults)
      const inside = checkTag(child, faults)
      if (child.children.length > 0) yield* checkInside(child, inside, faults)
    } else {
      faults.fault(child.start, unknownElement(child, element, rule))
    }
  }
}

// Whatever it holds is XML nevertheless, or nothing else could read the document.
function checkNote(note: Element, faults: FaultList): void {
  if (faults.full) return
  const seen = new Set<string>()
  for (const { name, start } of note.tag.attributes) {
    if (seen.has(name)) faults.fault(start, givenTwice(name, note))
    seen.add(name)
  }
  for (const child of note.children) checkNote(child, faults)
}

function checkOnce(element: Element, seen: Map<string, Element>, faults: FaultList): void {
  const first = seen.get(element.name)
  seen.set(element.name, first ?? element)
  if (first === undefined || GRAMMAR.get(element.name)?.single !== true) return
  const where = faults.lineOf(first.start)
  faults.fault(
    element.start,
    `a second <${element.name}>, one is accepted; the first is on ${where}`,
  )
}

function checkAttributes(element: Element, rule: ElementRule, faults: FaultList): void {
  for (const attribute of element.tag.attributes) {
    if (faults.full) return
    checkAttribute(attribute, element, rule, faults)
  }
  for (const name of rule.required) {
    if (attributeOf(element, name) !== undefined) continue
    const accepts = rule.byName.get(name)?.accepts
    faults.fault(element.start, `<${element.name}> needs ${name}="…": ${accepts}`)
  }
}

function checkAttribute(
  attribute: Attribute,
  element: Element,
  rule: ElementRule,
  faults: FaultList,
): void {
  const field = rule.byName.get(attribute.name)
  if (attributeOf(element, attribute.name) !== attribute) {
    faults.fault(attribute.start, givenTwice(attribute.name, element))
  } else if (isSchemaAttribute(attribute, element)) {
    checkSchemaAttribute(attribute, element, faults)
  } else if (field === undefined) {
    faults.fault(attribute.start, unknownAttribute(attribute, element, rule))
  } else if (field.read(attribute.value) === undefined) {
    faults.fault(attribute.start, valueRefused(field, attribute.value))
  }
}

function isSchemaAttribute({ name }: Attribute, { name: element }: Element): boolean {
  return ROOTS.some((root) => root === element) && SCHEMA_ATTRIBUTES.includes(name)
}

function checkSchemaAttribute({ name, value, start }: Attribute, root: Element, faults: FaultList) {
  const [namespace = '', location = ''] = SCHEMA_ATTRIBUTES
  if (name === namespace && value !== SCHEMA_NAMESPACE) {
    faults.fault(start, `${namespace} is ${SCHEMA_NAMESPACE} or is left out`)
  } else if (name === location && attributeOf(root, namespace) === undefined) {
    faults.fault(start, `${location} needs ${namespace}="${SCHEMA_NAMESPACE}"`)
  }
}

function givenTwice(name: string, element: Element): string {
  return `${name} is given twice in <${element.name}>`
}

/** `weight is a whole number from 0 to 256, got "x"` */
function valueRefused(field: AnyField, given: string): string {
  const shown = given.length > 80 ? `${given.slice(0, 80)}…` : given
  return `${field.attribute} is ${field.accepts}, got ${JSON.stringify(shown)}`
}

function unknownElement(child: Element, parent: Element, { children }: ElementRule): string {
  const accepted = children.length === 0 ? 'nothing but <note>' : children.join(', ')
  const choice = choiceOf(child.name, children, accepted)
  return `<${child.name}> is not known in <${parent.name}>${choice}`
}

function unknownAttribute(
  attribute: Attribute,
  element: Element,
  { attributes }: ElementRule,
): string {
  const names = attributes.map((field) => field.attribute)
  const choice = choiceOf(attribute.name, names, names.length === 0 ? 'none' : names.join(', '))
  return `${attribute.name} is not known in <${element.name}>${choice}`
}

/** `, did you mean weight? accepted: name, ip, weight` */
function choiceOf(word: string, names: readonly string[], accepted: string): string {
  return `${didYouMean(word, names) || ';'} accepted: ${accepted}`
}
