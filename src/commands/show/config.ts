// `show config`: the document as it runs, as it is stored, and as one's candidate would have it. Hashes of passwords and
// tokens are for role full only: whoever may look should not take home something to guess at.
import { BalancerError } from '../../base/errors.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { oneOf } from '../line/kinds.ts'

const SIDES = ['running', 'stored', 'candidate'] as const

export const showConfig = command({
  words: ['show', 'config'],
  arguments: {
    side: {
      kind: oneOf('SIDE', SIDES),
      summary:
        'running (left out: this one) is what a save would write, stored is the file, candidate what a commit of yours would make of it',
      optional: true,
    },
  },
  role: 'readonly',
  summary: 'print the configuration as XML; hashes of passwords and tokens only for role full',
  examples: ['show config', 'show config stored', 'show config --json'],
  json: { list: false, fields: ['file', 'running', 'stored', 'candidateText', 'unsaved'] },
  async run({ side }, context) {
    const { process, role, note } = context
    const { file, running, stored, unsaved = null } = process.document()
    const candidate = candidateOf(context)
    if (side === 'candidate' && candidate === null)
      throw new BalancerError('NOT_FOUND', 'you have no candidate; begin opens one')
    // Beside the document, which may go into a file.
    if (unsaved !== null) await note(`unsaved: ${unsaved}\n`)
    const texts = { running, stored, candidate: candidate ?? '' }
    const shown = role === 'full' ? texts : mapped(texts, withoutHashes)
    const candidateText = candidate === null ? null : shown.candidate
    return { file, running: shown.running, stored: shown.stored, candidateText, unsaved }
  },
  text(result, { side = 'running' }) {
    const text = side === 'candidate' ? result.candidateText : result[side]
    return text || 'nothing is stored: there is no configuration file\n'
  },
})

/** Null where this operator has none. */
function candidateOf({ process, operator }: CommandContext): string | null {
  const candidate = process.candidates.of(operator)
  return candidate === undefined ? null : process.textOf(candidate.balancer)
}

function mapped<Name extends string>(
  texts: Readonly<Record<Name, string>>,
  change: (text: string) => string,
): Record<Name, string> {
  const pairs = Object.entries<string>(texts).map(([name, text]) => [name, change(text)])
  return Object.fromEntries(pairs) as Record<Name, string>
}

/** The same text without the hashes of passwords and tokens. */
export function withoutHashes(xml: string): string {
  return xml.replace(/(\b(?:password|hash)\s*=\s*)("[^"]*"|'[^']*')/gi, '$1"***"')
}
