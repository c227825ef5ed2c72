// etc/sluice.xsd: the grammar for editors, which complete and check a document with it while it is typed. Made of
// the same tables as the reader. It accepts whatever the reader accepts, and not always the other way round: what
// holds between two values, and "at most one", cannot be said in XSD 1.0 where the order is free.
import {
  type AnyField,
  type ElementRule,
  GRAMMAR,
  NOTE,
  ROOTS,
} from '../../src/config/read/grammar.ts'
import type { Form } from '../../src/model/field.ts'
import { ELEMENTS } from './configuration-prose.ts'

export function schema(): string {
  const types = [...GRAMMAR].filter(([name]) => !isRoot(name))
  const [root] = ROOTS
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by \`npx tsx scripts/docs.ts\` out of the tables of fields. In a document:
     <config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="sluice.xsd"> -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">
${ROOTS.map((name) => `  <xs:element name="${name}" type="${root}" />`).join('\n')}
${[...types, [root, ruleOf(root)] as const].map(([name, rule]) => complexType(name, rule)).join('\n')}
${NOTE_TYPE}
${SIMPLE_TYPES}
</xs:schema>
`
}

function isRoot(name: string): boolean {
  return ROOTS.some((root) => root === name)
}

function ruleOf(name: string): ElementRule {
  const rule = GRAMMAR.get(name)
  if (rule === undefined) throw new Error(`no rule for ${name}`)
  return rule
}

function complexType(name: string, { attributes, children, required }: ElementRule): string {
  const elements = [...children, NOTE].map(
    (child) => `      <xs:element name="${child}" type="${child}" />\n`,
  )
  return `
  <xs:complexType name="${name}" mixed="true">
${documentation(proseOf(name), '    ')}    <xs:choice minOccurs="0" maxOccurs="unbounded">
${elements.join('')}    </xs:choice>
${attributes.map((field) => attribute(field, required.includes(field.attribute))).join('')}  </xs:complexType>`
}

function attribute(field: AnyField, required: boolean): string {
  const { attribute: name, summary, accepts, effect, standard, form } = field
  const type = simpleType(form)
  const [reference, inline] = type.startsWith('<') ? ['', type] : [` type="${type}"`, '']
  const use = required ? ' use="required"' : ''
  const otherwise = required ? '' : ` Default: ${field.format(standard) || 'empty'}.`
  const told = `${summary}. Accepted: ${accepts}.${otherwise} Takes effect ${effect}.`
  return `    <xs:attribute name="${name}"${reference}${use}>
${documentation(told, '      ')}${inline === '' ? '' : `      ${inline}\n`}    </xs:attribute>
`
}

function documentation(text: string, indent: string): string {
  if (text === '') return ''
  return `${indent}<xs:annotation><xs:documentation>${escaped(text)}</xs:documentation></xs:annotation>\n`
}

/** Name of a type, or a type of its own. */
function simpleType(form: Form): string {
  switch (form.kind) {
    case 'whole':
      return restriction('xs:nonNegativeInteger', [
        `<xs:minInclusive value="${form.min}" />`,
        `<xs:maxInclusive value="${form.max}" />`,
      ])
    case 'words':
      return wordType([...form.words, ...Object.keys(form.aliases)])
    case 'duration':
      return form.bareSeconds ? 'durationOrSeconds' : 'duration'
    case 'address':
      return `address${form.port === 'needed' ? 'WithPort' : ''}${form.empty ? 'OrNone' : ''}`
    case 'text':
      return form.pattern === undefined ? 'line' : restriction('line', [pattern(form.pattern)])
    case 'list':
      return 'xs:string'
    default:
      return form.kind
  }
}

// The words themselves, which editors offer; and the same in any case, which is accepted as well.
function wordType(words: readonly string[]): string {
  const offered = words.map((word) => `<xs:enumeration value="${word}" />`)
  const inAnyCase = words.map(anyCase).join('|')
  const members = [
    restriction('xs:token', offered),
    restriction('xs:token', [patternOf(inAnyCase)]),
  ]
  return `<xs:simpleType><xs:union>${members.join('')}</xs:union></xs:simpleType>`
}

function restriction(base: string, facets: readonly string[]): string {
  return `<xs:simpleType><xs:restriction base="${base}">${facets.join('')}</xs:restriction></xs:simpleType>`
}

// A pattern of XSD is anchored by itself and knows no escaped slash.
function pattern({ source }: RegExp): string {
  return patternOf(source.replace(/^\^|\$$/g, '').replaceAll(String.raw`\/`, '/'))
}

function patternOf(source: string): string {
  return `<xs:pattern value="${escaped(source)}" />`
}

function anyCase(word: string): string {
  const letter = (one: string) => `[${one.toUpperCase()}${one.toLowerCase()}]`
  return word.replace(/[^a-z0-9]/gi, String.raw`\$&`).replace(/[a-z]/gi, letter)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

// The prose of docs/configuration.md, without its marks.
function proseOf(name: string): string {
  const prose = ELEMENTS[name] ?? ''
  const [first = ''] = prose.split('\n\n')
  return first
    .replaceAll('`', '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('\n', ' ')
}

const NOTE_TYPE = `
  <xs:complexType name="${NOTE}" mixed="true">
    <xs:annotation><xs:documentation>Allowed anywhere with anything inside. Never read, and kept.</xs:documentation></xs:annotation>
    <xs:choice minOccurs="0" maxOccurs="unbounded">
      <xs:any processContents="skip" />
    </xs:choice>
    <xs:anyAttribute processContents="skip" />
  </xs:complexType>`

const SECONDS = String.raw`[0-9]+(\.[0-9]+)?`
const TIME = `${SECONDS}(ms|s|m|h|d)|0`
const UNIX = 'unix:.+'
const IPV6 = String.raw`\[[0-9A-Fa-f:.]+(%[^\]]+)?\]`
const NAME = String.raw`[A-Za-z0-9_.\-]+|\*`
const PORT = ':[0-9]{1,5}'
const WITH_PORT = `${UNIX}|(${IPV6}|${NAME})?${PORT}|[0-9]{1,5}`
const OPTIONAL_PORT = `${WITH_PORT}|${IPV6}|${NAME}`

const SIMPLE_TYPES = [
  ['name', 'xs:string', String.raw`[^\s/\-]|[^\s/\-][^/]{0,62}[^\s/]`],
  ['line', 'xs:string', String.raw`\P{Cc}{0,1000}`],
  ['duration', 'xs:token', TIME],
  ['durationOrSeconds', 'xs:token', `${TIME}|${SECONDS}`],
  ['address', 'xs:token', OPTIONAL_PORT],
  ['addressOrNone', 'xs:token', `(${OPTIONAL_PORT})?`],
  ['addressWithPort', 'xs:token', WITH_PORT],
  ['addressWithPortOrNone', 'xs:token', `(${WITH_PORT})?`],
]
  .map(([name = '', base = '', source = '']) => {
    return `  ${restriction(base, [patternOf(source)]).replace('<xs:simpleType>', `<xs:simpleType name="${name}">`)}`
  })
  .join('\n')
  .concat(
    `\n  ${wordType(['true', 'false', 'yes', 'no', 'on', 'off', 'enable', 'disable', '1', '0']).replace('<xs:simpleType>', '<xs:simpleType name="flag">')}`,
  )
