// docs/configuration.md: what the file may hold, element by element, out of the grammar that reads it.
import { type ElementRule, GRAMMAR } from '../../src/config/read/grammar.ts'
import type { Field } from '../../src/model/field.ts'
import { SCHEDULER_ALIASES } from '../../src/model/scheduler-names.ts'
import { ELEMENTS, INTRODUCTION, OLD_SPELLINGS } from './configuration-prose.ts'
import { code, page, table } from './markdown.ts'

export function configurationPage(): string {
  const aliases = Object.entries(SCHEDULER_ALIASES).map(([old, name]) => [code(old), code(name)])
  return page([
    INTRODUCTION,
    '## Elements',
    ...Object.entries(ELEMENTS).flatMap(([name, prose]) => sectionOf(name, prose)),
    OLD_SPELLINGS,
    table(['old name of a scheduler', 'is'], aliases),
  ])
}

function sectionOf(name: string, prose: string): readonly string[] {
  const { attributes, required } = ruleOf(name)
  const rows = attributes.map((field) => rowOf(field, required))
  const titles = ['attribute', 'accepted', 'default', 'meaning', 'takes effect']
  return [`### ${code(`<${name}>`)}`, prose, rows.length === 0 ? '' : table(titles, rows)]
}

// The attributes that the grammar gives <admin> are an old spelling of <web>, told in the prose.
function ruleOf(name: string): Pick<ElementRule, 'attributes' | 'required'> {
  const rule = name === 'admin' ? undefined : GRAMMAR.get(name)
  return rule ?? { attributes: [], required: [] }
}

function rowOf(field: Field<never>, required: readonly string[]): readonly string[] {
  const { attribute, accepts, standard, summary, effect } = field
  const value = required.includes(attribute)
    ? '*required*'
    : code(field.format(standard)) || 'empty'
  return [code(attribute), accepts, value, summary, effect]
}
