// The walks press all that the page offers: every command of the table that its source names, and every other call that
// changes something, stands in the list of a walk; and the lists name nothing that the page has not.
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/commands/table.ts'
import { readSources } from '../../tidy/rules.ts'
import { WALKED } from './walked.ts'

const source = readSources('src/web/ui')
  .map(({ text }) => text)
  .join('\n')

/** Commands whose names are words that the page uses for something else as well. */
const OTHER_WORDS: readonly string[] = ['say', 'set', 'stop']

function offeredCommands(): string[] {
  const names = COMMANDS.map(({ words }) => words.join('-'))
  return names.filter((name) => {
    if (OTHER_WORDS.includes(name)) return false
    return source.includes(`'${name}'`) || source.includes(`"${name}"`)
  })
}

/** `DELETE /jobs/N` */
function otherCalls(): string[] {
  const calls = source.matchAll(/\b(post|put|del)(?:<[^>]*>)?\(\s*[`'](\/[^`']*)[`']/g)
  return [...calls].map(([, verb = '', path = '']) => {
    const method = verb === 'del' ? 'DELETE' : verb.toUpperCase()
    return `${method} ${path.replace(/\$\{[^}]*\}/, 'N')}`
  })
}

test('every command and call of the page is pressed by a walk', () => {
  const pressed = new Set<string>(Object.values(WALKED).flat())
  const offered = new Set([...offeredCommands(), ...otherCalls()])
  expect([...pressed].toSorted()).toEqual([...offered].toSorted())
})
