// The generated pages say what the source says, and leave nothing out.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { DIRECTOR_EXAMPLE, ELEMENTS, EXAMPLE } from '../../scripts/docs/configuration-prose.ts'
import { meaningsIn } from '../../scripts/docs/limits.ts'
import { PAGES } from '../../scripts/docs/pages.ts'
import { ERRORS } from '../../src/base/errors.ts'
import { LIMITS } from '../../src/base/limits.ts'
import { usageOf } from '../../src/commands/command.ts'
import { COMMANDS } from '../../src/commands/table.ts'
import { GRAMMAR } from '../../src/config/read/grammar.ts'
import { readDocument } from '../../src/config/read/read.ts'
import { CLOSE_REASONS } from '../../src/base/close-reasons.ts'

const textOf = (file: string) => PAGES.find(([path]) => path === file)?.[1]() ?? ''

test.each(PAGES)('%s is up to date; if not: npx tsx scripts/docs.ts', (file, page) => {
  expect(readFileSync(file, 'utf8')).toBe(page())
})

test.each(PAGES)('%s has no row with a missing or surplus cell', (_, page) => {
  const lines = page().split('\n')
  const widthOf = (line: string) => line.replaceAll(String.raw`\|`, '').split('|').length
  const odd = lines.filter((line, index) => {
    const above = lines[index - 1] ?? ''
    return line.startsWith('|') && above.startsWith('|') && widthOf(line) !== widthOf(above)
  })
  expect(odd).toEqual([])
})

test('docs/commands.md has every command', () => {
  const text = textOf('docs/commands.md')
  for (const command of COMMANDS) expect(text).toContain(usageOf(command))
})

test('docs/errors.md has every error and every end of a session, and no other', () => {
  const named = [...textOf('docs/errors.md').matchAll(/^\| `([\w-]+)`/gm)].map(
    ([, name = '']) => name,
  )
  const known = [...Object.keys(ERRORS), ...Object.keys(CLOSE_REASONS)]
  expect(named.toSorted()).toEqual(known.toSorted())
})

describe('docs/limits.md', () => {
  test('has every limit with its meaning', () => {
    for (const name of Object.keys(LIMITS)) {
      expect(textOf('docs/limits.md')).toMatch(
        new RegExp(`^\\| \`${name}\` \\| [\\d,]+ \\| \\S+`, 'm'),
      )
    }
  })

  test('takes meanings from comments of one line or many', () => {
    const source = '  /** One. */\n  a: 1,\n  b: 2,\n  /**\n   * Two\n   * lines.\n   */\n  c: 3,\n'
    expect([...meaningsIn(source)]).toEqual([
      ['a', 'One.'],
      ['b', 'One.'],
      ['c', 'Two lines.'],
    ])
  })
})

describe('docs/configuration.md', () => {
  test('has every element of the grammar', () => {
    const old = ['config', 'pdconfig', 'enable', 'checktime']
    expect([...GRAMMAR.keys()].toSorted()).toEqual([...Object.keys(ELEMENTS), ...old].toSorted())
  })

  test.each(Object.entries({ EXAMPLE, DIRECTOR_EXAMPLE }))('%s loads', (name, xml) => {
    const result = readDocument(xml, name)
    expect('faults' in result ? result.faults : []).toEqual([])
    expect(textOf('docs/configuration.md')).toContain(xml)
  })
})
