// `apply`: a whole document from standard input in place of what runs, all or nothing.
import { LIMITS } from '../../base/limits.ts'
import { countOf, linesOf } from '../answer/difference-text.ts'
import { command } from '../command.ts'
import { requireInput, wholeInput } from '../line/standard-input.ts'
import { requireWaysIn } from './ways-in.ts'

const EXAMPLE = 'apply --dry-run < config.xml'

export const apply = command({
  words: ['apply'],
  flags: {
    dryRun: { summary: 'only say what would change' },
    force: { summary: 'even where that locks you out, or everybody' },
  },
  role: 'full',
  input: { summary: 'a configuration document', example: '<config />' },
  summary: 'make the running system what the document on standard input says, all or nothing',
  examples: [EXAMPLE, 'apply < config.xml', 'apply --json < config.xml'],
  json: {
    list: false,
    fields: ['done', 'dryRun', 'file', 'written', 'revision', 'unsaved', 'differences'],
  },
  async run({ dryRun, force }, { process, input, operator }) {
    const document = await wholeInput(requireInput(input, EXAMPLE), LIMITS.configBytesMax)
    if (!dryRun) {
      const applied = await process.apply(document, (users) => {
        if (!force) requireWaysIn(process.balancer.users, users, operator)
      })
      const { unsaved = null } = process.document()
      return { done: 'apply', dryRun, unsaved, ...applied }
    }
    const { file, unsaved = null } = process.document()
    const differences = process.compare(document)
    return { done: 'apply', dryRun, file, written: false, revision: 0, unsaved, differences }
  },
  text({ dryRun, differences, file, written, unsaved }) {
    const lines = linesOf(differences)
    const what = countOf(differences)
    if (dryRun) return `${lines}${what}: nothing was done\n`
    const wrote = written ? `${file}: written` : `${file}: not written${because(unsaved)}`
    return `${lines}${what}; ${wrote}\n`
  },
})

function because(unsaved: string | null): string {
  if (unsaved === null) return ', it says the same'
  return `, ${unsaved}; then the changes are written, the comments of this document are not`
}
