// `show config`: the document as it runs and as it is stored. Hashes of passwords are for role full only:
// whoever may look should not take home something to guess at.
import { command } from '../command.ts'
import { oneOf } from '../line/kinds.ts'

const SIDES = ['running', 'stored'] as const

export const showConfig = command({
  words: ['show', 'config'],
  arguments: {
    side: {
      kind: oneOf('SIDE', SIDES),
      summary: 'running (left out: this one) is what a save would write, stored is the file',
      optional: true,
    },
  },
  role: 'readonly',
  summary: 'print the configuration as XML; password hashes only for role full',
  examples: ['show config', 'show config stored', 'show config --json'],
  json: { list: false, fields: ['file', 'running', 'stored', 'unsaved'] },
  async run(_, { process, role, note }) {
    const { file, running, stored, unsaved = null } = process.document()
    // Beside the document, which may go into a file.
    if (unsaved !== null) await note(`unsaved: ${unsaved}\n`)
    if (role === 'full') return { file, running, stored, unsaved }
    return { file, running: withoutHashes(running), stored: withoutHashes(stored), unsaved }
  },
  text(result, { side = 'running' }) {
    return result[side] === ''
      ? 'nothing is stored: there is no configuration file\n'
      : result[side]
  },
})

/** The same text without the hashes of passwords. */
export function withoutHashes(xml: string): string {
  return xml.replace(/(\bpassword\s*=\s*)("[^"]*"|'[^']*')/gi, '$1"***"')
}
